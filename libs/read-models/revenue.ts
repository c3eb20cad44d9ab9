import type { OfferFamily } from '../domain/catalog/price-list.js';
import type { PartnerModel } from '../domain/partner/partner.js';
import type { DaySpan } from '../domain/qualification/revenue-window.js';
import type { RevenueAmount, RevenueEntry } from '../domain/qualification/revenue.js';
import type { ImportId, PartnerId } from '../domain/shared/ids.js';
import type { Position } from '../event-log/event-log.js';

// What is asked of the projection `trailing-revenue`, and what it answers.

export interface Countable {
  readonly families: readonly OfferFamily[];
  readonly soldAs: readonly PartnerModel[];
}

/** Two times: `knownAt` cuts the log, `asOf` tells which review of an entry is in force. */
export interface RevenueQuery {
  readonly asOf: string;
  /** The days that are told one by one. */
  readonly window: DaySpan;
  /**
   * What may count at all, where the asker knows that of its policy: of everything else days do not
   * matter either.
   */
  readonly countable?: Countable | undefined;
  /** A position, inclusive; left out: all that the read model has seen. */
  readonly knownAt?: Position | undefined;
  /** The answer covers at least this position (read your writes). */
  readonly minPosition?: Position | undefined;
}

export interface RevenueAmounts {
  /**
   * Day by day inside the window where a day can matter: what is countable and no duplicate; unless
   * the question says more, that is what was sold as anything but an indirect provider and is no
   * partner-owned offer. Of everything else, and of everything on either side of the window, one
   * sum a kind, family, model and standing, dated on its side (`after`, `through`, the day behind
   * `through`). What adds up to nothing is left out.
   */
  readonly amounts: readonly RevenueAmount[];
  /** The log's position that the answer covers: `knownAt`, or where the read model stands. */
  readonly position: Position;
}

/** An entry that counts: of several with its source and reference the first in the log's order. */
export interface FoundRevenue {
  readonly entry: RevenueEntry;
  /**
   * The position from which on it is known: of its own event, or of the `ImportCompleted` of the
   * import that brought it.
   */
  readonly knownFrom: Position;
  readonly importId?: ImportId;
  /** The log's position that the entry is told of. */
  readonly position: Position;
}

export interface RevenuePartnersQuery {
  /** The last one of the page before. */
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
