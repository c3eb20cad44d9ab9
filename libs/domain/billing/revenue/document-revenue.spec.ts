import { describe, expect, it } from '@jest/globals';
import type { DocumentLine } from '../documents/document.js';
import { paidByGroup, reversedRevenue, revenueGroups } from './document-revenue.js';

const line = (amount: string, more: Partial<DocumentLine> = {}): DocumentLine => ({
  lineIndex: 0,
  chargeId: 'c',
  type: 'new',
  description: 'Microsoft 365 E3',
  family: 'cloud',
  tenantId: 'a',
  from: '2026-10-01',
  to: '2026-10-31',
  date: '2026-10-01',
  quantity: 1,
  unitPrice: amount,
  amount,
  tax: { treatment: 'standard', category: 'standard', rate: '0.10' },
  ...more,
});
const subscription = (subscriptionId: string) => ({ source: { subscriptionId } });

describe('the revenue of an invoice', () => {
  it('is net of tax, by family and customer, without manual lines', () => {
    const lines = [
      line('100'),
      line('-30'),
      line('50', { tenantId: 'b' }),
      line('7', { family: 'perpetual-software' }),
      line('9', { family: 'manual' }),
    ];
    expect(revenueGroups(lines, 'JPY')).toEqual([
      { family: 'cloud', tenantId: 'a', net: '70' },
      { family: 'cloud', tenantId: 'b', net: '50' },
      { family: 'perpetual-software', tenantId: 'a', net: '7' },
    ]);
  });

  it.each([
    ['110', ['67', '33']],
    ['100', ['61', '30']],
    ['1', ['1', '0']],
    ['0', ['0', '0']],
  ])('shares a payment of %s with the tax by largest remainder', (amount, parts) => {
    const lines = [line('67'), line('33', { tenantId: 'b' })];
    const paid = paidByGroup(amount, { lines, tax: '10', currency: 'JPY' });
    expect(paid.map(({ net }) => net)).toEqual(parts);
  });

  it('leaves the share of manual lines out', () => {
    const lines = [line('50'), line('50', { family: 'manual' })];
    expect(paidByGroup('55', { lines, tax: '10', currency: 'JPY' })).toMatchObject([{ net: '25' }]);
  });
});

describe('the revenue that a credit note takes back', () => {
  const invoices = [
    { invoiceId: 'old', lines: [line('100', subscription('s'))] },
    { invoiceId: 'new', lines: [line('100', { ...subscription('s'), from: '2026-11-01' })] },
  ];

  it('is that of its own invoice if it was requested', () => {
    expect(
      reversedRevenue({ lines: [line('40')], currency: 'JPY', creditOf: 'old' }, invoices),
    ).toMatchObject([{ invoiceId: 'old', groups: [{ net: '40' }] }]);
  });

  it('is that of the invoice with the corrected charge if a run made it', () => {
    const credits = [line('40', subscription('s')), line('5', subscription('unknown'))];
    expect(reversedRevenue({ lines: credits, currency: 'JPY' }, invoices)).toEqual([
      { invoiceId: 'old', groups: [{ family: 'cloud', tenantId: 'a', net: '40' }] },
    ]);
  });
});
