import type { PricesConcerned } from '../../../domain/billing/prices/term-prices.js';
import { orderId, subscriptionId } from '../../../domain/shared/ids.js';
import type { LoggedEvent } from '../../../event-log/event-log.js';
import { subscriptionFold } from '../../records/folds.js';
import { pagesOf } from './subscription-reads.js';
import type { EffectContext } from './effect-context.js';

/**
 * Records charges that were due before their price was published. A new billing entity bills
 * everything that its partner sold, or that was bought through it, from the beginning.
 */
export async function chargeAfterPrices(
  { type, position: knownAt }: LoggedEvent,
  concerned: PricesConcerned,
  of: EffectContext,
): Promise<void> {
  const due = { since: '', through: of.today, knownAt };
  const { readModels, recorder } = of;
  const covering = of.covering();
  const { partnerId } = concerned;
  if (type === 'BillingEntityRegistered' && partnerId !== undefined) {
    const subscriptions = pagesOf((after) =>
      readModels.scanSubscriptions({ partnerId, covering, after }),
    );
    for await (const page of subscriptions)
      for (const { record } of page) await recorder.add(await of.due.ofSubscription(record, due));
    const orders = pagesOf((after) => readModels.scanOneTimeOrders({ partnerId, covering, after }));
    for await (const page of orders)
      for (const { order } of page) await recorder.add(await of.due.ofOneTimeOrder(order, due));
    return;
  }
  const blocked = pagesOf((after) =>
    readModels.scanBlockedCharges({ ...concerned, covering, after }),
  );
  for await (const page of blocked) {
    for (const { source } of page) {
      if ('subscriptionId' in source) {
        const fold = subscriptionFold(subscriptionId(source.subscriptionId));
        const { record } = (await of.states.load(fold)).state;
        if (record) await recorder.add(await of.due.ofSubscription(record, due));
      } else {
        const orderIds = [orderId(source.orderId)];
        const { items } = await readModels.scanOneTimeOrders({ orderIds, covering });
        for (const { order } of items) await recorder.add(await of.due.ofOneTimeOrder(order, due));
      }
    }
  }
}
