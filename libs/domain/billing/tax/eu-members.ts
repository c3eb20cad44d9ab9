/**
 * Member states of the European Union by ISO 3166-1 code, with the first and the last day on which
 * the VAT directive treats a service to or from them as one inside the Union. Sources: the treaties
 * of accession; for the United Kingdom the end of the transition period (withdrawal agreement,
 * Art. 126). As of 2026-11-30. Monaco is no member: a supply to it needs a tax treatment in the
 * payer's profile.
 */
const joined: Readonly<Record<string, string>> = {
  '1958-01-01': 'BE DE FR IT LU NL',
  '1973-01-01': 'DK GB IE',
  '1981-01-01': 'GR',
  '1986-01-01': 'ES PT',
  '1995-01-01': 'AT FI SE',
  '2004-05-01': 'CY CZ EE HU LT LV MT PL SI SK',
  '2007-01-01': 'BG RO',
  '2013-07-01': 'HR',
};
const lastDays: ReadonlyMap<string, string> = new Map([['GB', '2020-12-31']]);

const firstDays: ReadonlyMap<string, string> = new Map(
  Object.entries(joined).flatMap(([day, countries]) =>
    countries.split(' ').map((country): [string, string] => [country, day]),
  ),
);

export function isEuMember(country: string, on: string): boolean {
  const first = firstDays.get(country);
  const last = lastDays.get(country);
  return first !== undefined && first <= on && (last === undefined || on <= last);
}
