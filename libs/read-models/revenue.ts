import type { OfferFamily } from '../domain/catalog/price-list.js';
import type { PartnerModel } from '../domain/partner/partner.js';
import type { DaySpan } from '../domain/qualification/revenue-window.js';
import type { RevenueAmount, RevenueEntry } from '../domain/qualification/revenue.js';
import type { ImportId, PartnerId } from '../domain/shared/ids.js';
import type { Position } from '../event-log/event-log.js';

// The queries of the projection `trailing-revenue`, and its answers.

export interface Countable {
  readonly families: readonly OfferFamily[];
  readonly soldAs: readonly PartnerModel[];
}

/**
 * `knownAt` selects the events of the log, `asOf` selects the review of an entry that is in force.
 */
export interface RevenueQuery {
  readonly asOf: string;
  /** The days that are reported one by one. */
  readonly window: DaySpan;
  /**
   * The entries that can count, if the caller knows this from its policy: then the days of all
   * other amounts do not matter either.
   */
  readonly countable?: Countable | undefined;
  /** A position, inclusive; absent: all that the read model has folded. */
  readonly knownAt?: Position | undefined;
  /** The answer covers at least this position (read your writes). */
  readonly minPosition?: Position | undefined;
}

export interface RevenueAmounts {
  /**
   * Day by day inside the window, for amounts whose day can matter: by default those that are
   * countable and no duplicate, sold as anything but an indirect provider, and of no partner-owned
   * offer. All other amounts, and those outside the window, are one sum for each kind, family,
   * model and status, dated `after`, `through` or the day after `through`. Sums of zero are left
   * out.
   */
  readonly amounts: readonly RevenueAmount[];
  /** The position that the answer covers: `knownAt`, or the read model's checkpoint. */
  readonly position: Position;
}

/**
 * An entry that counts. Of several with the same source and reference it is the first in the log's
 * order.
 */
export interface FoundRevenue {
  readonly entry: RevenueEntry;
  /**
   * The position from which it is known: that of its own event, or of its import's
   * `ImportCompleted`.
   */
  readonly knownFrom: Position;
  readonly importId?: ImportId;
  /** The position up to which the entry's events are included. */
  readonly position: Position;
}

export interface RevenuePartnersQuery {
  /** The last partner of the previous page. */
  readonly after?: PartnerId | undefined;
  readonly limit: number;
  readonly knownAt?: Position | undefined;
  readonly minPosition?: Position | undefined;
}

/** Partners with entries, in the order of their ids (by code unit). */
export interface RevenuePartners {
  readonly partnerIds: readonly PartnerId[];
  readonly position: Position;
}
