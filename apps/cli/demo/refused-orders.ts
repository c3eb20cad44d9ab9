import type { OrderLine, OrderRequest } from '../../../libs/domain/order/order.js';
import type { Reason } from '../../../libs/domain/order/reasons.js';
import { partnerId, tenantId } from '../../../libs/domain/shared/ids.js';
import { type DemoCustomer, demoCustomers } from './customers.js';
import { type DemoOrder, lineOf, orderOf } from './orders.js';

const basic = lineOf('CFQ7TTC0LH18', 20, 'P1Y', 'monthly');
const facultyOnly = lineOf('CFQ7TTC0LF7A', 40, 'P1Y', 'annual');

type Change = (order: OrderRequest) => OrderRequest;
const soldBy =
  (seller: string): Change =>
  (order) => ({ ...order, partnerId: partnerId(seller) });
const inCurrency =
  (currency: string): Change =>
  (order) => ({ ...order, currency });
const withLines =
  (...lines: readonly OrderLine[]): Change =>
  (order) => ({ ...order, lines });

/**
 * Refused orders, one of each kind that an order desk has to handle. Each names the customer, the
 * mistake in the order, and the gate's reason.
 */
const refused: readonly (readonly [
  customer: string,
  reasons: readonly Reason[],
  ...changes: readonly Change[],
])[] = [
  ['06', ['tenant-csp-associated']],
  ['06', ['tenant-csp-associated', 'offer-segment-not-eligible'], withLines(basic, facultyOnly)],
  ['07', ['agreement-missing']],
  ['14', ['agreement-withdrawn']],
  [
    '14',
    ['currency-not-allowed', 'agreement-withdrawn', 'offer-not-on-price-list'],
    inCurrency('USD'),
  ],
  ['15', ['seller-membership-inactive']],
  ['23', ['tenant-association-unverified']],
  ['33', ['tenant-association-unverified']],
  ['12', ['seller-signing-authority-missing'], soldBy('mistral-services')],
  ['01', ['seller-unknown'], soldBy('kaname-distribition')],
  ['01', ['seller-is-provider'], soldBy('kaname-distribution')],
  ['41', ['seller-location-missing', 'market-outside-region'], soldBy('sakura-systems')],
  ['21', ['seller-location-missing', 'market-outside-region'], soldBy('cascade-cloud')],
  ['22', ['currency-not-allowed', 'offer-not-on-price-list'], inCurrency('USD')],
  ['31', ['offer-not-on-price-list'], withLines(lineOf('CFQ7TTC0ZZZZ', 5, 'P1Y', 'monthly'))],
  ['42', ['offer-term-not-available'], withLines(lineOf('DG7GMGF0D8H4', 2, 'P1Y', 'annual'))],
  ['02', ['offer-quantity-out-of-range'], withLines(lineOf('CFQ7TTC0LCHC', 301, 'P1Y', 'monthly'))],
  ['11', ['offer-segment-not-eligible'], withLines(facultyOnly)],
];

const customerOf = (id: string): DemoCustomer => {
  const customer = demoCustomers.find((one) => one.id === id);
  if (!customer) throw new Error(`no customer ${id}`);
  return customer;
};

/** For a tenant that is not a customer. */
const forUnknownTenant: DemoOrder & { readonly reasons: readonly Reason[] } = {
  key: 'refused/unknown-tenant',
  order: {
    ...orderOf(customerOf('01'), [basic], 'PO-9000'),
    tenantId: tenantId('5e515500-0000-4000-8000-0000000000ff'),
  },
  reasons: ['customer-unknown', 'tenant-association-unverified'],
};

export const refusedOrders: readonly (DemoOrder & { readonly reasons: readonly Reason[] })[] = [
  ...refused.map(([id, reasons, ...changes], index) => {
    const usual = orderOf(customerOf(id), [basic], `PO-${9001 + index}`);
    return {
      key: `refused/${index + 1}`,
      order: changes.reduce((order, change) => change(order), usual),
      reasons,
    };
  }),
  forUnknownTenant,
];
