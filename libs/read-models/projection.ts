import type { Recorded } from '../domain/shared/event.js';
import type { LoggedEvent, Position } from '../event-log/event-log.js';

/** Plain JSON. */
export type Row = object;
export type Scalar = string | number | null;

/** What one event does to one row: the row as it was gives the row as it is. The same object: unchanged; undefined: gone. */
export interface Change {
  readonly table: string;
  readonly key: string;
  readonly to: (row: Row | undefined) => Row | undefined;
  /** The row does not depend on what was there, so nothing is loaded for it. */
  readonly fresh: boolean;
}

/** Fields copied out of the row because lists filter by them or stand in their order. */
export interface Columns<R> {
  readonly [name: string]: { readonly type: 'text' | 'integer'; readonly of: (row: R) => Scalar | undefined };
}

/** A field with many values a row, kept as a table of its own beside it: which partners a customer has. */
export interface Link<R> {
  readonly columns: { readonly [name: string]: 'text' | 'integer' };
  readonly of: (row: R) => readonly { readonly [column: string]: Scalar }[];
}

export interface Shape<R> {
  readonly columns: Columns<R>;
  readonly indexes: readonly (readonly string[])[];
  /** An integer column that no two rows share and that grows as rows are added: rows are stored in its order. */
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
}

export function table<R extends Row>(name: string, shape: Shape<R>): TypedTable<R> {
  return {
    name,
    // Rows of a table are only ever made by its own `change` and `put`, so they are R wherever a Row of it is met.
    shape: shape as Shape<Row>,
    change: (key, to) => ({ table: name, key, to: to as Change['to'], fresh: false }),
    put: (key, row) => ({ table: name, key, to: () => row, fresh: shape.links === undefined }),
  };
}

type At<E> = E & { readonly position: Position };
type Steps<E extends Recorded> = {
  readonly [Type in E['type']]?: (event: At<Extract<E, { type: Type }>>) => Change | readonly Change[];
};

export interface Projection {
  readonly name: string;
  /** Raised with every change of tables or steps: the tables are then filled anew. */
  readonly version: number;
  /** The kinds of streams it reads (`customer` of `customer-…`): an event of these that no step could know of stops it. */
  readonly streams: readonly string[];
  readonly tables: readonly Table[];
  readonly on: ReadonlyMap<string, (event: LoggedEvent) => Change | readonly Change[]>;
}

/** A projection is its name, its version, its tables and one pure step for each type of event that it reads. */
export function projection<E extends Recorded>(
  name: string,
  version: number,
  { streams, tables, on }: { readonly streams: readonly string[]; readonly tables: readonly Table[]; readonly on: Steps<E> },
): Projection {
  // The catalogue has checked that an event of a type carries that type's data.
  return { name, version, streams, tables, on: new Map(Object.entries(on)) as Projection['on'] };
}

/** What a row's tables look like to a query: as long as it is the same, old tables can be read by new code. */
export const shapeOf = ({ tables }: Projection): string =>
  JSON.stringify(
    tables.map(({ name, shape }) => [
      name,
      Object.keys(shape.columns).sort(),
      Object.entries(shape.links ?? {}).map(([link, { columns }]) => [link, Object.keys(columns).sort()]),
    ]),
  );
