import type { Customer } from '../../customer/customer.js';
import type { MarketRow, PublishedPolicy } from '../../program/program.js';
import type { Policy } from '../../program/policy.js';
import { latestOn, type Partner } from '../../partner/partner.js';
import { decidingObservation, type Observation } from './deciding-observation.js';
import type { Facts } from './facts.js';
import { isPartnerOwned, offersOf, type LineOffer } from './offers.js';
import type { OrderRequest } from '../../order/order.js';
import { type Presence, presenceOf } from './presence.js';
import { type ProgramIndex, programIndexOf } from './program-index.js';

/**
 * An order at the gate: the request, the facts, and values that several rules derive from them.
 */
export interface Case {
  readonly order: OrderRequest;
  readonly facts: Facts;
  /** The order's date (UTC). */
  readonly date: string;
  /** The latest date on earth (UTC+14), for the customer's own dates. */
  readonly latestDate: string;
  readonly customer: Customer;
  readonly seller: Partner;
  readonly program: ProgramIndex;
  readonly publishedPolicy: PublishedPolicy;
  readonly policy: Policy;
  /** Absent when the seller is not registered. */
  readonly sellerModel: Partner['models'][number] | undefined;
  /** The markets of the seller that day: its registered market and its locations. */
  readonly sellerPresence: readonly Presence[];
  /**
   * The customer's market; absent if the customer is unknown or its country is not a CSP market.
   */
  readonly market: MarketRow | undefined;
  /**
   * The observation of the tenant that counts on that day: the latest, and on the same day the one
   * that says "associated".
   */
  readonly observation: Observation | undefined;
  /**
   * True if the seller owns the offers of all lines; then the order is not a sale in the CSP
   * program.
   */
  readonly isPartnerOwned: boolean;
  /** One for each line; absent if there is no list to judge them by. */
  readonly offers: readonly LineOffer[] | undefined;
}

export function caseOf(order: OrderRequest, facts: Facts): Case {
  const { customer, seller } = facts;
  const { date, latestDate } = facts.time;
  const { registration } = customer;
  const program = programIndexOf(facts.program);
  const publishedPolicy = program.policyOn(date);
  const market = registration && program.marketOf(registration.country, registration.marketCode);
  const isOwned = isPartnerOwned(order, facts);
  const isListed = isOwned || (market !== undefined && facts.priceList?.published !== undefined);
  return {
    order,
    facts,
    date,
    latestDate,
    customer,
    seller,
    program,
    publishedPolicy,
    policy: publishedPolicy.policy,
    sellerModel: seller.registration && latestOn(seller.models, date),
    sellerPresence: presenceOf(seller, program, date),
    market,
    observation: decidingObservation(customer.observations, latestDate),
    isPartnerOwned: isOwned,
    offers:
      registration && isListed
        ? offersOf(order, facts, date, {
            market: market?.marketCode,
            mayBuy: program.mayBuy(registration.qualifications),
            isAnySegmentSold: isOwned,
          })
        : undefined,
  };
}
