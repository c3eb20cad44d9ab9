import type { BillingPlan, OfferFamily, OfferSegment } from '../../catalog/price-list.js';
import { addDays } from '../../shared/calendar.js';
import { assumed, type Proposed } from '../../shared/event.js';
import type { PartnerId, SubscriptionId, TenantId } from '../../shared/ids.js';
import {
  earliest,
  latest,
  type Malformed,
  malformed,
  moneyMalformed,
  oneOf,
} from '../../shared/malformed.js';
import { compareDecimals, type Money, moneyFault } from '../../shared/money.js';
import { accept, refuse, type Result } from '../../shared/result.js';
import type { SubscriptionTerm } from '../terms/term.js';
import type { SubscriptionEvent } from './subscription-events.js';
import {
  evolveSubscription,
  noSubscription,
  type SubscriptionRecord,
  type SubscriptionState,
} from './subscription-record.js';

type Imported = Extract<Proposed<SubscriptionEvent>, { type: 'SubscriptionImported' }>;

/**
 * A subscription that an adopter sold and billed elsewhere. Dates are UTC and included; prices are
 * of one unit for the whole nominal term.
 */
export interface SubscriptionToImport {
  readonly vendorId?: string;
  readonly tenantId: TenantId;
  readonly partnerId: PartnerId;
  readonly providerId?: PartnerId;
  readonly offerId: string;
  readonly title?: string;
  readonly segment?: OfferSegment;
  readonly family?: OfferFamily;
  readonly quantity: number;
  readonly term: SubscriptionTerm;
  readonly billingPlan: BillingPlan;
  readonly termStart: string;
  readonly termEnd: string;
  /** The next run bills from the day after it. */
  readonly billedThrough: string;
  readonly cost: Money;
  readonly prices: { readonly customer?: Money; readonly reseller?: Money };
  readonly atTermEnd: 'renew' | 'cancel';
}

export interface SubscriptionImportFacts {
  /** UTC. */
  readonly today: string;
  /** Microsoft's code of the customer's market; undefined: the customer is not registered. */
  readonly customer: { readonly market?: string } | undefined;
  readonly isSellerRegistered: boolean;
  readonly isProviderRegistered: boolean;
}

export type SubscriptionImportRefusal =
  | { readonly code: 'customer-unknown' }
  | { readonly code: 'partner-unknown' }
  | { readonly code: 'provider-unknown' }
  /** Only a provider bills a reseller. */
  | { readonly code: 'provider-missing' }
  /** The id belongs to a subscription with other data. */
  | { readonly code: 'subscription-exists' }
  | Malformed;

/**
 * Records a running subscription without a judgement of the gate, because it was sold before. The
 * same subscription again changes nothing.
 */
export function decideSubscriptionImport(
  imported: SubscriptionToImport,
  subscriptionId: SubscriptionId,
  { record }: SubscriptionState,
  facts: SubscriptionImportFacts,
): Result<readonly Proposed<SubscriptionEvent>[], SubscriptionImportRefusal> {
  const refusal =
    unknownParty(imported, facts) ?? wrongDates(imported, facts.today) ?? wrongPrices(imported);
  if (refusal) return refuse(refusal);
  const event = importedEvent(imported, subscriptionId, facts);
  if (!record) return accept([event]);
  return isSame(record, evolveSubscription(noSubscription, assumed(event)).record)
    ? accept([])
    : refuse({ code: 'subscription-exists' });
}

function unknownParty(
  { providerId, prices }: SubscriptionToImport,
  { customer, isSellerRegistered, isProviderRegistered }: SubscriptionImportFacts,
): SubscriptionImportRefusal | undefined {
  if (!customer) return { code: 'customer-unknown' };
  if (!isSellerRegistered) return { code: 'partner-unknown' };
  if (providerId === undefined)
    return prices.reseller === undefined ? undefined : { code: 'provider-missing' };
  return isProviderRegistered ? undefined : { code: 'provider-unknown' };
}

/** The term includes today, and the days that were billed elsewhere are in it. */
function wrongDates(
  { termStart, termEnd, billedThrough }: SubscriptionToImport,
  today: string,
): Malformed | undefined {
  if (termStart > today) return malformed('/termStart', latest(today));
  if (termEnd < today) return malformed('/termEnd', earliest(today));
  const dayBefore = addDays(termStart, -1);
  if (billedThrough < dayBefore) return malformed('/billedThrough', earliest(dayBefore));
  return billedThrough > termEnd ? malformed('/billedThrough', latest(termEnd)) : undefined;
}

/** All in one currency and not negative. */
function wrongPrices({ cost, prices }: SubscriptionToImport): Malformed | undefined {
  const stated = {
    '/cost': cost,
    '/prices/customer': prices.customer,
    '/prices/reseller': prices.reseller,
  };
  for (const [path, price] of Object.entries(stated)) {
    if (price === undefined) continue;
    const fault = moneyFault(price);
    if (fault) return moneyMalformed(path, fault);
    if (compareDecimals(price.amount, '0') < 0)
      return malformed(`${path}/amount`, { rule: 'range', expected: 0, bound: 'min' });
    if (price.currency !== cost.currency)
      return malformed(`${path}/currency`, oneOf([cost.currency]));
  }
  return undefined;
}

function importedEvent(
  imported: SubscriptionToImport,
  subscriptionId: SubscriptionId,
  { customer }: SubscriptionImportFacts,
): Imported {
  const { vendorId, tenantId, partnerId, providerId, offerId, quantity, prices } = imported;
  const { title = offerId, segment = 'commercial', family = 'cloud' } = imported;
  const market = customer?.market;
  return {
    type: 'SubscriptionImported',
    data: {
      subscriptionId,
      ...(vendorId !== undefined && { vendorId }),
      tenantId,
      partnerId,
      ...(providerId !== undefined && { providerId }),
      ...(market !== undefined && { market }),
      currency: imported.cost.currency,
      offerId,
      title,
      segment,
      family,
      from: imported.termStart,
      to: imported.termEnd,
      duration: imported.term,
      billingPlan: imported.billingPlan,
      quantity,
      billedThrough: imported.billedThrough,
      unitPrice: imported.cost.amount,
      prices: {
        ...(prices.customer && { customer: prices.customer.amount }),
        ...(prices.reseller && { reseller: prices.reseller.amount }),
      },
      atTermEnd: imported.atTermEnd,
    },
  };
}

/** What was sold and its first term: later changes of the subscription do not matter. */
function isSame(record: SubscriptionRecord, again: SubscriptionRecord | undefined): boolean {
  const identity = ({ sold, order, terms: [first] }: SubscriptionRecord): string => {
    const { tenantId, partnerId, providerId, currency, offerId, title, segment, family } = sold;
    const { from, to, duration, billingPlan, quantity, stated } = first;
    const { cost, customer, reseller } = stated;
    return JSON.stringify([
      [tenantId, partnerId, providerId, currency, offerId, title, segment, family, order],
      [from, to, duration, billingPlan, quantity, cost, customer, reseller],
    ]);
  };
  return again !== undefined && identity(record) === identity(again);
}
