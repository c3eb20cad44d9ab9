import { CancelOrder, PlaceOrder } from '../../../libs/application/orders/order.commands.js';
import { PublishPriceList } from '../../../libs/application/price-lists/price-list.command.js';
import { orderIdOf } from '../../../libs/event-log/identity.js';
import type { CommandId } from '../../../libs/domain/shared/ids.js';
import { customerSteps, monthlyCheck } from './customer-steps.js';
import { demoCustomers } from './customers.js';
import { type DemoOrder, usualOrders } from './orders.js';
import { partnerSteps, registrationKey } from './partner-steps.js';
import { demoPartners } from './partners.js';
import { demoMarkets, priceListCsv } from './price-list.js';
import { qualificationSteps } from './qualification-steps.js';
import { refusedOrders } from './refused-orders.js';
import { publication, revenueSteps } from './revenue-steps.js';
import { demoCommandId, type DemoStep, step } from './step.js';

/**
 * The first command of the demonstration. A log that has partners but not this command has real
 * partners.
 */
export const firstCommandId = (): CommandId =>
  demoCommandId(registrationKey(demoPartners[0]?.partnerId ?? ''));

/**
 * All commands in order: partners and customers, once; then the month's price lists and rates, its
 * checks and its orders; then the revenue of the years before `firstMonth` (the month of the log's
 * first demonstration) and of the months since.
 */
export function demonstration(month: string, firstMonth: string): readonly DemoStep[] {
  const orders = usualOrders().map((order) => ({ ...order, key: `${month}/${order.key}` }));
  return [
    ...demoPartners.flatMap(partnerSteps),
    ...demoCustomers.flatMap(customerSteps),
    publication(month),
    ...demoMarkets.map((market) =>
      step(
        `${month}/prices/${market.market}`,
        (context) =>
          new PublishPriceList(context, market.market, month, priceListCsv(market, month)),
      ),
    ),
    ...demoCustomers.flatMap((customer) => monthlyCheck(customer, month)),
    ...orders.map(placing),
    ...refusedOrders.map((order) => placing({ ...order, key: `${month}/${order.key}` })),
    ...orders.filter((_, index) => index % 45 === 20).map(cancelling),
    ...revenueSteps(month, firstMonth),
    ...qualificationSteps(firstMonth),
  ];
}

const placing = ({ key, order }: DemoOrder): DemoStep =>
  step(key, (context) => new PlaceOrder(context, order));

const cancelling = ({ key }: DemoOrder): DemoStep =>
  step(
    `${key}/cancellation`,
    (context) => new CancelOrder(context, orderIdOf(demoCommandId(key)), 'ordered twice'),
  );
