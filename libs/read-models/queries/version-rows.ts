import { sql } from 'kysely';
import type { Position } from '../../event-log/event-log.js';
import { replacedName } from '../projections/versioned-tables.js';
import type { QueryOf } from '../store.js';

interface CurrentColumns {
  readonly key: string;
  readonly row: string;
  readonly position: number;
}
interface ReplacedColumns {
  readonly row: string;
  readonly subject: string;
  readonly until: number;
}
interface OfPartner extends CurrentColumns {
  readonly partnerId: string;
}

/** The newest versions of these subjects. */
export const versionsOf =
  (table: string, subjects: readonly string[]): QueryOf =>
  (tables, { builder }) =>
    subjects.length === 0
      ? undefined
      : builder
          .selectFrom(sql.table<CurrentColumns>(tables(table)).as('v'))
          .select('v.row')
          .where('v.key', 'in', subjects)
          .compile();

/** The pieces of these subjects that events after a position replaced. */
export const replacedBehind =
  (table: string, subjects: readonly string[], knownAt: Position): QueryOf =>
  (tables, { builder }) =>
    subjects.length === 0
      ? undefined
      : builder
          .selectFrom(sql.table<ReplacedColumns>(tables(replacedName(table))).as('r'))
          .select('r.row')
          .where('r.subject', 'in', subjects)
          .where('r.until', '>', knownAt)
          .compile();

export interface Scan {
  readonly knownAt: Position;
  readonly after?: Position | undefined;
  readonly rows: number;
}

/** Subjects that existed at the position, in the order of their first events. */
export const versionsAfter =
  (table: string, { knownAt, after = -1, rows }: Scan, among?: readonly string[]): QueryOf =>
  (tables, { builder }) => {
    if (among?.length === 0) return undefined;
    const query = builder
      .selectFrom(sql.table<CurrentColumns>(tables(table)).as('v'))
      .select('v.row')
      .where('v.position', '>', after)
      .where('v.position', '<=', knownAt)
      .orderBy('v.position')
      .limit(rows);
    return (among === undefined ? query : query.where('v.key', 'in', among)).compile();
  };

/** Pairs in the order of the events that created them. */
export const pairsAfter =
  ({ knownAt, after = -1, rows }: Scan, partnerIds?: readonly string[]): QueryOf =>
  (tables, { builder }) => {
    if (partnerIds?.length === 0) return undefined;
    const query = builder
      .selectFrom(sql.table<OfPartner>(tables('pairs')).as('p'))
      .select('p.row')
      .where('p.position', '>', after)
      .where('p.position', '<=', knownAt)
      .orderBy('p.position')
      .limit(rows);
    return (
      partnerIds === undefined ? query : query.where('p.partnerId', 'in', partnerIds)
    ).compile();
  };

/** A partner's rows of a table that existed at the position, in the log's order. */
export const wherePartner =
  (table: string, partnerId: string, knownAt: Position): QueryOf =>
  (tables, { builder }) =>
    builder
      .selectFrom(sql.table<OfPartner>(tables(table)).as('a'))
      .select('a.row')
      .where('a.partnerId', '=', partnerId)
      .where('a.position', '<=', knownAt)
      .orderBy('a.position')
      .compile();
