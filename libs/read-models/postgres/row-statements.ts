import { type Kysely, type SqlBool, sql } from 'kysely';
import { LRUCache } from 'lru-cache';
import { postgresBuilder } from '../../platform/sql/builders.js';
import { type Statement, statement } from '../../platform/sql/statement.js';
import type { Link, Row, Scalar, Table } from '../projection.js';
import type { RowChange, ProjectionBuild } from '../store.js';
import { tableName } from './build-tables.js';
import { rowsOfLists } from './dialect.js';

/**
 * A row with the values of its columns, computed before anything is sent, so that a wrong value
 * shows here.
 */
export interface PreparedChange extends RowChange {
  /**
   * The values in the order of the table's columns, then the key and the row's text; undefined if
   * the row is deleted.
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

/** The statements that write the rows of one table of a build and their links. */
interface TableStatements {
  readonly remove: Statement<Lists>;
  readonly insert: Statement<Lists>;
  readonly replace: Statement<Lists>;
  readonly links: readonly Pick<TableStatements, 'remove' | 'insert'>[];
}

/** Values to write: a list for each column, so that the SQL is the same for any number of rows. */
type Lists = Readonly<Record<string, readonly Scalar[]>>;

export interface StatementExecution {
  readonly statement: Statement<Lists>;
  readonly values: Lists;
}

/**
 * Tables of builds whose statements stay compiled: those of all projections, and of their rebuilds.
 */
export const MAX_TABLES = 500;

/** Compiles the statements of each build's tables once. */
export class RowStatements {
  private readonly db: Kysely<Record<string, Record<string, Scalar>>>;
  private readonly compiled = new LRUCache<string, TableStatements>({ max: MAX_TABLES });

  constructor(schema: string) {
    this.db = postgresBuilder(schema);
  }

  /**
   * The statements that write these rows of one table: at most one for all rows that are removed,
   * one for all that are new, and one for all that replace another. Each key occurs once.
   */
  executions(
    build: ProjectionBuild,
    table: Table,
    changes: readonly PreparedChange[],
  ): readonly StatementExecution[] {
    const { remove, insert, replace, links } = this.of(build, table);
    const columns = columnsOf(table);
    const gone = changes.filter(({ before, after }) => after === undefined && before !== undefined);
    // A plain insertion: if a row that was looked up and not found exists after all, that is a
    // defect, and the insertion fails.
    const added = changes.filter(
      ({ before, after, fresh }) => after !== undefined && before === undefined && !fresh,
    );
    const replaced = changes.filter(
      ({ before, after, fresh }) => after !== undefined && (before !== undefined || fresh),
    );
    const linkLists = Object.values(table.shape.links ?? {}).map((link, index) => ({
      gone: listsOf(
        linkColumns(link),
        changes.flatMap(({ links: all }) => all[index]?.gone ?? []),
      ),
      added: listsOf(
        linkColumns(link),
        changes.flatMap(({ links: all }) => all[index]?.added ?? []),
      ),
    }));
    return [
      ...linkLists.map((lists, index) => ({ statement: links[index]?.remove, values: lists.gone })),
      { statement: remove, values: { key: gone.map(({ key }) => key) } },
      { statement: insert, values: listsOf(columns, added.map(storedOf)) },
      { statement: replace, values: listsOf(columns, replaced.map(storedOf)) },
      ...linkLists.map((lists, index) => ({
        statement: links[index]?.insert,
        values: lists.added,
      })),
    ].filter(
      (one): one is StatementExecution => one.statement !== undefined && hasRows(one.values),
    );
  }

  private of(build: ProjectionBuild, table: Table): TableStatements {
    const name = tableName(build, table.name);
    let statements = this.compiled.get(name);
    if (!statements) this.compiled.set(name, (statements = this.compile(build, table)));
    return statements;
  }

  private compile(build: ProjectionBuild, table: Table): TableStatements {
    const name = tableName(build, table.name);
    const columns = columnsOf(table);
    const changing = columns.map(([column]) => column).filter((column) => column !== 'key');
    return {
      remove: statement<Lists>((parameter) =>
        this.db.deleteFrom(name).where('key', '=', sql<string>`ANY(${parameter['key']}::text[])`),
      ),
      insert: this.insertion(name, columns),
      replace: statement<Lists>((parameter) =>
        this.insertInto(name, columns, parameter).onConflict((conflict) =>
          conflict
            .column('key')
            .doUpdateSet(({ ref }) =>
              Object.fromEntries(changing.map((column) => [column, ref(`excluded.${column}`)])),
            ),
        ),
      ),
      links: Object.entries(table.shape.links ?? {}).map(([link, definition]) => {
        const linked = tableName(build, table.name, link);
        return {
          remove: this.removalOfLinks(linked, linkColumns(definition)),
          insert: this.insertion(linked, linkColumns(definition)),
        };
      }),
    };
  }

  private insertion(name: string, columns: Columns): Statement<Lists> {
    return statement<Lists>((parameter) => this.insertInto(name, columns, parameter));
  }

  private insertInto(name: string, columns: Columns, parameter: Lists) {
    return this.db
      .insertInto(name)
      .columns(columns.map(([column]) => column))
      .expression(rowsOf(columns, parameter));
  }

  private removalOfLinks(name: string, columns: Columns): Statement<Lists> {
    const names = sql.join(columns.map(([column]) => sql.ref(column)));
    return statement<Lists>((parameter) =>
      this.db.deleteFrom(name).where(sql<SqlBool>`(${names}) IN (${rowsOf(columns, parameter)})`),
    );
  }
}

type Columns = readonly (readonly [name: string, type: 'text' | 'integer'])[];
const KEY: Columns = [['key', 'text']];

/** The values in the order of `stored`. */
const columnsOf = ({ shape }: Table): Columns => [
  ...Object.entries(shape.columns).map(([column, { type }]) => [column, type] as const),
  ...KEY,
  ['row', 'text'],
];
const linkColumns = (link: Link<Row>): Columns => [...Object.entries(link.columns), ...KEY];

const rowsOf = (columns: Columns, parameter: Lists) =>
  rowsOfLists(columns.map(([name, type]) => [parameter[name], type === 'text' ? 'text' : 'int8']));

const listsOf = (columns: Columns, rows: readonly (readonly Scalar[])[]): Lists =>
  Object.fromEntries(columns.map(([name], index) => [name, rows.map((row) => row[index] ?? null)]));

const hasRows = (lists: Lists): boolean => Object.values(lists).some((values) => values.length > 0);

/** The changes of a row's links; most changes of a row change none. */
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

// Called only for changes with a row.
const storedOf = ({ stored }: PreparedChange): readonly Scalar[] => stored ?? [];

/** A column has texts, whole numbers or null. */
function scalar(value: unknown): Scalar {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number') return value;
  throw new TypeError(`a column cannot store a value of type ${typeof value}`);
}
