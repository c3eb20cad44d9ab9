import { codeKey, hasMixedScripts, letterKey } from '../shared/code-key.js';
import { isBlank, isPrintableLine } from '../shared/printable-text.js';
import { accept, refuse, type Result } from '../shared/result.js';

/** The columns of Partner Center's price lists (docs/price-lists.md). */
export const requiredColumns = [
  'ProductTitle',
  'ProductId',
  'SkuId',
  'SkuTitle',
  'Publisher',
  'SkuDescription',
  'UnitOfMeasure',
  'TermDuration',
  'BillingPlan',
  'Market',
  'Currency',
  'UnitPrice',
  'PricingTierRangeMin',
  'PricingTierRangeMax',
  'EffectiveStartDate',
  'EffectiveEndDate',
  'Tags',
  'ERP Price',
] as const;
/**
 * `EndofSaleDate`, the last day on which the item is sold, is in Partner Center's preview lists.
 * `ChangeIndicator` says how a row differs from the previous list: a deleted row is listed, but not
 * sold. `TaxCategory` belongs to this service: a category of its tax rates.
 */
export const optionalColumns = [
  'Segment',
  'Family',
  'MinQuantity',
  'MaxQuantity',
  'EndofSaleDate',
  'ChangeIndicator',
  'TaxCategory',
] as const;

/** A partner's price; without this column, that of UnitPrice is the selling price. */
const sellingPrice = 'SellingPrice';

export type PriceListColumn =
  (typeof requiredColumns)[number] | (typeof optionalColumns)[number] | typeof sellingPrice;

/** The columns of a kind of list. */
export interface ListColumns {
  readonly required: readonly PriceListColumn[];
  /** The file has at least one of these. */
  readonly oneOf: readonly PriceListColumn[];
  readonly known: readonly PriceListColumn[];
  /** Names of other columns that must not be ignored. */
  readonly refused?: RegExp;
}
export const priceListColumns: ListColumns = {
  required: requiredColumns,
  oneOf: [],
  known: [...requiredColumns, ...optionalColumns],
};
/** Selling prices need the key of a price and the price; a price list's other columns may be there. */
export const sellingPriceColumns: ListColumns = {
  required: ['ProductId', 'SkuId', 'TermDuration', 'BillingPlan', 'Currency'],
  oneOf: [sellingPrice, 'UnitPrice'],
  known: [...priceListColumns.known, sellingPrice],
  // Otherwise the cost in UnitPrice would be taken for the price in such a column.
  refused: /price|preis|prix|precio|価格|単価|売価|金額/u,
};

/** The cells of one record, by the column that they belong to. */
export type PriceListRecord = Readonly<Partial<Record<PriceListColumn, string>>>;

export interface PriceListHeader {
  /** The column of each cell; undefined: a column that is not read. */
  readonly columns: readonly (PriceListColumn | undefined)[];
  /** Columns without a name, by their index: the meaning of their values is unknown. */
  readonly unnamed: readonly number[];
  /** Named columns that are not read, by their place. */
  readonly unread: readonly number[];
  /** The same names as they are written in the file. */
  readonly notRead: readonly string[];
  /** The reasons why the header cannot be used; empty if it can. */
  readonly faults: readonly string[];
}

const COLUMNS_AT_MOST = 200;
const NAME_LENGTH_AT_MOST = 100;

/**
 * Column names are compared without regard to case, width, invisible characters, spaces, `_` and
 * `-`. A column name that is close to a known one, or that seems to restrict an offer, is an error:
 * otherwise a restriction that was not read would let an offer be sold too widely.
 */
