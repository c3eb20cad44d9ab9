import type { AccountEvent, NumberingEvent } from '../../domain/billing/account/account-events.js';
import type { BillingRunEvent } from '../../domain/billing/runs/billing-run.js';
import type { PaymentIdEvent } from '../../domain/billing/payments/payment-id.js';
import type { DocumentPdfEvent } from '../../domain/billing/documents/document-pdf.js';
import type { ReconciliationEvent } from '../../domain/billing/reconciliation/reconciliation-file.js';
import type { ImportEvent } from '../../domain/import/import.js';
import type { PartnerOffersEvent } from '../../domain/catalog/partner-offers.js';
import type { PriceListEvent } from '../../domain/catalog/price-list.js';
import type { SellingPricesEvent } from '../../domain/catalog/selling-prices.js';
import type { CustomerEvent } from '../../domain/customer/customer.js';
import type { ProgramEvent } from '../../domain/program/program.js';
import type { PartnerEvent } from '../../domain/partner/partner.js';
import type { DirectBillApplicationEvent } from '../../domain/direct-bill/application.js';
import type { ManualChargeEvent } from '../../domain/billing/account/manual-charge.js';
import type { SubscriptionEvent } from '../../domain/billing/subscription/subscription-events.js';
import type { RevenueEvent } from '../../domain/qualification/revenue.js';
import type { Recorded } from '../../domain/shared/event.js';
import { accountEvents } from './account-events.js';
import { applicationEvents } from './application-events.js';
import { type BillingEvent, billingEvents } from './billing-events.js';
import { billingRunEvents } from './billing-run-events.js';
import { customerEvents } from './customer-events.js';
import type { CatalogueEntry, EntriesOf } from './entry.js';
import { documentEvents } from './document-events.js';
import { partnerEvents } from './partner-events.js';
import { importEvents } from './import-events.js';
import { priceListEvents } from './price-list-events.js';
import { programEvents } from './program-events.js';
import { reconciliationEvents } from './reconciliation-events.js';
import { revenueEvents } from './revenue-events.js';
import { subscriptionEvents } from './subscription-events.js';

export type KnownEvent =
  | ProgramEvent
  | PartnerEvent
  | CustomerEvent
  | ImportEvent
  | PriceListEvent
  | SellingPricesEvent
  | PartnerOffersEvent
  | RevenueEvent
  | DirectBillApplicationEvent
  | BillingEvent
  | SubscriptionEvent
  | ManualChargeEvent
  | AccountEvent
  | NumberingEvent
  | BillingRunEvent
  | ReconciliationEvent
  | DocumentPdfEvent
  | PaymentIdEvent;

/**
 * Every event type that this build writes or folds: the source for `docs/events.md`, the schemas
 * and the versions.
 */
export const catalogue: EntriesOf<KnownEvent> = {
  ...programEvents,
  ...partnerEvents,
  ...customerEvents,
  ...importEvents,
  ...priceListEvents,
  ...revenueEvents,
  ...applicationEvents,
  ...billingEvents,
  ...subscriptionEvents,
  ...accountEvents,
  ...billingRunEvents,
  ...reconciliationEvents,
  ...documentEvents,
};

/**
 * An event that this build cannot fold. A process that reads one refuses commands; it never skips
 * the event (docs/architecture.md).
 */
export class UnknownEvent extends Error {
  override readonly name = 'UnknownEvent';
  constructor(
    readonly type: string,
    readonly version: number,
  ) {
    super(`this build does not know ${type} in version ${version}; a newer release wrote it`);
  }
}

const entries: ReadonlyMap<string, CatalogueEntry> = new Map(Object.entries(catalogue));

/** Whether this build can fold an event of this type and version. */
export const knownEvent = (type: string, version: number): boolean => {
  const entry = entries.get(type);
  return (
    entry !== undefined && Number.isSafeInteger(version) && version >= 1 && version <= entry.version
  );
};

/** The version in which events of this type are written now. */
export function currentVersion(type: string): number {
  const entry = entries.get(type);
  if (!entry) throw new UnknownEvent(type, 1);
  return entry.version;
}

/**
 * Returns the event in its current version, for folds. The log stores, shows and exports the
 * version that was written. Throws UnknownEvent.
 */
export function upcast<E extends Recorded>(event: E): E & KnownEvent {
  const entry = entries.get(event.type);
  if (!entry || !knownEvent(event.type, event.version))
    throw new UnknownEvent(event.type, event.version);
  const current = event.version === entry.version ? event : upcastWith(entry, event);
  // The log has checked the data against the entry of this type.
  return current as E & KnownEvent;
}

/** Upgrades data version by version with the entry's upcasters. */
export function upcastWith<E extends Recorded>(
  { version, upcasters }: Pick<CatalogueEntry, 'version' | 'upcasters'>,
  event: E,
): E {
  // Each upcaster has the types of one version of one event type, so the compiler cannot check the
  // chain.
  const data = upcasters
    .slice(event.version - 1, version - 1)
    .reduce<unknown>((older, lift) => lift(older as never), event.data);
  return { ...event, version, data };
}
