import { describe, expect, it } from '@jest/globals';
import type { TaxRateTable } from '../tax/line-tax.js';
import { type UntaxedCharge, withTaxes } from './charge-taxes.js';
import type { BillableCharge } from './document.js';

const rateTables: readonly TaxRateTable[] = [
  { country: 'JP', from: '2014-04-01', rates: { standard: '0.08' } },
  { country: 'JP', from: '2019-10-01', rates: { standard: '0.10', reduced: '0.08' } },
];
const parties = { issuerCountry: 'JP', payer: { country: 'JP' }, rateTables };
const charge = (
  amount: string,
  from: string,
  changes: Partial<UntaxedCharge> = {},
): UntaxedCharge => ({
  chargeId: `${amount} from ${from}`,
  type: 'cycleCharge',
  source: { subscriptionId: 's' },
  description: 'Microsoft 365',
  family: 'cloud',
  from,
  to: '2019-10-14',
  date: from,
  quantity: 1,
  unitPrice: amount,
  amount,
  half: amount.startsWith('-') ? 'credit' : 'charge',
  taxCategory: 'standard',
  ...changes,
});
const rates = (charges: readonly UntaxedCharge[], billed: readonly BillableCharge[] = []) => {
  const result = withTaxes(charges, billed, parties);
  return result.ok ? result.value.map(({ tax }) => tax.rate) : result.refusal;
};

describe('the tax of charges', () => {
  it('is the tax on the first day of each, in its category', () => {
    const given = [
      charge('100', '2019-09-30'),
      charge('100', '2019-10-01'),
      charge('100', '2019-10-01', { taxCategory: 'reduced' }),
    ];
    expect(rates(given)).toEqual(['0.08', '0.10', '0.08']);
  });

  it('of a credit is the tax of the charge that it corrects, and of a new charge its own', () => {
    // A change after Japan's rate rose: the month was charged at 8 %.
    const change = [charge('-50', '2019-10-05'), charge('75', '2019-10-05')];
    expect(rates([charge('100', '2019-09-15'), ...change])).toEqual(['0.08', '0.08', '0.10']);
    const next = [...change, charge('-40', '2019-10-08')];
    expect(rates([charge('100', '2019-09-15'), ...next])).toEqual(['0.08', '0.08', '0.10', '0.10']);
  });

  it('of a credit is the tax of a charge on an earlier document', () => {
    const { half: _half, taxCategory: _category, ...before } = charge('100', '2019-09-15');
    const billed = [
      { ...before, tax: { treatment: 'standard', category: 'standard', rate: '0.08' } },
    ] as const;
    expect(rates([charge('-50', '2019-10-05')], billed)).toEqual(['0.08']);
    expect(
      rates([charge('-50', '2019-10-05', { source: { subscriptionId: 'other' } })], billed),
    ).toEqual(['0.10']);
  });

  it('blocks the payer where one charge has none', () => {
    expect(rates([charge('100', '2019-10-01'), charge('1', '2014-03-31')])).toBe(
      'tax-rate-missing',
    );
  });
});