export function readHeader(
  cells: readonly string[],
  list: ListColumns = priceListColumns,
): PriceListHeader {
  if (cells.length > COLUMNS_AT_MOST)
    return unusable(`the header has ${cells.length} columns; at most ${COLUMNS_AT_MOST} are read`);
  const { required, oneOf, known } = list;
  const byKey = new Map(known.map((column) => [codeKey(column), column]));
  const columns = cells.map((cell) => byKey.get(codeKey(cell)));
  const others = cells
    .filter((cell, index) => columns[index] === undefined && codeKey(cell) !== '')
    .map((cell) => cell.trim());
  const faults = [
    ...required
      .filter((column) => !columns.includes(column))
      .map((column) => `column ${column} is missing`),
    ...(oneOf.length > 0 && !oneOf.some((column) => columns.includes(column))
      ? [`column ${oneOf.join(' or ')} is missing`]
      : []),
    ...repeated(cells, byKey).map((name) => `column ${name} occurs twice`),
    ...others.map((name) => faultOf(name, list)).filter((fault) => fault !== undefined),
  ];
  const unnamed = cells.flatMap((cell, index) => (codeKey(cell) === '' ? [index] : []));
  const unread = cells.flatMap((_cell, index) =>
    columns[index] === undefined && !unnamed.includes(index) ? [index] : [],
  );
  return { columns, unnamed, unread, notRead: [...new Set(others)], faults };
}

/** Returns the record's cells by column, or the reason why this header cannot read it. */
export function cellsByColumn(
  { columns, unnamed, unread }: PriceListHeader,
  cells: readonly string[],
): Result<PriceListRecord, string> {
  if (cells.length !== columns.length)
    return refuse(`the row has ${cells.length} cells, the header ${columns.length}`);
  const stray = unnamed.find((index) => !isBlank(cells[index] ?? ''));
  if (stray !== undefined)
    return refuse(`the row has a value in column ${stray + 1}, which has no name`);
  const restricting = unread.find((index) => isRestricting(cells[index] ?? ''));
  if (restricting !== undefined) {
    return refuse(
      `${shown(cells[restricting] ?? '')} in column ${restricting + 1} seems to restrict the offer, and that column is not read`,
    );
  }
  const record: Partial<Record<PriceListColumn, string>> = {};
  for (const [index, column] of columns.entries())
    if (column !== undefined) record[column] = cells[index] ?? '';
  return accept(record);
}

const unusable = (fault: string): PriceListHeader => ({
  columns: [],
  unnamed: [],
  unread: [],
  notRead: [],
  faults: [fault],
});

function repeated(
  cells: readonly string[],
  byKey: ReadonlyMap<string, PriceListColumn>,
): readonly string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const cell of cells) {
    const key = codeKey(cell);
    if (key !== '' && seen.has(key)) twice.add(byKey.get(key) ?? shown(cell.trim()));
    seen.add(key);
  }
  return [...twice];
}

/** The reason why an unknown column must not be ignored; undefined if it may be. */
function faultOf(name: string, { known, refused }: ListColumns): string | undefined {
  if (name.length > NAME_LENGTH_AT_MOST)
    return `column ${shown(name)} has a name of more than ${NAME_LENGTH_AT_MOST} characters`;
  if (!isPrintableLine(name)) return `column ${shown(name)} has control characters in its name`;
  if (hasMixedScripts(name))
    return `column ${shown(name)} mixes letters that look alike from different scripts; rename or remove it`;
  const near = nearestColumn(letterKey(name), known);
  if (near !== undefined)
    return `column ${shown(name)} is nearly ${near}: name it ${near}, or rename or remove it`;
  if (refused?.test(letterKey(name)))
    return `column ${shown(name)} seems to be a price, and is not read: name it ${sellingPrice}, or rename or remove it`;
  if (
    RESTRICTION.test(codeKey(name)) ||
    RESTRICTION.test(letterKey(name)) ||
    wordsOf(name).some((word) => LIMITS.has(word))
  ) {
    return `column ${shown(name)} seems to restrict the offer, and is not read: remove it, or use one of ${optionalColumns.join(', ')}`;
  }
  return undefined;
}

