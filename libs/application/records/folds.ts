import {
  type Customer,
  type CustomerEvent,
  evolveCustomer,
  unknownCustomer,
} from '../../domain/customer/customer.js';
import {
  emptyProgram,
  evolveProgram,
  type Program,
  type ProgramEvent,
} from '../../domain/program/program.js';
import {
  evolvePartner,
  type Partner,
  type PartnerEvent,
  unknownPartner,
} from '../../domain/partner/partner.js';
import {
  evolvePriceList,
  type PriceList,
  type PriceListEvent,
  unpublishedPriceList,
} from '../../domain/catalog/price-list.js';
import {
  evolvePartnerOffers,
  type PartnerOffers,
  type PartnerOffersEvent,
} from '../../domain/catalog/partner-offers.js';
import {
  evolveSellingPrices,
  type SellingPrices,
  type SellingPricesEvent,
} from '../../domain/catalog/selling-prices.js';
import {
  type PartnerId,
  partnerId,
  type StreamName,
  type SubscriptionId,
  subscriptionId,
  type TenantId,
  tenantId,
} from '../../domain/shared/ids.js';
import {
  customerStream,
  partnerOffersStream,
  partnerStream,
  priceListStream,
  programStream,
  sellingPricesStream,
  subscriptionStream,
} from '../../domain/shared/streams.js';
import { asPayer } from '../../domain/billing/parties/billing-profile.js';
import {
  evolveSubscription,
  noSubscription,
  type SubscriptionState,
} from '../../domain/billing/subscription/subscription-record.js';
import type { SubscriptionEvent } from '../../domain/billing/subscription/subscription-events.js';
import type { Fold } from '../engine/states/fold.js';
import {
  accountFold,
  billingProfileFold,
  partnerBillingFold,
  taxRatesFold,
} from './billing-folds.js';

// The event union of each stream. The catalogue checks an event's type and version before it is
// folded.
export const partnerFold = (partnerId: PartnerId): Fold<Partner, PartnerEvent> => ({
  stream: partnerStream(partnerId),
  initial: unknownPartner(partnerId),
  snapshotVersion: 1,
  exists: ({ registration }) => registration !== undefined,
  evolve: evolvePartner,
});

export const customerFold = (tenantId: TenantId): Fold<Customer, CustomerEvent> => ({
  stream: customerStream(tenantId),
  initial: unknownCustomer(tenantId),
  snapshotVersion: 3,
  exists: ({ registration }) => registration !== undefined,
  evolve: evolveCustomer,
});

export const programFold: Fold<Program, ProgramEvent> = {
  stream: programStream,
  initial: emptyProgram,
  evolve: evolveProgram,
};

export const priceListFold = (market: string, month: string): Fold<PriceList, PriceListEvent> => ({
  stream: priceListStream(market, month),
  initial: unpublishedPriceList(market, month),
  exists: ({ published }) => published !== undefined,
  evolve: evolvePriceList,
});

export const sellingPricesFold = (
  partnerId: PartnerId,
  market: string,
  month: string,
): Fold<SellingPrices, SellingPricesEvent> => ({
  stream: sellingPricesStream(partnerId, market, month),
  initial: {},
  evolve: evolveSellingPrices,
});

export const partnerOffersFold = (
  partnerId: PartnerId,
  month: string,
): Fold<PartnerOffers, PartnerOffersEvent> => ({
  stream: partnerOffersStream(partnerId, month),
  initial: {},
  evolve: evolvePartnerOffers,
});

/** Of the streams that CREDIT-1 reads. */
function billingFoldOf(kind: string | undefined, id: string): Fold<unknown> | undefined {
  switch (kind) {
    case 'billingentity':
      return partnerBillingFold(partnerId(id)) as Fold<unknown>;
    case 'billing':
      return accountFold(asPayer(id)) as Fold<unknown>;
    case 'billingprofile':
      return billingProfileFold(asPayer(id)) as Fold<unknown>;
    case 'taxrates':
      return taxRatesFold(id, '') as Fold<unknown>;
    case 'sellingprices': {
      const [, seller, market, month] = /^(.+)-([A-Z]{2})-(\d{4}-\d{2})$/.exec(id) ?? [];
      return seller === undefined || market === undefined || month === undefined
        ? undefined
        : (sellingPricesFold(partnerId(seller), market, month) as Fold<unknown>);
    }
    default:
      return undefined;
  }
}
/** A subscription's stream grows by an event a term and a change; most have few. */
export const subscriptionFold = (
  subscriptionId: SubscriptionId,
): Fold<SubscriptionState, SubscriptionEvent> => ({
  stream: subscriptionStream(subscriptionId),
  initial: noSubscription,
  exists: ({ record }) => record !== undefined,
  evolve: evolveSubscription,
});

/** The fold of a stream that judgements read; undefined for any other stream. */
export function foldOf(stream: StreamName): Fold<unknown> | undefined {
  if (stream === programStream) return programFold as Fold<unknown>;
  const [, kind, id = ''] = /^([a-z]+)-(.+)$/.exec(stream) ?? [];
  const ofBilling = billingFoldOf(kind, id);
  if (ofBilling) return ofBilling;
  if (kind === 'partner') return partnerFold(partnerId(id)) as Fold<unknown>;
  if (kind === 'customer') return customerFold(tenantId(id)) as Fold<unknown>;
  if (kind === 'subscription') return subscriptionFold(subscriptionId(id)) as Fold<unknown>;
  const [, owner, month] = /^(.+)-(\d{4}-\d{2})$/.exec(id) ?? [];
  if (owner === undefined || month === undefined) return undefined;
  if (kind === 'pricelist') return priceListFold(owner, month) as Fold<unknown>;
  return kind === 'partneroffers'
    ? (partnerOffersFold(partnerId(owner), month) as Fold<unknown>)
    : undefined;
}
