import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { billingEntityId, billingRunId, partnerId } from '../../shared/ids.js';
import { negated, sumOf } from '../../shared/money.js';
import type { RecordedCharge } from '../account/account-events.js';
import { ledgerOf, newPayerAccount } from '../account/payer-account.js';
import { partnerPayer } from '../parties/billing-profile.js';
import { blockedPrices, chargesDue, composeDrafts, type RunParties } from './compose-drafts.js';
import { startRun } from './start-run.js';

const ledger = ledgerOf(newPayerAccount, { entityId: billingEntityId('e'), currency: 'EUR' });
const address = { lines: ['1'], country: 'DE' };
const parties: RunParties = {
  entity: {
    legalName: 'Nordlicht GmbH',
    address,
    currency: 'EUR',
    language: 'en',
    numberPrefix: 'NL-',
    paymentTermsDays: 30,
    timeZone: 'Europe/Berlin',
    taxRounding: 'half-up',
    pricing: { basis: 'erp-price', adjustmentPercent: '0' },
  },
  rateTables: [{ country: 'DE', from: '2020-01-01', rates: { standard: '0.19', reduced: '0.07' } }],
  profile: { address },
  payerName: 'Reseller',
};
const run = {
  runId: billingRunId('r'),
  period: '2026-10',
  payer: partnerPayer(partnerId('p')),
  documentIdOf: (kind: string) => kind,
};
const charge = (chargeId: string, more: Partial<RecordedCharge> = {}): RecordedCharge => ({
  chargeId,
  type: 'new',
  half: 'charge',
  source: { subscriptionId: chargeId },
  description: 'Offer',
  family: 'cloud',
  from: '2026-10-01',
  to: '2026-10-31',
  date: '2026-10-01',
  quantity: 1,
  unitPrice: '10.00',
  amount: '10.00',
  cost: '8.00',
  taxCategory: 'standard',
  ...more,
});
const compose = (charges: readonly RecordedCharge[], changed: Partial<RunParties> = {}) =>
  composeDrafts(ledger, charges, { ...parties, ...changed }, run);

describe('a run for October', () => {
  it.each([
    ['2026-10-31', true],
    ['2026-11-01', false],
    ['2025-01-01', true],
  ])('takes a charge of %s: %s', (date, isTaken) => {
    const unbilled = [charge('a', { date })];
    expect(chargesDue({ ...ledger, unbilled }, '2026-10')).toHaveLength(isTaken ? 1 : 0);
  });

  it.each([
    ['2026-10-31', [{ code: 'price-missing', facts: { offerId: 'o', month: '2026-10' } }]],
    ['2026-11-01', []],
  ])('is blocked by a price that a term of %s lacks', (from, expected) => {
    const blocked = [{ source: { subscriptionId: 's' }, tenantId: 't' as never, from, offerId: 'o' }];
    expect(blockedPrices({ ...ledger, blocked }, '2026-10')).toEqual(expected);
  }); // prettier-ignore

  it.each([
    ['2026-10-31', 'period-not-over'],
    ['2026-11-01', undefined],
  ])('started on %s is refused with %s', (today, code) => {
    const started = startRun(run.runId, { period: '2026-10' }, today);
    expect(started.ok ? undefined : started.refusal.code).toBe(code);
  });
});

describe('the documents of a run', () => {
  it('state the parties as they are now, and never the cost', () => {
    const { value } = compose([charge('a')]) as Extract<ReturnType<typeof compose>, { ok: true }>;
    expect(value).toMatchObject([
      {
        kind: 'invoice',
        issuer: { name: 'Nordlicht GmbH', address },
        recipient: { name: 'Reseller', address },
        language: 'en',
        paymentTermsDays: 30,
        net: '10.00',
        tax: '1.90',
        total: '11.90',
        lineCount: 1,
      },
    ]);
    expect(JSON.stringify(value)).not.toContain('cost');
  });

  it.each([
    ['billing-profile-missing', {}, { profile: undefined }, {}],
    ['tax-rate-missing', { taxCategory: 'x' }, {}, { country: 'DE', category: 'x', on: '2026-10-01' }],
    ['tax-treatment-missing', {}, { profile: { address: { ...address, country: 'US' } } }, { issuerCountry: 'DE', payerCountry: 'US' }],
  ] as const)('are blocked: %s', (code, data, changed, facts) => {
    expect(compose([charge('a', data)], changed)).toEqual({ ok: false, refusal: { code, facts } });
  }); // prettier-ignore

  it('have every charge once, and sum up to the charges', () => {
    const cents = fc.integer({ min: -5_000, max: 5_000 }).map((value) => (value / 100).toFixed(2));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cents, fc.constantFrom('standard', 'reduced')), { maxLength: 12 }),
        (amounts) => {
          const charges = amounts.map(([amount, taxCategory], index) =>
            charge(`c${index}`, { amount, taxCategory }),
          );
          const composed = compose(charges);
          if (!composed.ok) throw new Error(composed.refusal.code);
          const lines = composed.value.flatMap((draft) =>
            draft.lines.map(({ chargeId, amount }) => ({
              chargeId,
              amount: draft.kind === 'invoice' ? amount : negated(amount),
            })),
          );
          expect(lines.map(({ chargeId }) => chargeId).toSorted()).toEqual(
            charges.map(({ chargeId }) => chargeId).toSorted(),
          );
          expect(sumOf(...lines.map(({ amount }) => amount))).toBe(
            sumOf(...charges.map(({ amount }) => amount)),
          );
          for (const { total } of composed.value) expect(Number(total)).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});