/** Words of columns that restrict to whom, where, when or how many units may be sold. */
const RESTRICTION = new RegExp(
  [
    'segment|famil(y|ie)|quantit|qty|seat|licen[cs]e|tier|minim|maxim|limit',
    'customers?$|customer(type|class|group|kind)|audience|eligib|qualif|restrict|prereq|countr|region|geograph|territor|sector|vertical|industr',
    'academic|educat|student|school|nonprofit|charit|government|soldto|sellable|saleable|available|availability$|allowed|discontinu|deleted|removed|retired',
    'effective|endofsale|expir|valid(from|to|until|thru|through)|(start|end)date|(start|end)(s|ed)$',
    'セグメント|区分|対象|数量|個数|最小|最大|下限|上限|ファミリ|有効|開始|終了|期限|期間|制限|条件|国|地域|市場|通貨|顧客|教育|学校|政府|非営利|削除|廃止',
    'сегмент|клиент|zielgruppe|kunde|客户|客戶|细分|고객|세그먼트',
  ].join('|'),
  'u',
);

/** Words that limit the words next to them: `Max Users`, `EDU`. */
const LIMITS: ReadonlySet<string> = new Set([
  'max',
  'min',
  'moq',
  'cap',
  'edu',
  'gcc',
  'npo',
  'geo',
]);

const wordsOf = (name: string): readonly string[] =>
  name.split(/(?<=[a-z])(?=[A-Z])|[^\p{L}\p{N}]+/u).map((word) => letterKey(word));

/** Values that restrict an offer in any column. */
const RESTRICTING_VALUES: ReadonlySet<string> = new Set(
  [
    'education edu academic student students faculty school charity nonprofit npo government gcc gcchigh publicsector',
    'perpetual perpetualsoftware partnerowned',
    'deleted delete removed discontinued retired inactive obsolete expired unavailable notavailable notforsale endofsale',
    '教育 教育機関 学校 政府 官公庁 非営利 非営利団体 削除 廃止 販売終了',
  ].flatMap((line) => line.split(' ')),
);

const isRestricting = (cell: string): boolean =>
  cell !== '' &&
  cell.length <= NAME_LENGTH_AT_MOST &&
  cell.split(/[,;/|、]/u).some((part) => RESTRICTING_VALUES.has(codeKey(part)));

/**
 * The known column whose name is within this one, has it as some of its words, or differs from it
 * by a typing error.
 */
function nearestColumn(
  key: string,
  known: readonly PriceListColumn[],
): PriceListColumn | undefined {
  return known.find((column) => {
    const name = letterKey(column);
    return (
      key.includes(name) ||
      partsOf(column).includes(key) ||
      isWithinEdits(key, name, name.length < 6 ? 1 : 2)
    );
  });
}

/** The words of a name, alone and with their neighbours: `Unit`, `UnitOf`, `OfMeasure` … */
function partsOf(column: PriceListColumn): readonly string[] {
  const words = column.split(/(?=[A-Z][a-z])| /).map(letterKey);
  return words.flatMap((_word, from) =>
    words.slice(from).map((_last, length) => words.slice(from, from + length + 1).join('')),
  );
}

/** Whether at most `edits` letters added, omitted, replaced or swapped turn one into the other. */
function isWithinEdits(one: string, other: string, edits: number): boolean {
  if (Math.abs(one.length - other.length) > edits) return false;
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      let least = Math.min(
        at(last, column) + 1,
        at(next, column - 1) + 1,
        at(last, column - 1) + (isSame ? 0 : 1),
      );
      const isSwapped =
        row > 1 &&
        column > 1 &&
        one[row - 1] === other[column - 2] &&
        one[row - 2] === other[column - 1];
      if (isSwapped) least = Math.min(least, at(before, column - 2) + 1);
      next.push(least);
    }
    [before, last] = [last, next];
  }
  return at(last, other.length) <= edits;
}

const at = (numbers: readonly number[], index: number): number => numbers[index] ?? Infinity;

const shown = (name: string): string =>
  JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name);
