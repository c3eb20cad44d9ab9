import { type RawBuilder, sql } from 'kysely';
import type { DaySpan } from '../../domain/qualification/revenue-window.js';
import { monthOf } from '../../domain/shared/calendar.js';
import type { Position } from '../../event-log/event-log.js';
import { POSITION_DIGITS } from '../projections/revenue/revenue-tables.js';
import type { QueryOf } from '../store.js';

/** A row from which a partner's amounts are computed. */
export interface RevenueRowFound {
  readonly what: 'origin' | 'sums' | 'disallowed';
  readonly key: string;
  /** Null for an origin, and for sums that were not known yet. */
  readonly row: string | null;
  /** For an import: the position of its completion, if it is complete. */
  readonly completedAt: number | null;
}

/**
 * Selects in one statement the origins of the partner's entries, the sums of the days that are
 * reported one by one and of the other days of their months, the sums of all other months, and the
 * entries that a review has disallowed. Sums of the partner's own stream are those known at the
 * position.
 */
export const revenueRows =
  (partnerId: string, { after, through }: DaySpan, knownAt?: Position): QueryOf =>
  (tables, { builder }) => {
    const of = (period: string): string => `${partnerId}/${period}`;
    const [first, last] = [monthOf(after), monthOf(through)];
    const row = knownAt === undefined ? sql`s."row"` : rowKnownAt(tables('versions'), knownAt);
    return sql`SELECT 'origin' AS "what", o."key" AS "key", NULL AS "row", i."completedAt" AS "completedAt"
      FROM ${sql.table(tables('origins'))} o LEFT JOIN ${sql.table(tables('imports'))} i ON i."key" = o."origin"
      WHERE ${between('o', of(''), of(END))}
      UNION ALL SELECT 'sums', s."key", ${row}, NULL FROM ${sql.table(tables('days'))} s WHERE ${between('s', of(first), of(`${last}-${END}`))}
      UNION ALL SELECT 'sums', s."key", ${row}, NULL FROM ${sql.table(tables('months'))} s
      WHERE (${between('s', of(''), of(first))}) OR (${between('s', of(`${last}/${END}`), of(END))})
      UNION ALL SELECT 'disallowed', d."key", d."row", NULL FROM ${sql.table(tables('disallowed'))} d WHERE ${between('d', of(''), of(END))}`.compile(
      builder,
    );
  };

/**
 * Keys are `<partnerId>/<period>/<origin>`, or have something else after the partner. They compare
 * by code unit, and none contains this character.
 */
const END = '~';

const between = (alias: string, from: string, to: string): RawBuilder<unknown> =>
  sql`${sql.ref(`${alias}.key`)} > ${from} AND ${sql.ref(`${alias}.key`)} < ${to}`;

/** For sums that changed after the position, the last version up to it. */
function rowKnownAt(versions: string, knownAt: Position): RawBuilder<unknown> {
  const last = `@${String(knownAt).padStart(POSITION_DIGITS, '0')}`;
  return sql`CASE WHEN s."changedAt" IS NULL OR s."changedAt" <= ${knownAt} THEN s."row" ELSE (
    SELECT v."row" FROM ${sql.table(versions)} v WHERE v."key" > s."key" || '@' AND v."key" <= s."key" || ${last} ORDER BY v."key" DESC LIMIT 1
  ) END`;
}
