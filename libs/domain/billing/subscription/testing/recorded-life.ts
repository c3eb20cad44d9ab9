import { addDays } from '../../../shared/calendar.js';
import { assumed, type Proposed } from '../../../shared/event.js';
import { eventId, orderId, partnerId, subscriptionId, tenantId } from '../../../shared/ids.js';
import { nextTermStart, termFrom } from '../../terms/term.js';
import {
  decideSubscription,
  decideTermEnd,
  type SubscriptionCommand,
} from '../subscription.decide.js';
import type { SubscriptionEvent } from '../subscription-events.js';
import {
  chargesThrough,
  evolveSubscription,
  isRunning,
  noSubscription,
  type SubscriptionRecord,
  type SubscriptionState,
} from '../subscription-record.js';
import type { Command, Life } from './plain-life.js';

const sold = {
  tenantId: tenantId('3f2504e0-4f89-41d3-9a0c-0305e82c3301'),
  partnerId: partnerId('reseller'),
  currency: 'JPY',
  offerId: 'CFQ7TTC0LH18:0001',
  title: 'Microsoft 365 E3',
  segment: 'commercial',
  family: 'cloud',
} as const;
const id = subscriptionId('7df63af6-c7f9-53ce-9cbe-f5cf23555228');

/** A subscription whose events are numbered. */
export class Recording {
  private state: SubscriptionState = noSubscription;
  private events = 0;

  append(events: readonly Proposed<SubscriptionEvent>[]): void {
    for (const event of events) {
      const recorded = assumed<SubscriptionEvent>(event);
      this.state = evolveSubscription(this.state, {
        ...recorded,
        id: eventId(`e${++this.events}`),
      });
    }
  }

  get record(): SubscriptionRecord {
    if (!this.state.record) throw new Error('nothing is recorded');
    return this.state.record;
  }
}

export const activation = ({
  start,
  term,
  billingPlan,
  quantity,
  windowDays,
}: Pick<
  Life,
  'start' | 'term' | 'billingPlan' | 'quantity' | 'windowDays'
>): Proposed<SubscriptionEvent> => ({
  type: 'SubscriptionActivated',
  data: {
    subscriptionId: id,
    orderId: orderId('1b7a837f-8d42-5af4-bb8c-6311c25d000f'),
    line: 0,
    ...sold,
    ...termFrom(start, term, billingPlan),
    quantity,
    windowDays,
    unitPrice: '1',
    begunAt: 0,
  },
});

/** A subscription's events, decided day by day as the process and the commands do. */
export function recordedLife(life: Life) {
  const recording = new Recording();
  recording.append([activation(life)]);
  const outcomes: string[] = [];
  const passTermEnds = (through: string): void => {
    for (;;) {
      const day = nextTermStart(recording.record.subscription.term);
      if (day > through || !isRunning(recording.record.subscription)) return;
      recording.append(
        decideTermEnd(recording.record, { day, windowDays: life.windowDays, begunAt: 0 }),
      );
    }
  };
  for (const command of life.commands) {
    const today = addDays(life.start, command.day);
    passTermEnds(today);
    const { windowDays } = life;
    const added = seatsAdded(command, recording.record);
    const decided =
      added === undefined
        ? decideSubscription(commandOf(command), recording.record, { today, windowDays })
        : {
            ok: true as const,
            value: [{ ...added, data: { ...added.data, on: today, windowDays } }],
          };
    outcomes.push(decided.ok ? 'ok' : decided.refusal.code);
    if (decided.ok) recording.append(decided.value);
  }
  const lastDay = addDays(life.start, life.days - 1);
  passTermEnds(lastDay);
  return { charges: chargesThrough(recording.record, lastDay), outcomes };
}

/** An order adds seats; its effect is this event. */
function seatsAdded(command: Command, { subscription }: SubscriptionRecord) {
  if (command.do !== 'quantity' || subscription.status !== 'active') return undefined;
  if (command.quantity <= subscription.quantity) return undefined;
  return {
    type: 'SubscriptionQuantityChanged' as const,
    data: { quantity: command.quantity },
  };
}

function commandOf(command: Command): SubscriptionCommand {
  switch (command.do) {
    case 'quantity':
      return { type: 'reduce', quantity: command.quantity };
    case 'suspend':
    case 'resume':
    case 'cancel':
      return { type: command.do, reason: 'test' };
    case 'atTermEnd': {
      const { day: _day, do: _do, ...atTermEnd } = command;
      return { type: 'set-term-end', atTermEnd };
    }
  }
}
