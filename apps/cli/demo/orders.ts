import type { OrderLine, OrderRequest } from '../../../libs/domain/order/order.js';
import { partnerId, tenantId } from '../../../libs/domain/shared/ids.js';
import { type DemoCustomer, demoCustomers, tenantIdOf } from './customers.js';
import { demoMarkets } from './price-list.js';
import { software, subscriptions } from './products.js';

export interface DemoOrder {
  readonly key: string;
  readonly order: OrderRequest;
}

const ORDERS_OF_A_MONTH = 190;

/**
 * The usual orders of a month: every customer that can buy places some, in varying quantities.
 * Nothing is random: every run has the same orders.
 */
export function usualOrders(): readonly DemoOrder[] {
  const buyers = demoCustomers.filter(canBuy);
  return Array.from({ length: ORDERS_OF_A_MONTH }, (_, index) => {
    const customer = at(buyers, index);
    const count = index % 7 === 0 ? 3 : index % 3 === 0 ? 2 : 1;
    const lines = Array.from({ length: count }, (_line, line) =>
      usualLine(customer, index * 5 + line * 17),
    );
    return { key: `order/${index + 1}`, order: orderOf(customer, lines, `PO-${1000 + index}`) };
  });
}

const canBuy = ({ agreement, tenantCheck, seller }: DemoCustomer): boolean =>
  agreement !== undefined &&
  agreement.withdrawnOn === undefined &&
  tenantCheck === undefined &&
  seller !== 'ardoise-numerique';

function usualLine(customer: DemoCustomer, seed: number): OrderLine {
  if (seed % 11 === 4)
    return lineOf(at(software, seed).productId, 1 + (seed % 3), 'none', 'one_time');
  const offered = subscriptions.filter(
    ({ segment }) => segment === undefined || customer.qualifications?.includes(segment),
  );
  const product = at(offered, seed);
  const quantity = 1 + ((seed * 13) % 60);
  if (product.segment !== undefined)
    return lineOf(product.productId, quantity, 'P1Y', seed % 2 === 0 ? 'monthly' : 'annual');
  return seed % 4 === 0
    ? lineOf(product.productId, quantity, 'P1M', 'monthly')
    : lineOf(product.productId, quantity, 'P1Y', seed % 2 === 0 ? 'annual' : 'monthly');
}

export const lineOf = (
  productId: string,
  quantity: number,
  term: OrderLine['term'],
  billingPlan: OrderLine['billingPlan'],
): OrderLine => ({
  offerId: `${productId}:0001`,
  quantity,
  term,
  billingPlan,
});

export const orderOf = (
  customer: DemoCustomer,
  lines: readonly OrderLine[],
  reference: string,
): OrderRequest => ({
  partnerId: partnerId(customer.seller),
  tenantId: tenantId(tenantIdOf(customer)),
  currency: demoMarkets.find(({ market }) => market === customer.country)?.currency ?? 'USD',
  lines,
  reference,
});

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length];
  if (item === undefined) throw new Error('an empty list');
  return item;
}
