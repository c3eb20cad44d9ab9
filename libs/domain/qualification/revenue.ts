import type { OfferFamily } from '../catalog/price-list.js';
import type { PartnerModel } from '../partner/partner.js';
import type { Recorded } from '../shared/event.js';
import type { PartnerId, RevenueId, TenantId } from '../shared/ids.js';
import type { Money } from '../shared/money.js';

/**
 * One amount that a partner earned in CSP, as stated. The calendar dates come from the statement.
 */
export interface RevenueStatement {
  readonly partnerId: PartnerId;
  /** The customer; it need not be registered. */
  readonly tenantId: TenantId;
  /** In the currency in which it was earned; a credit is negative. */
  readonly amount: Money;
  readonly recognizedOn: string;
  readonly family: OfferFamily;
  /**
   * The stated model under which it was earned. Only this decides whether the amount counts as
   * indirect.
   */
  readonly soldAs: PartnerModel;
  /** The source of the entry; with `reference` and the partner it is the entry's identity. */
  readonly source: string;
  readonly reference: string;
}

/**
 * A statement with its identity and its value in USD at the rate of its month, which never changes.
 */
export interface RecordedRevenue extends RevenueStatement {
  readonly revenueId: RevenueId;
  /** USD, rounded half-even. */
  readonly usdAmount: Money;
  /** USD for one unit of the amount's currency, as published for the month. */
  readonly usdPerUnit: string;
  /** The month (`YYYY-MM`) whose rate it is: that of `recognizedOn`. */
  readonly rateMonth: string;
}

/**
 * A row of a revenue import: one entry, and its place in the file (the first after the header is
 * 1).
 */
export interface RevenueRow extends RecordedRevenue {
  readonly row: number;
}

export type ReviewOutcome = 'under-review' | 'disallowed' | 'confirmed';

/**
 * `revenue-<partnerId>`. The rows of an import are in its own stream, and count from its
 * `ImportCompleted` on.
 */
export type RevenueEvent =
  | Recorded<'RevenueRecorded', RecordedRevenue>
  /** Reverses part of an entry, on its own date, at the entry's rate. */
  | Recorded<
      'RevenueReversed',
      { revenueId: RevenueId; amount: Money; usdAmount: Money; on: string; reason: string }
    >
  | Recorded<
      'RevenueReviewed',
      { revenueId: RevenueId; outcome: ReviewOutcome; on: string; reason: string }
    >
  | Recorded<
      'RevenuePaid',
      { revenueId: RevenueId; amount: Money; usdAmount: Money; paidOn: string }
    >;

/** An entry and its later changes, in the log's order: the state for commands on one entry. */
export interface RevenueEntry extends RecordedRevenue {
  readonly reversals: readonly {
    readonly amount: Money;
    readonly usdAmount: Money;
    readonly on: string;
  }[];
  readonly reviews: readonly { readonly outcome: ReviewOutcome; readonly on: string }[];
  readonly payments: readonly {
    readonly amount: Money;
    readonly usdAmount: Money;
    readonly paidOn: string;
  }[];
}

/**
 * One dated amount of USD, or the sum of several that are equal in everything else: the input of
 * trailing revenue. A day's sum gives the same figures as its entries, so a read model may store
 * days.
 */
export interface RevenueAmount {
  /** Billed is `recorded` less `reversed`; paid is `paid` less `reversed`. */
  readonly kind: 'recorded' | 'reversed' | 'paid';
  /** The day on which it counts: `recognizedOn`, a reversal's own `on`, or `paidOn`. */
  readonly on: string;
  readonly family: OfferFamily;
  readonly soldAs: PartnerModel;
  /**
   * `duplicate`: an earlier entry has the same source and reference. `disallowed`: by the review in
   * force on the requested date.
   */
  readonly status: 'counted' | 'duplicate' | 'disallowed';
  /** As stated: a reversed amount is positive and is subtracted. */
  readonly usd: string;
}
