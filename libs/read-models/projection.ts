import type { Recorded } from '../domain/shared/event.js';
import type { LoggedEvent, Position } from '../event-log/event-log.js';

/** Plain JSON. */
export type Row = object;
export type Scalar = string | number | null;

/**
 * What one event does to one row: the row as it was gives the row as it is. The same object:
 * unchanged; undefined: gone.
 */
export interface Change {
  readonly table: string;
  readonly key: string;
  readonly to: (row: Row | undefined) => Row | undefined;
  /** The row does not depend on what was there, so nothing is loaded for it. */
  readonly fresh: boolean;
}

/** A row of a table by its key. */
export interface RowName {
  readonly table: string;
  readonly key: string;
}

/**
 * An event that first has to see rows, as they are after the events before it, those of the same
 * batch among them. `then` is pure, like every step. The rows that are looked at in a batch are
 * loaded together where their keys are known from the events alone.
 */
export interface RowLookup {
  readonly rows: readonly RowName[];
  /**
   * In the order of `look`; undefined: there is none. What it gives may look again, at rows that
   * these ones name.
   */
  readonly then: (rows: readonly (Row | undefined)[]) => Step;
}

/** What one event does. */
export type Step = Change | readonly Change[] | RowLookup;

/** Fields copied out of the row because lists filter by them or stand in their order. */
export interface Columns<R> {
  readonly [name: string]: {
    readonly type: 'text' | 'integer';
    readonly of: (row: R) => Scalar | undefined;
  };
}

/**
 * A field with many values a row, kept as a table of its own beside it: which partners a customer
 * has.
 */
export interface Link<R> {
  readonly columns: { readonly [name: string]: 'text' | 'integer' };
  readonly of: (row: R) => readonly { readonly [column: string]: Scalar }[];
}

export interface Shape<R> {
  readonly columns: Columns<R>;
  readonly indexes: readonly (readonly string[])[];
  /**
   * An integer column that no two rows share and that grows as rows are added: rows are stored in
   * its order.
   */
  readonly sequence?: string;
  readonly links?: { readonly [name: string]: Link<R> };
}

export interface Table {
  readonly name: string;
  readonly shape: Shape<Row>;
}

/** A table with its row's type: how steps name the rows they change. */
export interface TypedTable<R extends Row> extends Table {
  /** `key` is the row's identity in the table. */
  change(key: string, to: (row: R | undefined) => R | undefined): Change;
  put(key: string, row: R): Change;
  /** The row as something to look at. */
  at(key: string): RowAt<R>;
}

/** A row's name with its type. */
export interface RowAt<R extends Row> extends RowName {
  readonly read: (row: Row | undefined) => R | undefined;
}

export function table<R extends Row>(name: string, shape: Shape<R>): TypedTable<R> {
  return {
    name,
    // Rows of a table are only ever made by its own `change` and `put`, so they are R wherever a
    // Row of it is met.
    shape: shape as Shape<Row>,
    change: (key, to) => ({ table: name, key, to: to as Change['to'], fresh: false }),
    put: (key, row) => ({ table: name, key, to: () => row, fresh: shape.links === undefined }),
    at: (key) => ({ table: name, key, read: read<R> }),
  };
}

// See above: what a table holds is of its type.
const read = <R extends Row>(row: Row | undefined): R | undefined => row as R | undefined;

/** Looks at rows of one table. */
export const lookUpAll = <R extends Row>(
  rows: readonly RowAt<R>[],
  then: (rows: readonly (R | undefined)[]) => Step,
): RowLookup => ({
  rows: rows,
  then: (found) => then(found.map(read<R>)),
});

/** Looks at rows of several tables, each under a name. */
export function lookUp<Rows extends Readonly<Record<string, Row>>>(
  rows: { readonly [Name in keyof Rows]: RowAt<Rows[Name]> },
  then: (rows: { readonly [Name in keyof Rows]: Rows[Name] | undefined }) => Step,
): RowLookup {
  const named = Object.entries<RowAt<Row>>(rows);
  return {
    rows: named.map(([, row]) => row),
    // The rows come in the order of their names.
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
  readonly [Type in E['type']]?: (event: At<Extract<E, { type: Type }>>) => Step;
};

export interface Projection {
  readonly name: string;
  /** Raised with every change of tables or steps: the tables are then filled anew. */
  readonly version: number;
  /**
   * The kinds of streams it reads (`customer` of `customer-…`): an event of these that no step
   * could know of stops it.
   */
  readonly streams: readonly string[];
  readonly tables: readonly Table[];
  readonly on: ReadonlyMap<string, (event: LoggedEvent) => Step>;
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
  // The catalogue has checked that an event of a type carries that type's data.
  return { name, version, streams, tables, on: new Map(Object.entries(on)) as Projection['on'] };
}

/**
 * What a row's tables look like to a query: as long as it is the same, old tables can be read by
 * new code.
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
