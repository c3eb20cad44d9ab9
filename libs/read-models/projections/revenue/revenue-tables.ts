import type { RecordedRevenue, RevenueEntry } from '../../../domain/qualification/revenue.js';
import type { PartnerId } from '../../../domain/shared/ids.js';
import type { Position } from '../../../event-log/event-log.js';
import { table } from '../../projection.js';

/** The origin of entries: the partner's own stream (`LIVE`), or an import's id. */
export type Origin = string;
export const LIVE: Origin = 'live';

/** An entry as one place of the log states it. */
export interface StatedRow extends RecordedRevenue {
  readonly origin: Origin;
  /**
   * The position of its event. For an import's row the position of `ImportCompleted` counts, which
   * is not known here.
   */
  readonly position?: Position;
  /** The row in the import's file. */
  readonly row?: number;
}

type Known<Of> = Of extends readonly (infer One)[]
  ? readonly (One & { readonly position: Position })[]
  : never;

/**
 * An entry with its reversals, reviews and payments, each with the position from which it is known.
 */
export interface EntryRow extends StatedRow {
  /**
   * The same entry in other imports that were read before any of them was complete. The one that is
   * completed first counts.
   */
  readonly rivals?: readonly StatedRow[];
  readonly reversals?: Known<RevenueEntry['reversals']>;
  readonly reviews?: Known<RevenueEntry['reviews']>;
  readonly payments?: Known<RevenueEntry['payments']>;
}

/** Key: revenueId. */
export const entries = table<EntryRow>('entries', { columns: {}, indexes: [] });

/** The sums of one origin for a partner and one day or month: cents by class (`sum-class.ts`). */
export interface SumsRow {
  /**
   * The position of the last event of the partner's own stream that changed it. All rows of an
   * import count from its completion.
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
 * The period is a day or a month. Keys sort by it, so that a span of a partner's days is a span of
 * keys.
 */
export const sumsKey = (partnerId: PartnerId, period: string, origin: Origin): string =>
  `${partnerId}/${period}/${origin}`;

/**
 * The sums of a partner's own stream after each of its events. The sums known at a position are the
 * last ones not after it.
 */
export const sumsVersions = table<SumsRow>('versions', { columns: {}, indexes: [] });
export const versionKey = (sums: string, position: Position): string =>
  `${sums}@${String(position).padStart(POSITION_DIGITS, '0')}`;
/** The digits of the greatest safe integer. */
export const POSITION_DIGITS = 16;

/** Key: `<partnerId>/<origin>`. The origins of a partner's entries. */
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

/**
 * Key: import id. Its rows are known from its completion. Only imports with rows of revenue are
 * here.
 */
export const imports = table<{ readonly completedAt: Position }>('imports', {
  columns: { completedAt: { type: 'integer', of: ({ completedAt }) => completedAt } },
  indexes: [],
});

/**
 * Key: `<partnerId>/<revenueId>`. Entries that any review has disallowed, on any day, whatever
 * followed.
 */
export const disallowed = table<EntryRow>('disallowed', { columns: {}, indexes: [] });
export const disallowedKey = ({ partnerId, revenueId }: RecordedRevenue): string =>
  `${partnerId}/${revenueId}`;
