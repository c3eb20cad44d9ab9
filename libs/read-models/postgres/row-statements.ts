import { quoted } from '../../platform/postgres/identifiers.js';
import type { Link, Row, Scalar, Table } from '../projection.js';
import type { RowChange, ProjectionBuild } from '../store.js';
import { tableName } from './build-tables.js';

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * A row with the values of its columns, taken out before anything is sent: whatever a fold made
 * wrong shows here.
 */
export interface PreparedChange extends RowChange {
  /**
   * In the order of the table's columns, then the key and the row's text; undefined: the row goes.
   */
  readonly stored: readonly Scalar[] | undefined;
  readonly links: readonly ChangedLinks[];
}

interface ChangedLinks {
  readonly gone: readonly (readonly Scalar[])[];
  readonly added: readonly (readonly Scalar[])[];
}

export function prepare({ shape }: Table, change: RowChange): PreparedChange {
  const { key, before, after } = change;
  const columns = Object.values(shape.columns);
  const stored = after && [
    ...columns.map(({ of }) => scalar(of(after))),
    key,
    JSON.stringify(after),
  ];
  return {
    ...change,
    stored,
    links: Object.values(shape.links ?? {}).map((link) => changedLinks(link, key, before, after)),
  };
}

/**
 * What brings these rows of one table to where they should be: a statement for all that are
 * removed, one for all that are new, one for all that replace another, however many there are. Each
 * row is named once.
 */
export function statementsFor(
  schema: string,
  build: ProjectionBuild,
  { name, shape }: Table,
  changes: readonly PreparedChange[],
): readonly Statement[] {
  const table = `${schema}.${quoted(tableName(build, name))}`;
  const columns = [
    ...Object.entries(shape.columns).map(([column, { type }]) => [column, type] as const),
    ...KEY_AND_ROW,
  ];
  const gone = changes.filter(({ before, after }) => after === undefined && before !== undefined);
  // A row that was looked for and not found is new; that it is there all the same is a defect, and
  // must not go unnoticed.
  const added = changes.filter(
    ({ before, after, fresh }) => after !== undefined && before === undefined && !fresh,
  );
  const replaced = changes.filter(
    ({ before, after, fresh }) => after !== undefined && (before !== undefined || fresh),
  );
  const links = Object.entries(shape.links ?? {}).map(([link, definition], index) =>
    linkStatements(`${schema}.${quoted(tableName(build, name, link))}`, definition, changes, index),
  );
  return [
    ...links.map(({ removal }) => removal),
    {
      text: `DELETE FROM ${table} WHERE key = ANY($1::text[])`,
      values: [gone.map(({ key }) => key)],
    },
    insertion(table, columns, added.map(storedOf)),
    replacement(table, columns, replaced.map(storedOf)),
    ...links.map(({ insertion: inserted }) => inserted),
  ].filter(({ values }) => isAnything(values));
}

type Columns = readonly (readonly [name: string, type: 'text' | 'integer'])[];
const KEY: Columns = [['key', 'text']];
const KEY_AND_ROW: Columns = [...KEY, ['row', 'text']];

/** The rows as one array a column: the statement's text is the same for any number of them. */
function insertion(
  table: string,
  columns: Columns,
  rows: readonly (readonly Scalar[])[],
): Statement {
  const names = columns.map(([name]) => quoted(name)).join(', ');
  return {
    text: `INSERT INTO ${table} (${names}) SELECT * FROM ${unnested(columns)}`,
    values: columnar(columns, rows),
  };
}

function replacement(
  table: string,
  columns: Columns,
  rows: readonly (readonly Scalar[])[],
): Statement {
  const { text, values } = insertion(table, columns, rows);
  const set = columns
    .filter(([name]) => name !== 'key')
    .map(([name]) => `${quoted(name)} = excluded.${quoted(name)}`);
  return { text: `${text} ON CONFLICT (key) DO UPDATE SET ${set.join(', ')}`, values };
}

function linkStatements(
  table: string,
  link: Link<Row>,
  changes: readonly PreparedChange[],
  index: number,
) {
  const columns = [...Object.entries(link.columns), ...KEY];
  const equal = columns.map(([name]) => `l.${quoted(name)} = u.${quoted(name)}`).join(' AND ');
  const names = columns.map(([name]) => quoted(name)).join(', ');
  const gone = changes.flatMap(({ links }) => links[index]?.gone ?? []);
  return {
    removal: {
      text: `DELETE FROM ${table} l USING ${unnested(columns)} AS u (${names}) WHERE ${equal}`,
      values: columnar(columns, gone),
    },
    insertion: insertion(
      table,
      columns,
      changes.flatMap(({ links }) => links[index]?.added ?? []),
    ),
  };
}

/** What changed among a row's links, which is mostly nothing. */
function changedLinks(
  link: Link<Row>,
  key: string,
  before: Row | undefined,
  after: Row | undefined,
): ChangedLinks {
  const [old, next] = [before, after].map((row) => linkValues(link, key, row)) as [
    LinkValues,
    LinkValues,
  ];
  return {
    gone: [...old].flatMap(([text, values]) => (next.has(text) ? [] : [values])),
    added: [...next].flatMap(([text, values]) => (old.has(text) ? [] : [values])),
  };
}

type LinkValues = ReadonlyMap<string, readonly Scalar[]>;

function linkValues({ columns, of }: Link<Row>, key: string, row: Row | undefined): LinkValues {
  const links = row === undefined ? [] : of(row);
  const all = links.map((one) => [
    ...Object.keys(columns).map((column) => scalar(one[column])),
    key,
  ]);
  return new Map(all.map((values) => [JSON.stringify(values), values]));
}

const unnested = (columns: Columns): string =>
  `unnest(${columns.map(([, type], index) => `$${index + 1}::${type === 'text' ? 'text' : 'int8'}[]`).join(', ')})`;

const columnar = (
  columns: Columns,
  rows: readonly (readonly Scalar[])[],
): readonly (readonly Scalar[])[] =>
  columns.map((_, index) => rows.map((row) => row[index] ?? null));

const isAnything = ([first]: readonly unknown[]): boolean =>
  Array.isArray(first) && first.length > 0;

// Only changes with a row are asked for one.
const storedOf = ({ stored }: PreparedChange): readonly Scalar[] => stored ?? [];

/** A column holds texts, whole numbers or nothing. */
function scalar(value: unknown): Scalar {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number') return value;
  throw new TypeError(`a column cannot hold ${typeof value}`);
}
