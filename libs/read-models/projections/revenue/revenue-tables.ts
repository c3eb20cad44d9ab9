import type { RecordedRevenue, RevenueEntry } from '../../../domain/qualification/revenue.js';
import type { PartnerId } from '../../../domain/shared/ids.js';
import type { Position } from '../../../event-log/event-log.js';
import { table } from '../../projection.js';

/** Where entries come from: the partner's own stream, or an import by its id. */
export type Origin = string;
export const LIVE: Origin = 'live';

/** An entry as one place of the log states it. */
export interface StatedRow extends RecordedRevenue {
  readonly origin: Origin;
  /**
   * Where its event is; of a row of an import that of its `ImportCompleted` counts, which is not
   * known here.
   */
  readonly position?: Position;
  /** In the import's file. */
  readonly row?: number;
}

type Known<Of> = Of extends readonly (infer One)[]
  ? readonly (One & { readonly position: Position })[]
  : never;

/** An entry and what became of it, each with the position from which on it is known. */
export interface EntryRow extends StatedRow {
  /**
   * The same entry in other imports, each met before any of them was complete: the one that is
   * complete first counts.
   */
  readonly rivals?: readonly StatedRow[];
  readonly reversals?: Known<RevenueEntry['reversals']>;
  readonly reviews?: Known<RevenueEntry['reviews']>;
  readonly payments?: Known<RevenueEntry['payments']>;
}

/** Key: revenueId. */
export const entries = table<EntryRow>('entries', { columns: {}, indexes: [] });

/**
 * What one origin brought a partner on one day, or in one month: cents by class (`sum-class.ts`).
 */
export interface SumsRow {
  /**
   * Of the last event of the partner's own stream that changed it; an import's rows count from its
   * end on, all of them.
   */
  readonly changedAt?: Position;
  readonly cents: Readonly<Record<string, string>>;
}

const sumsTable = (name: string) =>
  table<SumsRow>(name, {
    columns: { changedAt: { type: 'integer', of: ({ changedAt }) => changedAt } },
    indexes: [],
  });

/**
 * Key: `sumsKey`. Days inside a window are read one by one, the rest of a partner's years by
 * months.
 */
export const days = sumsTable('days');
export const months = sumsTable('months');

/**
 * The period is a day or a month. Keys are in its order, so that a span of a partner's days is a
 * span of keys.
 */
export const sumsKey = (partnerId: PartnerId, period: string, origin: Origin): string =>
  `${partnerId}/${period}/${origin}`;

/**
 * Sums of a partner's own stream as each of its events left them: what was known at a position is
 * the last one not behind it.
 */
export const sumsVersions = table<SumsRow>('versions', { columns: {}, indexes: [] });
export const versionKey = (sums: string, position: Position): string =>
  `${sums}@${String(position).padStart(POSITION_DIGITS, '0')}`;
/** Of the greatest safe integer. */
export const POSITION_DIGITS = 16;

/** Key: `<partnerId>/<origin>`. Where a partner's entries come from. */
export const origins = table<{
  readonly partnerId: PartnerId;
  readonly origin: Origin;
  readonly since?: Position;
}>('origins', {
  columns: {
    partnerId: { type: 'text', of: ({ partnerId }) => partnerId },
    origin: { type: 'text', of: ({ origin }) => origin },
    since: { type: 'integer', of: ({ since }) => since },
  },
  indexes: [['partnerId']],
});
export const originKey = (partnerId: PartnerId, origin: Origin): string => `${partnerId}/${origin}`;

/** Key: import id. Its rows are known from its end on; one that is not here never was. */
export const imports = table<{ readonly completedAt: Position }>('imports', {
  columns: { completedAt: { type: 'integer', of: ({ completedAt }) => completedAt } },
  indexes: [],
});

/**
 * Key: `<partnerId>/<revenueId>`. Entries that a review has disallowed, on whatever day and
 * whatever came after it.
 */
export const disallowed = table<EntryRow>('disallowed', { columns: {}, indexes: [] });
export const disallowedKey = ({ partnerId, revenueId }: RecordedRevenue): string =>
  `${partnerId}/${revenueId}`;
