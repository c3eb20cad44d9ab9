import type { Customer } from '../../customer/customer.js';
import type { Program } from '../../program/program.js';
import { modelOn, type Partner } from '../../partner/partner.js';
import type { PartnerId } from '../../shared/ids.js';
import { holdsOn } from '../../shared/dated-fact.js';
import type { OrderRequest } from '../../order/order.js';
import { monthOf } from '../../shared/calendar.js';
import { programIndexOf } from './program-index.js';

/**
 * The streams that a judgement reads beside the customer's own. First `program` and the seller;
 * then, depending on them, the providers of SELLER-4 and the price list of OFFER-1.
 */

/**
 * The provider that the order names, for any model of seller, because a decision records its
 * request. Otherwise all providers with which an indirect reseller has a relationship that day,
 * each once.
 */
export function providersToRead(
  order: Pick<OrderRequest, 'providerId'>,
  seller: Partner,
  date: string,
): readonly PartnerId[] {
  if (order.providerId !== undefined) return [order.providerId];
  if (!seller.registration || modelOn(seller, date) !== 'indirect-reseller') return NO_PROVIDERS;

  const providers: PartnerId[] = [];
  for (const relationship of seller.facts.providerRelationship) {
    const { providerId } = relationship.value;
    if (holdsOn(relationship, date) && !providers.includes(providerId)) providers.push(providerId);
  }
  return providers;
}

/**
 * The price list of the order's month for the customer's market; `undefined` when the market is
 * unknown.
 */
export function priceListToRead(
  { registration }: Customer,
  program: Program,
  date: string,
): { readonly market: string; readonly month: string } | undefined {
  const market =
    registration && programIndexOf(program).marketOf(registration.country, registration.marketCode);
  return market && { market: market.marketCode, month: monthOf(date) };
}

/**
 * Whether the seller's own offers for the month are read: only if the market's price list lacks an
 * offer of the order. An offer on the price list is never sold as the partner's own, so a partner
 * cannot avoid a rule of the program by listing Microsoft's offer again.
 */
export const readsPartnerOffers = (
  { lines }: Pick<OrderRequest, 'lines'>,
  isOnPriceList: (offerId: string) => boolean,
): boolean => lines.some(({ offerId }) => !isOnPriceList(offerId));

const NO_PROVIDERS: readonly PartnerId[] = [];
