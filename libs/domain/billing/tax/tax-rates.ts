import type { Proposed, Recorded } from '../../shared/event.js';
import type { TaxRateTable } from './line-tax.js';

/** The last publication of a country's rates from a day on counts. */
export type TaxRatesEvent = Recorded<'TaxRatesPublished', TaxRateTable>;

/** The state of the stream `taxrates-<country>`: its tables in the order of their first day. */
export interface CountryTaxRates {
  readonly tables: readonly TaxRateTable[];
}

export const noTaxRates: CountryTaxRates = { tables: [] };

export const evolveTaxRates = (
  { tables }: CountryTaxRates,
  { data }: TaxRatesEvent,
): CountryTaxRates => ({
  tables: [...tables.filter(({ from }) => from !== data.from), data].sort((a, b) =>
    a.from < b.from ? -1 : 1,
  ),
});

export const taxRatesFrom = ({ tables }: CountryTaxRates, day: string): TaxRateTable | undefined =>
  tables.find(({ from }) => from === day);

/** Publishes a country's rates from a day on; no events if they are published already. */
export function publishTaxRates(
  { country, from, rates }: TaxRateTable,
  published: CountryTaxRates,
): readonly Proposed<TaxRatesEvent>[] {
  const ordered = inOrder(rates);
  const before = taxRatesFrom(published, from);
  if (before && JSON.stringify(inOrder(before.rates)) === JSON.stringify(ordered)) return [];
  return [{ type: 'TaxRatesPublished', data: { country, from, rates: ordered } }];
}

const inOrder = (rates: TaxRateTable['rates']): TaxRateTable['rates'] =>
  Object.fromEntries(Object.entries(rates).sort(([a], [b]) => (a < b ? -1 : 1)));
