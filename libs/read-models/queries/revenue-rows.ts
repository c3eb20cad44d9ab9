import { type RawBuilder, sql } from 'kysely';
import type { DaySpan } from '../../domain/qualification/revenue-window.js';
import { monthOf } from '../../domain/shared/calendar.js';
import type { Position } from '../../event-log/event-log.js';
import { POSITION_DIGITS } from '../projections/revenue/revenue-tables.js';
import type { QueryOf } from '../store.js';

/** One of the rows that a partner's amounts are made of. */
export interface RevenueRowFound {
  readonly what: 'origin' | 'sums' | 'disallowed';
  readonly key: string;
  /** Of an origin: null, as of sums that nothing was known of yet. */
  readonly row: string | null;
  /** Of an origin that is an import: where it ended, if it has. */
  readonly completedAt: number | null;
}

/**
 * All of them in one state: where the partner's entries come from, the sums of the days that are
 * told one by one and of the rest of those days' months, the sums of all other months, and the
 * entries that a review has disallowed. Sums of its own stream are those that were known at the
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
 * Keys are `<partnerId>/<period>/<origin>`, or with something else behind the partner; they compare
 * by code unit, and none has this sign.
 */
const END = '~';

const between = (alias: string, from: string, to: string): RawBuilder<unknown> =>
  sql`${sql.ref(`${alias}.key`)} > ${from} AND ${sql.ref(`${alias}.key`)} < ${to}`;

/**
 * Sums that have changed since are looked up among their versions: the last one not behind the
 * position.
 */
function rowKnownAt(versions: string, knownAt: Position): RawBuilder<unknown> {
  const last = `@${String(knownAt).padStart(POSITION_DIGITS, '0')}`;
  return sql`CASE WHEN s."changedAt" IS NULL OR s."changedAt" <= ${knownAt} THEN s."row" ELSE (
    SELECT v."row" FROM ${sql.table(versions)} v WHERE v."key" > s."key" || '@' AND v."key" <= s."key" || ${last} ORDER BY v."key" DESC LIMIT 1
  ) END`;
}
