import { describe, expect, it } from '@jest/globals';
import { assumed } from '../../shared/event.js';
import { type TaxRateTable } from './line-tax.js';
import {
  type CountryTaxRates,
  evolveTaxRates,
  noTaxRates,
  publishTaxRates,
  type TaxRatesEvent,
  taxRatesFrom,
} from './tax-rates.js';

const table = (from: string, rates: TaxRateTable['rates']): TaxRateTable => ({
  country: 'JP',
  from,
  rates,
});
const published = (...tables: readonly TaxRateTable[]): CountryTaxRates =>
  tables.reduce(
    (state, one) =>
      publishTaxRates(one, state).reduce(
        (before, event) => evolveTaxRates(before, assumed<TaxRatesEvent>(event)),
        state,
      ),
    noTaxRates,
  );
const rates = { standard: '0.10', reduced: '0.08' };
const earlier = table('2014-04-01', { standard: '0.08' });

describe("a country's tax rates", () => {
  it('are in the order of their first day, and the last publication of a day counts', () => {
    const corrected = table('2019-10-01', { standard: '0.10' });
    expect(published(table('2019-10-01', rates), earlier, corrected)).toEqual({
      tables: [earlier, corrected],
    });
  });

  it.each([
    ['the same rates', table('2019-10-01', rates), 0],
    ['the same rates in another order', table('2019-10-01', { reduced: '0.08', standard: '0.10' }), 0],
    ['a rate written with another digit', table('2019-10-01', { ...rates, standard: '0.1' }), 1],
    ['one category less', table('2019-10-01', { standard: '0.10' }), 1],
    ['the same rates from another day', table('2019-10-02', rates), 1],
  ])('append %s as so many events', (_what, one, events) => {
    expect(publishTaxRates(one, published(table('2019-10-01', rates)))).toHaveLength(events);
  }); // prettier-ignore

  it('are found by their first day only', () => {
    const state = published(earlier);
    expect(taxRatesFrom(state, '2014-04-01')).toEqual(earlier);
    expect(taxRatesFrom(state, '2014-04-02')).toBeUndefined();
  });
});
