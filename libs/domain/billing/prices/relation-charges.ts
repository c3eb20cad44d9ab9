import { type Charge, priceCharge, type Relation } from '../charges/charge.js';
import type { CausedCharge } from '../subscription/subscription.js';
import type { OfferFamily } from '../../catalog/price-list.js';
import type { Rounding } from '../../shared/money.js';

/** The prices of one term; one that is absent has not been published. */
export interface TermPrices {
  readonly currency: string;
  readonly family: OfferFamily;
  /** UnitPrice of the price list. A partner's own offers have no cost from Microsoft. */
  readonly cost?: string;
  readonly customer?: string;
  readonly reseller?: string;
}

export interface RelationCharge {
  readonly relation: Relation;
  readonly causedBy: string;
  readonly half: 'charge' | 'credit';
  readonly charge: Charge;
}

export interface RelationCharges {
  readonly charges: readonly RelationCharge[];
  /** Relations that cannot be charged until their price, or the cost, is published. */
  readonly priceMissing: readonly Relation[];
}

/**
 * The same life of a subscription, charged in each relation that bills at the relation's own price.
 */
export function relationCharges(
  bases: readonly CausedCharge[],
  relations: readonly Relation[],
  prices: TermPrices,
  rounding: Rounding,
): RelationCharges {
  const charges: RelationCharge[] = [];
  const priceMissing: Relation[] = [];
  const { cost, currency, family } = prices;
  const isCostMissing = cost === undefined && family !== 'partner-owned';
  for (const relation of relations) {
    const unitPrice = prices[relation];
    if (unitPrice === undefined || isCostMissing) priceMissing.push(relation);
    else {
      for (const { causedBy, ...basis } of bases) {
        const charge = priceCharge(
          basis,
          { unitPrice, currency, ...(cost !== undefined && { cost }) },
          rounding,
        );
        charges.push({ relation, causedBy, half: basis.half, charge });
      }
    }
  }
  return { charges, priceMissing };
}
