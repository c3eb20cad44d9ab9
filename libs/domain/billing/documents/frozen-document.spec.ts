import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from '../../../event-log/canonical.js';
import { composeDocuments } from './compose-documents.js';
import type { BillableCharge } from './document.js';
import { type DocumentHeader, freezeDocument } from './frozen-document.js';

const charge = (treatment: 'standard' | 'reverse-charge'): BillableCharge => ({
  chargeId: 'c',
  type: 'new',
  source: { subscriptionId: 's' },
  tenantId: 't',
  description: 'Microsoft 365 E5',
  family: 'cloud',
  from: '2026-11-10',
  to: '2026-12-09',
  date: '2026-11-10',
  quantity: 3,
  unitPrice: '120.00',
  amount: '30.00',
  tax: { treatment, category: 'standard', rate: treatment === 'standard' ? '0.20' : '0' },
});
const party = { name: 'Kansai GmbH', address: { lines: ['Weg 1'], country: 'DE' }, taxId: 'DE1' };
const header: DocumentHeader = {
  documentId: 'd',
  number: 'K-000001',
  entityId: 'e',
  payer: 'customer:t',
  issuedOn: '2026-12-01',
  dueOn: '2026-12-31',
  language: 'en',
  issuer: party,
  recipient: { ...party, name: 'Paris SARL' },
};
const frozen = (treatment: 'standard' | 'reverse-charge', change: Partial<DocumentHeader> = {}) =>
  freezeDocument(
    { ...header, ...change },
    composeDocuments([charge(treatment)], 'EUR', 'half-up').invoice!,
  );
const digest = (document: unknown): string => hash('sha256', canonicalJson(document));

describe('a frozen document', () => {
  it('has the wording that a reverse charge requires, and no other', () => {
    expect(frozen('reverse-charge')).toMatchObject({
      wording: ['Reverse charge'],
      tax: '0.00',
      total: '30.00',
    });
    expect(frozen('standard')).toMatchObject({ wording: [], tax: '6.00', total: '36.00' });
  });

  it('has a digest that changes with any of its values', () => {
    const before = digest(frozen('standard'));
    expect(digest(frozen('standard'))).toBe(before);
    expect(digest(frozen('standard', { number: 'K-000002' }))).not.toBe(before);
    expect(digest(frozen('standard', { recipient: { ...party, name: 'Paris SAS' } }))).not.toBe(
      before,
    );
  });

  it('does not change with the settings that it was made from', () => {
    // woocommerce-pdf-invoices #203: old invoices were rendered again with a new address.
    const document = frozen('standard');
    const before = canonicalJson(document);
    freezeDocument({ ...header, issuer: { ...party, name: 'Kansai AG' } }, document);
    expect(canonicalJson(document)).toBe(before);
  });

  it('has no cost', () => {
    expect(canonicalJson(frozen('standard'))).not.toContain('cost');
  });
});
