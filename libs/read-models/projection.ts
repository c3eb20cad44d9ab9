import type { Recorded } from '../domain/shared/event.js';
import type { LoggedEvent, Position } from '../event-log/event-log.js';

/** A row: plain JSON. */
export type Row = object;
export type Scalar = string | number | null;

/**
 * The effect of one event on one row: a function from the old row to the new one. The same object
 * means no change; undefined means that the row is deleted.
 */
export interface RowUpdate {
  readonly table: string;
  readonly key: string;
  readonly to: (row: Row | undefined) => Row | undefined;
  /** The new row does not depend on the old one, so the old one is not loaded. */
  readonly fresh: boolean;
}

/** A row of a table by its key. */
export interface RowName {
  readonly table: string;
  readonly key: string;
}

/**
 * The step of an event that depends on other rows. It reads them as the earlier events left them,
 * including those of the same batch. `then` is pure, like every step. Rows whose keys follow from
 * the events alone are loaded together for a whole batch.
 */
export interface RowLookup {
  readonly rows: readonly RowName[];
  /**
   * Called with the rows in the order of `rows`; undefined: there is no such row. The step that it
   * returns may look up further rows, whose keys depend on these.
   */
  readonly then: (rows: readonly (Row | undefined)[]) => ProjectionStep;
}

/** The effect of one event. */
export type ProjectionStep = RowUpdate | readonly RowUpdate[] | RowLookup;

/** Fields that are also stored as columns, because lists filter or sort by them. */
export interface Columns<R> {
  readonly [name: string]: {
    readonly type: 'text' | 'integer';
    readonly of: (row: R) => Scalar | undefined;
  };
}

/**
 * A field with many values per row, stored as a separate table, such as the partners of a customer.
 */
export interface Link<R> {
  readonly columns: { readonly [name: string]: 'text' | 'integer' };
  readonly of: (row: R) => readonly { readonly [column: string]: Scalar }[];
}

export interface Shape<R> {
  readonly columns: Columns<R>;
  readonly indexes: readonly (readonly string[])[];
  /** An integer column, unique and ascending as rows are added. Rows are stored in its order. */
  readonly sequence?: string;
  readonly links?: { readonly [name: string]: Link<R> };
}

export interface Table {
  readonly name: string;
  readonly shape: Shape<Row>;
}

/** A table with its row's type. Steps use it to name the rows that they change. */
export interface TypedTable<R extends Row> extends Table {
  /** `key` identifies the row in the table. */
  change(key: string, to: (row: R | undefined) => R | undefined): RowUpdate;
  put(key: string, row: R): RowUpdate;
  /** Names the row for a lookup. */
  at(key: string): RowAt<R>;
}

/** A row's name with its type. */
export interface RowAt<R extends Row> extends RowName {
  readonly read: (row: Row | undefined) => R | undefined;
}

export function table<R extends Row>(name: string, shape: Shape<R>): TypedTable<R> {
  return {
    name,
    // Only `change` and `put` of this table create its rows, so each row is an R.
    shape: shape as Shape<Row>,
    change: (key, to) => ({ table: name, key, to: to as RowUpdate['to'], fresh: false }),
    put: (key, row) => ({ table: name, key, to: () => row, fresh: shape.links === undefined }),
    at: (key) => ({ table: name, key, read: read<R> }),
  };
}

// As above: the table's rows are of its type.
const read = <R extends Row>(row: Row | undefined): R | undefined => row as R | undefined;

/** Looks up rows of one table. */
export const lookUpAll = <R extends Row>(
  rows: readonly RowAt<R>[],
  then: (rows: readonly (R | undefined)[]) => ProjectionStep,
): RowLookup => ({
  rows: rows,
  then: (found) => then(found.map(read<R>)),
});

/** Looks up rows of several tables, each under a name. */
export function lookUp<Rows extends Readonly<Record<string, Row>>>(
  rows: { readonly [Name in keyof Rows]: RowAt<Rows[Name]> },
  then: (rows: { readonly [Name in keyof Rows]: Rows[Name] | undefined }) => ProjectionStep,
): RowLookup {
  const named = Object.entries<RowAt<Row>>(rows);
  return {
    rows: named.map(([, row]) => row),
    // The rows are in the order of their names.
    then: (found) =>
      then(
        Object.fromEntries(named.map(([name], index) => [name, found[index]])) as Parameters<
          typeof then
        >[0],
      ),
  };
}

type At<E> = E & { readonly position: Position };
type Steps<E extends Recorded> = {
  readonly [Type in E['type']]?: (event: At<Extract<E, { type: Type }>>) => ProjectionStep;
};

export interface Projection {
  readonly name: string;
  /** Raise this number with every change of tables or steps; the tables are then rebuilt. */
  readonly version: number;
  /**
   * The kinds of streams that it reads (`customer` of `customer-…`). An event of these that this
   * release does not know stops the projection.
   */
  readonly streams: readonly string[];
  readonly tables: readonly Table[];
  readonly on: ReadonlyMap<string, (event: LoggedEvent) => ProjectionStep>;
}

/**
 * A projection is its name, its version, its tables and one pure step for each type of event that
 * it reads.
 */
export function projection<E extends Recorded>(
  name: string,
  version: number,
  {
    streams,
    tables,
    on,
  }: {
    readonly streams: readonly string[];
    readonly tables: readonly Table[];
    readonly on: Steps<E>;
  },
): Projection {
  // The catalogue has checked that each event has the data of its type.
  return { name, version, streams, tables, on: new Map(Object.entries(on)) as Projection['on'] };
}

/**
 * The columns and links of a projection's tables. While they are the same, this release can query
 * tables of another version.
 */
export const shapeOf = ({ tables }: Projection): string =>
  JSON.stringify(
    tables.map(({ name, shape }) => [
      name,
      Object.keys(shape.columns).sort(),
      Object.entries(shape.links ?? {}).map(([link, { columns }]) => [
        link,
        Object.keys(columns).sort(),
      ]),
    ]),
  );
