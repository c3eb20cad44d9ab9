import {
  type PriceListColumn,
  requiredColumns,
} from '../../../libs/domain/catalog/price-list-columns.js';
import { roundMoney, timesDecimal } from '../../../libs/domain/shared/money.js';
import type { BillingPlan, OfferTerm } from '../../../libs/domain/catalog/price-list.js';
import { type Product, software, type Software, subscriptions } from './products.js';

export interface DemoMarket {
  readonly market: string;
  readonly currency: string;
  /** Units of the currency for one US dollar. */
  readonly perUsd: string;
}

/** The markets of the demonstration's customers. */
export const demoMarkets: readonly DemoMarket[] = [
  { market: 'JP', currency: 'JPY', perUsd: '149' },
  { market: 'FR', currency: 'EUR', perUsd: '0.93' },
  { market: 'DE', currency: 'EUR', perUsd: '0.93' },
  { market: 'CH', currency: 'CHF', perUsd: '0.88' },
  { market: 'GB', currency: 'GBP', perUsd: '0.79' },
  { market: 'US', currency: 'USD', perUsd: '1' },
];

/**
 * A way to buy a subscription: its term, its billing plan, and the price as a number of monthly
 * prices.
 */
const plans: readonly {
  readonly term: OfferTerm;
  readonly plan: string;
  readonly billingPlan: BillingPlan;
  readonly months: string;
}[] = [
  { term: 'P1M', plan: 'Monthly', billingPlan: 'monthly', months: '1.2' },
  { term: 'P1Y', plan: 'Monthly', billingPlan: 'monthly', months: '12.6' },
  { term: 'P1Y', plan: 'Annual', billingPlan: 'annual', months: '12' },
  { term: 'P3Y', plan: 'Monthly', billingPlan: 'monthly', months: '36' },
  { term: 'P3Y', plan: 'Triennial', billingPlan: 'triennial', months: '34.2' },
];
/** The partner's share of the estimated retail price. */
const PARTNER_SHARE = '0.8';

const columns = [
  ...requiredColumns,
  'Segment',
  'Family',
  'MinQuantity',
  'MaxQuantity',
] as const satisfies readonly PriceListColumn[];
type Cells = Readonly<Record<(typeof columns)[number], string>>;

/** A market's list for a month with Partner Center's columns, as an operator would upload it. */
export function priceListCsv(market: DemoMarket, month: string): Uint8Array {
  const rows = [
    ...subscriptions.flatMap((product) =>
      plansOf(product).map((plan) => subscriptionRow(product, plan, market, month)),
    ),
    ...software.map((product) => softwareRow(product, market, month)),
  ];
  const records = rows.map((cells) => columns.map((column) => cells[column]));
  return Buffer.from([columns, ...records].map((cells) => cells.join(',')).join('\r\n') + '\r\n');
}

/** Offers of special segments are sold by the year. */
const plansOf = ({ segment }: Product): typeof plans =>
  segment === undefined ? plans : plans.filter(({ term }) => term === 'P1Y');

function subscriptionRow(
  { productId, title, monthlyUsd, segment, maxQuantity }: Product,
  plan: (typeof plans)[number],
  market: DemoMarket,
  month: string,
) {
  const prices = pricesOf(timesDecimal(monthlyUsd, plan.months), market);
  return rowOf({
    productId,
    title,
    market,
    month,
    term: plan.term,
    plan: plan.plan,
    ...prices,
    segment: segment ?? 'Commercial',
    family: 'Cloud',
    maxQuantity,
  });
}

function softwareRow({ productId, title, onceUsd }: Software, market: DemoMarket, month: string) {
  const prices = pricesOf(onceUsd, market);
  return rowOf({
    productId,
    title,
    market,
    month,
    term: '',
    plan: 'OneTime',
    ...prices,
    segment: 'Commercial',
    family: 'perpetual-software',
  });
}

function pricesOf(usd: string, { perUsd, currency }: DemoMarket) {
  const retail = roundMoney(timesDecimal(usd, perUsd), currency).amount;
  return { retail, cost: roundMoney(timesDecimal(retail, PARTNER_SHARE), currency).amount };
}

interface RowValues {
  readonly productId: string;
  readonly title: string;
  readonly market: DemoMarket;
  readonly month: string;
  readonly term: string;
  readonly plan: string;
  readonly cost: string;
  readonly retail: string;
  readonly segment: string;
  readonly family: string;
  readonly maxQuantity?: number | undefined;
}

function rowOf(row: RowValues): Cells {
  const {
    productId,
    title,
    market,
    month,
    term,
    plan,
    cost,
    retail,
    segment,
    family,
    maxQuantity,
  } = row;
  return {
    ProductTitle: title,
    ProductId: productId,
    SkuId: '0001',
    SkuTitle: title,
    Publisher: 'Microsoft Corporation',
    SkuDescription: title,
    UnitOfMeasure: term === '' ? '1 License' : '1 User',
    TermDuration: term,
    BillingPlan: plan,
    Market: market.market,
    Currency: market.currency,
    UnitPrice: cost,
    PricingTierRangeMin: '',
    PricingTierRangeMax: '',
    EffectiveStartDate: `${month}-01T00:00:00Z`,
    EffectiveEndDate: '9999-12-31T00:00:00Z',
    Tags: family === 'Cloud' ? 'License-based' : 'Software',
    'ERP Price': retail,
    Segment: segment,
    Family: family,
    MinQuantity: '1',
    MaxQuantity: maxQuantity === undefined ? '' : String(maxQuantity),
  };
}
