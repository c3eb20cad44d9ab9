import { negated, productOf, quotient, type Rounding } from '../../shared/money.js';
import type { ChargeBasis, ChargeType } from './charge-basis.js';

/** The seller bills its customer; an indirect provider bills its reseller. */
export type Relation = 'customer' | 'reseller';

export interface Charge {
  readonly type: ChargeType;
  readonly from: string;
  readonly to: string;
  readonly date: string;
  readonly quantity: number;
  /** One unit for the whole term, as the price list has it. */
  readonly unitPrice: string;
  /** Negative for a credit. */
  readonly amount: string;
  /**
   * The same at the price list's UnitPrice: what Microsoft charges the partner. Absent for a
   * partner's own offer.
   */
  readonly cost?: string;
}

/** Prices of one unit for the whole term, in one currency. */
export interface LockedPrice {
  readonly unitPrice: string;
  readonly cost?: string;
  readonly currency: string;
}

/** A charge of one relation. Each amount is computed exactly and rounded once. */
export function priceCharge(
  { half, days, cycleDays, cycles, ...basis }: ChargeBasis,
  { unitPrice, cost, currency }: LockedPrice,
  rounding: Rounding,
): Charge {
  const amountAt = (price: string): string => {
    const amount = quotient(
      productOf(price, basis.quantity, days),
      productOf(cycles, cycleDays),
      currency,
      rounding,
    );
    return half === 'credit' ? negated(amount) : amount;
  };
  return {
    ...basis,
    unitPrice,
    amount: amountAt(unitPrice),
    ...(cost !== undefined && { cost: amountAt(cost) }),
  };
}

export type ChargeSource =
  { readonly subscriptionId: string } | { readonly orderId: string; readonly line: number };

export const sourceKey = (source: ChargeSource): string =>
  'subscriptionId' in source ? source.subscriptionId : `${source.orderId} ${source.line}`;

/**
 * The identity of a charge. Repeated runs and processes derive the same key, so a charge is billed
 * once. `causedBy` is the event that began the term, or the one that changed the subscription: two
 * changes on one day are two charges.
 */
export interface ChargeIdentity {
  readonly source: ChargeSource;
  readonly relation: Relation;
  readonly type: ChargeType;
  readonly from: string;
  readonly causedBy: string;
  readonly half: 'charge' | 'credit';
}

/** The same identity as a list of texts and numbers, from which the id is derived. */
export const chargeKey = ({
  source,
  relation,
  type,
  from,
  causedBy,
  half,
}: ChargeIdentity): readonly (string | number)[] => [
  ...('subscriptionId' in source
    ? ['subscription', source.subscriptionId]
    : ['order', source.orderId, source.line]),
  relation,
  type,
  from,
  causedBy,
  half,
];
