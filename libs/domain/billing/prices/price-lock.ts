import type { PriceRow } from '../../catalog/price-list.js';
import { type Pricing, relationPrice } from './relation-price.js';

/** A revision of a list or of an entity, with the place of its event in the log. */
export interface Revision {
  readonly position: number;
}

/**
 * The revisions in which the price of a term is looked for, in this order: the one in force when
 * the term began, or else the first one at all; then the later ones, for an offer that it does not
 * have.
 */
export function revisionsForTerm<R extends Revision>(
  revisions: readonly R[],
  beganAt: number,
): readonly R[] {
  const inForce = revisions.findLastIndex(({ position }) => position <= beganAt);
  return revisions.slice(Math.max(0, inForce));
}

/** What is known for a term, and the position from which it is known. */
export interface Known<Value> extends Revision {
  readonly value: Value;
}

export interface IssuerPrices {
  readonly entity: Known<{ readonly pricing: Pricing }>;
  readonly sellingPrice?: Known<string> | undefined;
  readonly row?: Known<PriceRow> | undefined;
}

/**
 * The price of one relation for a term: at the first position at which there is one, the selling
 * price, else the entity's pricing applied to the price list's row. A selling price that is
 * published later changes nothing. Undefined: there is none yet.
 */
export function lockedPrice(
  { entity, sellingPrice, row }: IssuerPrices,
  beganAt: number,
): string | undefined {
  const { pricing } = entity.value;
  const derived = row && relationPrice(row.value, pricing, undefined);
  if (row === undefined || derived === undefined) return sellingPrice?.value;
  if (sellingPrice === undefined) return derived;
  const derivedAt = Math.max(beganAt, entity.position, row.position);
  return sellingPrice.position <= derivedAt
    ? relationPrice(row.value, pricing, sellingPrice.value)
    : derived;
}
