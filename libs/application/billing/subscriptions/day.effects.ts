import type { SubscriptionRecord } from '../../../domain/billing/subscription/subscription-record.js';
import { decideTermEnd } from '../../../domain/billing/subscription/subscription.decide.js';
import type { SubscriptionEvent } from '../../../domain/billing/subscription/subscription-events.js';
import { windowDaysOf } from '../../../domain/billing/subscription/order-lines.js';
import { nextTermStart } from '../../../domain/billing/terms/term.js';
import type { LoggedEvent } from '../../../event-log/event-log.js';
import { decided } from '../../engine/commands/decision.js';
import { subscriptionFold } from '../../records/folds.js';
import { pagesOf } from './subscription-reads.js';
import type { EffectContext } from './effect-context.js';

/**
 * The effects of a day: terms that ended are renewed or expire, and the cycles that start are
 * charged. The charges of a day are found again after a crash, because a renewed subscription's
 * cycles start on the same day of the month.
 */
export async function takeDay(
  { position: begunAt }: LoggedEvent,
  day: string,
  of: EffectContext,
): Promise<void> {
  const covering = of.covering();
  const pages = pagesOf((after) =>
    of.readModels.scanSubscriptions({ dueOn: day, covering, after }),
  );
  for await (const page of pages) {
    const records = page.map(({ record }) => record);
    const ending = records.filter(({ subscription }) => nextTermStart(subscription.term) === day);
    await of.effects.inParallel(ending, (record) => endTerm(record, day, begunAt, of));
    const after = await Promise.all(records.map((record) => current(record, ending, of)));
    for (const record of after)
      await of.recorder.add(
        await of.due.ofSubscription(record, { since: day, through: day, knownAt: begunAt }),
      );
  }
}

const endTerm = (
  { subscriptionId, sold }: SubscriptionRecord,
  day: string,
  begunAt: number,
  { effects, policyOn }: EffectContext,
): Promise<void> =>
  effects.commit<SubscriptionEvent, { record?: SubscriptionRecord }>(
    `term end ${subscriptionId}`,
    subscriptionFold(subscriptionId),
    ({ state: { record } }) => {
      const windowDays = windowDaysOf(sold, policyOn(day));
      return decided(record ? decideTermEnd(record, { day, windowDays, begunAt }) : []);
    },
  );

/** The row of the read model, unless the day changed the subscription. */
async function current(
  record: SubscriptionRecord,
  ending: readonly SubscriptionRecord[],
  { states }: EffectContext,
): Promise<SubscriptionRecord> {
  if (!ending.includes(record)) return record;
  const { state } = await states.load(subscriptionFold(record.subscriptionId));
  return state.record ?? record;
}
