import type { SubscriptionState } from '../../../domain/billing/subscription/subscription-record.js';
import { type StreamName, subscriptionId } from '../../../domain/shared/ids.js';
import type { ScanKey, ScanPage } from '../../../read-models/subscriptions.js';
import type { View } from '../../engine/states/view.js';
import { subscriptionFold } from '../../records/folds.js';

export async function subscriptionOf(stream: StreamName, states: View): Promise<SubscriptionState> {
  const id = subscriptionId(stream.slice('subscription-'.length));
  return (await states.load(subscriptionFold(id))).state;
}

/** The pages of a scan. */
export async function* pagesOf<Item>(
  scan: (after: ScanKey | undefined) => Promise<ScanPage<Item>>,
): AsyncGenerator<readonly Item[]> {
  for (let after: ScanKey | undefined; ;) {
    const { items, next } = await scan(after);
    yield items;
    if (next === undefined) return;
    after = next;
  }
}
