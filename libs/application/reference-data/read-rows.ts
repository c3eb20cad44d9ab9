import type {
  AgreementLocaleRow,
  MarketRow,
  ReferenceName,
  ReferenceRows,
  SegmentRow,
} from '../../domain/program/program.js';
import { isCountry } from '../../domain/shared/country.js';
import { isCurrency } from '../../domain/shared/money.js';
import { type CsvRow, csvRows } from './csv-rows.js';

type ReadRows = {
  readonly [Name in ReferenceName]: (
    file: string,
    content: string,
  ) => readonly ReferenceRows[Name][];
};

/** Readers of the files in `reference-data/`. An invalid row is refused with its file and line. */
export const readRows: ReadRows = {
  markets: (file, content) =>
    unique(csvRows(file, content, marketColumns), marketRow, ({ marketCode }) => marketCode),
  'agreement-locales': (file, content) =>
    unique(csvRows(file, content, localeColumns), localeRow, ({ marketCode }) => marketCode),
  'segment-matrix': (file, content) =>
    unique(csvRows(file, content, segmentColumns), segmentRow, ({ qualifications }) =>
      qualifications.join('+'),
    ),
};

const marketColumns = [
  'iso2',
  'ms_market_code',
  'market_name',
  'region_name',
  'region_group',
  'currency',
  'currency_inferred',
  'note',
] as const;
const localeColumns = ['ms_market_code', 'name', 'languages'] as const;
const segmentColumns = ['customer_qualification', 'may_buy', 'may_not_buy'] as const;

const segments = ['commercial', 'nonprofit', 'education', 'gcc'];
const qualifications = ['nonprofit', 'education', 'gcc', 'stateOwnedEntity'];

function marketRow({ cells, bad }: CsvRow<(typeof marketColumns)[number]>): MarketRow {
  const {
    iso2: country,
    ms_market_code: marketCode,
    market_name: name,
    region_name: region,
    region_group: regionGroup,
  } = cells;
  if (!isCountry(country)) throw bad(`${JSON.stringify(country)} is not a country of ISO 3166-1`);
  if (!/^[A-Z]{2}$/.test(marketCode))
    throw bad(`${JSON.stringify(marketCode)} is not a market code`);
  if (name === '' || region === '') throw bad('the name or the region is empty');
  if (!/^[A-Z_]+$/.test(regionGroup))
    throw bad(`${JSON.stringify(regionGroup)} is not a region group`);

  const { currency: stated, currency_inferred: inferred } = cells;
  if ((stated === '') === (inferred === ''))
    throw bad('the row must have either a currency or an inferred currency');
  const currency = stated || inferred;
  if (!isCurrency(currency)) throw bad(`${JSON.stringify(currency)} is not a currency of ISO 4217`);
  return {
    country,
    marketCode,
    name,
    region,
    regionGroup,
    currency,
    ...(inferred !== '' && { currencyInferred: true }),
  };
}

function localeRow({ cells, bad }: CsvRow<(typeof localeColumns)[number]>): AgreementLocaleRow {
  const { ms_market_code: marketCode, name } = cells;
  if (!/^[A-Z]{2}$/.test(marketCode))
    throw bad(`${JSON.stringify(marketCode)} is not a market code`);
  if (name === '') throw bad('the name is empty');

  const languages = cells.languages.split('|');
  for (const tag of languages)
    if (!isLanguageTag(tag)) throw bad(`${JSON.stringify(tag)} is not a language tag of BCP 47`);
  if (new Set(languages).size < languages.length) throw bad('a language occurs twice');
  return { marketCode, name, languages };
}

/** `commercial(none)` is a customer without a qualification; `a+b` is a customer with both. */
function segmentRow({ cells, bad }: CsvRow<(typeof segmentColumns)[number]>): SegmentRow {
  const stated =
    cells.customer_qualification === 'commercial(none)'
      ? []
      : cells.customer_qualification.split('+');
  for (const name of stated)
    if (!qualifications.includes(name)) throw bad(`${JSON.stringify(name)} is not a qualification`);
  if (new Set(stated).size < stated.length) throw bad('a qualification occurs twice');

  const mayBuy = cells.may_buy.split('|');
  const all = [...mayBuy, ...(cells.may_not_buy === '' ? [] : cells.may_not_buy.split('|'))];
  // The row lists both what the customer may buy and what it may not, so a missing or contradictory
  // segment is found.
  if ([...all].sort().join() !== [...segments].sort().join())
    throw bad(`the row must name each of ${segments.join(', ')} once`);
  return { qualifications: [...stated].sort(), mayBuy };
}

function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag)[0] === tag;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function unique<Column extends string, Row>(
  rows: readonly CsvRow<Column>[],
  read: (row: CsvRow<Column>) => Row,
  keyOf: (row: Row) => string,
): readonly Row[] {
  const seen = new Set<string>();
  return rows.map((csv) => {
    const row = read(csv);
    const key = keyOf(row);
    if (seen.has(key)) throw csv.bad(`${JSON.stringify(key)} occurs twice`);
    seen.add(key);
    return row;
  });
}
