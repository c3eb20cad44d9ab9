import type {
  BlockedCharges,
  LedgerName,
  RecordedCharge,
} from '../domain/billing/account/account-events.js';
import type { Relation } from '../domain/billing/charges/charge.js';
import type { Payer } from '../domain/billing/parties/billing-profile.js';
import type { PricesConcerned } from '../domain/billing/prices/term-prices.js';
import type { OneTimeOrder } from '../domain/billing/subscription/order-lines.js';
import type { SubscriptionStatus } from '../domain/billing/subscription/subscription.js';
import type { SubscriptionRecord } from '../domain/billing/subscription/subscription-record.js';
import type {
  BillingEntityId,
  OrderId,
  PartnerId,
  SubscriptionId,
  TenantId,
} from '../domain/shared/ids.js';
import type { Position } from '../event-log/event-log.js';
import { DocumentReads } from './billing-rows.js';
import type { List, ListQuery, ScopeToday } from './read-models.js';

// Rows and queries of the projections `subscriptions` and `charges`.

export interface SubscriptionRow {
  readonly record: SubscriptionRecord;
  /** For filtering by a key's scope. */
  readonly tenantId: TenantId;
  /** The position of its first event; lists are sorted by it. */
  readonly position: Position;
}

/** The one-time purchases of an order. */
export interface OneTimeOrderRow {
  readonly order: OneTimeOrder;
  readonly position: Position;
}

export interface ChargeRow extends LedgerName, RecordedCharge {
  readonly payer: Payer;
  /** The issuer. */
  readonly partnerId: PartnerId;
  readonly relation?: Relation;
  /** The document that it is on. */
  readonly documentId?: string;
  /** Its place in the log: the list's order. */
  readonly sequence: number;
}

/** More charges than one event can have. */
const CHARGES_AN_EVENT = 1_000;

export const chargeSequence = (position: Position, index: number): number =>
  position * CHARGES_AN_EVENT + index;

/** The position of the event that recorded a charge. */
export const chargePosition = ({ sequence }: Pick<ChargeRow, 'sequence'>): Position =>
  Math.floor(sequence / CHARGES_AN_EVENT);

/** Charges that are due and not recorded, because their price is not published. */
export interface BlockedRow extends LedgerName, BlockedCharges {
  readonly payer: Payer;
  readonly partnerId: PartnerId;
  readonly relation: Relation;
  readonly position: Position;
}

export interface SubscriptionsQuery extends ListQuery {
  readonly tenantId?: TenantId | undefined;
  readonly partnerId?: PartnerId | undefined;
  readonly status?: SubscriptionStatus | undefined;
  /** The next term starts before this day. */
  readonly renewsBefore?: string | undefined;
  readonly scope?: ScopeToday | undefined;
}

export interface ChargesQuery extends ListQuery {
  readonly subscriptionId?: SubscriptionId | undefined;
  readonly payer?: Payer | undefined;
  readonly entityId?: BillingEntityId | undefined;
  /** First and last date of the charges, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** The issuers that a key is limited to. */
  readonly issuers?: readonly PartnerId[] | undefined;
}

/** Rows of a selection, a page at a time; the rows include the position `covering`. */
export interface Scan {
  readonly covering: Position;
  /** `next` of the previous page. */
  readonly after?: ScanKey | undefined;
}
export type ScanKey = readonly (string | number)[];
export interface ScanPage<Item> {
  readonly items: readonly Item[];
  /** Undefined: there are no more. */
  readonly next?: ScanKey;
}

export type SubscriptionScan = Scan &
  /** Those with a cycle or term that may start on this day, in the order of their customers. */
  (
    | { readonly dueOn: string }
    /** Those that the partner sold, or that were bought through it. */
    | { readonly partnerId: PartnerId }
    | { readonly subscriptionIds: readonly SubscriptionId[] }
  );

export type OneTimeOrderScan = Scan &
  ({ readonly partnerId: PartnerId } | { readonly orderIds: readonly OrderId[] });

export type BlockedScan = Scan & PricesConcerned;

/** The charges of an issuer for a currency, dated in these months (`YYYY-MM`). */
export interface IssuerChargesScan extends Scan {
  readonly partnerId: PartnerId;
  readonly currency: string;
  readonly months: readonly string[];
}

/** Reads of the projections `subscriptions` and `charges`. Errors: those of every list. */
export abstract class SubscriptionReads extends DocumentReads {
  abstract listSubscriptions(query: SubscriptionsQuery): Promise<List<SubscriptionRow>>;
  abstract listCharges(query: ChargesQuery): Promise<List<ChargeRow>>;
  abstract scanSubscriptions(scan: SubscriptionScan): Promise<ScanPage<SubscriptionRow>>;
  abstract scanOneTimeOrders(scan: OneTimeOrderScan): Promise<ScanPage<OneTimeOrderRow>>;
  abstract scanIssuerCharges(scan: IssuerChargesScan): Promise<ScanPage<ChargeRow>>;
  abstract scanBlockedCharges(scan: BlockedScan): Promise<ScanPage<BlockedRow>>;
}
