import type { OfferPriceKey, PriceRow } from '../../catalog/price-list.js';
import type { RecentLine, RecentOrder } from '../../customer/recent-orders.js';
import type { Rounding } from '../../shared/money.js';
import type { OrderId, SubscriptionId } from '../../shared/ids.js';
import type { Ledger, PayerAccount } from '../account/payer-account.js';
import { cycleCharge, oneTimeCharge, quantityChange } from '../charges/charge-basis.js';
import { type ChargeSource, priceCharge, sourceKey } from '../charges/charge.js';
import { type Pricing, relationPrice } from '../prices/relation-price.js';
import type { SubscriptionRecord } from '../subscription/subscription-record.js';
import { cyclesOf } from '../terms/cycle.js';
import { termFrom } from '../terms/term.js';

/** A charge that is not on the account yet. */
export interface ExpectedCharge {
  readonly currency: string;
  /** First day, which decides the tax rate. */
  readonly on: string;
  readonly amount: string;
  readonly taxCategory: string;
}

/** The seller's price of one unit for the whole term; undefined: not published. */
export type PriceOf = (
  line: RecentLine,
  order: Pick<RecentOrder, 'currency' | 'date'>,
) => string | undefined;

export type SellingPriceOf = (
  offer: Pick<OfferPriceKey, 'offerId' | 'term' | 'billingPlan' | 'currency' | 'segment'>,
  date: string,
  quantity: number,
) => string | undefined;

/** At the selling price, else at the entity's pricing of the row that the line has. */
export const sellerPrice =
  (pricing: Pricing, sellingPriceOf: SellingPriceOf): PriceOf =>
  ({ unitPrice, erpPrice, segment, family, ...line }, { currency, date }) => {
    if (unitPrice === undefined || segment === undefined || family === undefined) return undefined;
    const row: Pick<PriceRow, 'unitPrice' | 'erpPrice' | 'family' | 'currency'> = {
      unitPrice,
      family,
      currency,
      ...(erpPrice !== undefined && { erpPrice }),
    };
    const selling = sellingPriceOf({ ...line, currency, segment }, date, line.quantity);
    return relationPrice(row, pricing, selling);
  };

/** The charge of a line on the day of its order: the first cycle, or all of a one-time purchase. */
export function firstCharge(
  line: RecentLine,
  { currency, date }: Pick<RecentOrder, 'currency' | 'date'>,
  unitPrice: string,
  rounding: Rounding,
): ExpectedCharge {
  const { term: duration, billingPlan, quantity, taxCategory = 'standard' } = line;
  const term = duration === 'none' ? undefined : termFrom(date, duration, billingPlan);
  const [cycle] = term ? cyclesOf(term) : [];
  const basis =
    term && cycle ? cycleCharge('new', term, cycle, quantity) : oneTimeCharge(date, quantity);
  const { amount } = priceCharge(basis, { unitPrice, cost: unitPrice, currency }, rounding);
  return { currency, on: date, amount, taxCategory };
}

/**
 * The charges of seats that are added on a day: the old quantity is credited and the new one charged,
 * both to the end of the cycle, at the price that the term has on the account. Undefined: the term
 * has no charge on the account, so its price is not known.
 */
export function addedSeatCharges(
  { subscriptionId, subscription, sold: { currency } }: SubscriptionRecord,
  seats: number,
  on: string,
  { unbilled, drafts, documents }: Pick<Ledger, 'unbilled' | 'drafts' | 'documents'>,
  rounding: Rounding,
): readonly ExpectedCharge[] | undefined {
  const { term, quantity } = subscription;
  const lines = [...documents, ...drafts]
    .filter(({ creditOf }) => creditOf === undefined)
    .flatMap((document) => document.lines)
    .map((line) => ({ ...line, taxCategory: line.tax.category }));
  const charged = [...lines, ...unbilled].findLast(
    ({ source, from }) =>
      source !== undefined &&
      'subscriptionId' in source &&
      source.subscriptionId === subscriptionId &&
      term.from <= from,
  );
  if (!charged || on < term.from || on > term.to) return undefined;
  const { unitPrice, taxCategory } = charged;
  const price = { unitPrice, cost: unitPrice, currency };
  return quantityChange(term, on, quantity, quantity + seats).map((basis) => ({
    currency,
    on,
    amount: priceCharge(basis, price, rounding).amount,
    taxCategory,
  }));
}

export type SubscriptionIdOf = (orderId: OrderId, line: number) => SubscriptionId;

/** The lines of an order whose charges are not on the account. */
export function unchargedLines(
  { orderId, lines }: RecentOrder,
  charged: ReadonlySet<string>,
  subscriptionIdOf: SubscriptionIdOf,
): readonly RecentLine[] {
  return lines.filter((line, index) => {
    const source: ChargeSource =
      line.term === 'none'
        ? { orderId, line: index }
        : { subscriptionId: subscriptionIdOf(orderId, index) };
    return !charged.has(sourceKey(source));
  });
}

const charges = new WeakMap<PayerAccount, ChargedSources>();

export interface ChargedSources {
  /** Keys of subscriptions and one-time lines with any charge. */
  readonly sources: ReadonlySet<string>;
  /** How often seats were added to a subscription on a day. */
  readonly additions: ReadonlyMap<string, number>;
}

/** Found once for each state of an account. */
export function chargedSources(account: PayerAccount): ChargedSources {
  let found = charges.get(account);
  if (!found) charges.set(account, (found = sourcesOf(account)));
  return found;
}

export const additionKey = (subscriptionId: string, date: string): string =>
  `${subscriptionId} ${date}`;

function sourcesOf({ ledgers }: PayerAccount): ChargedSources {
  const sources = new Set<string>();
  const additions = new Map<string, number>();
  for (const { unbilled, drafts, documents } of ledgers) {
    const lines = [...drafts, ...documents]
      .filter(({ creditOf }) => creditOf === undefined)
      .flatMap((document) => document.lines);
    for (const { source, type, date } of [...unbilled, ...lines]) {
      if (!source) continue;
      sources.add(sourceKey(source));
      if (type === 'addQuantity' && 'subscriptionId' in source) {
        const key = additionKey(source.subscriptionId, date);
        additions.set(key, (additions.get(key) ?? 0) + 1);
      }
    }
  }
  return { sources, additions };
}
