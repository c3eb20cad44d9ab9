import { CancelOrder, PlaceOrder } from '../../../libs/application/orders/order.commands.js';
import { PublishPriceList } from '../../../libs/application/price-lists/price-list.command.js';
import { ChangeProgram } from '../../../libs/application/program/program.commands.js';
import { commandIdFrom, orderIdOf } from '../../../libs/event-log/identity.js';
import type { CommandId } from '../../../libs/domain/shared/ids.js';
import { customerSteps, monthlyCheck } from './customer-steps.js';
import { demoCustomers } from './customers.js';
import { type DemoOrder, usualOrders } from './orders.js';
import { partnerSteps, registrationKey } from './partner-steps.js';
import { demoPartners } from './partners.js';
import { demoMarkets, priceListCsv, usdPerUnit } from './price-list.js';
import { refusedOrders } from './refused-orders.js';
import { type DemoStep, step } from './step.js';

/** Whoever runs it, it is the same demonstration: the same commands, and so the same ids. */
export const demoCommandId = (key: string): CommandId => commandIdFrom('process:demonstration', key);

/** The command that the demonstration begins with: a log that has partners and not this command's has other partners. */
export const firstCommandId = (): CommandId => demoCommandId(registrationKey(demoPartners[0]?.partnerId ?? ''));

/** Everything in its order: who there is, once; then the month's price lists and rates, its checks and its orders. */
export function demonstration(month: string): readonly DemoStep[] {
  const orders = usualOrders().map((order) => ({ ...order, key: `${month}/${order.key}` }));
  return [
    ...demoPartners.flatMap(partnerSteps),
    ...demoCustomers.flatMap(customerSteps),
    step(`${month}/rates`, (context) => new ChangeProgram(context, { type: 'publish-exchange-rates', month, usdPerUnit })),
    ...demoMarkets.map((market) =>
      step(
        `${month}/prices/${market.market}`,
        (context) => new PublishPriceList(context, market.market, month, priceListCsv(market, month)),
      ),
    ),
    ...demoCustomers.flatMap((customer) => monthlyCheck(customer, month)),
    ...orders.map(placing),
    ...refusedOrders.map((order) => placing({ ...order, key: `${month}/${order.key}` })),
    ...orders.filter((_, index) => index % 45 === 20).map(cancelling),
  ];
}

const placing = ({ key, order }: DemoOrder): DemoStep => step(key, (context) => new PlaceOrder(context, order));

const cancelling = ({ key }: DemoOrder): DemoStep =>
  step(`${key}/cancellation`, (context) => new CancelOrder(context, orderIdOf(demoCommandId(key)), 'ordered twice', undefined));
