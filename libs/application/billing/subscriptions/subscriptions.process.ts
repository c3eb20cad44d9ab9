import type { SubscriptionEvent } from '../../../domain/billing/subscription/subscription-events.js';
import { pricesConcernedBy, priceEventTypes } from '../../../domain/billing/prices/term-prices.js';
import type { CustomerEvent } from '../../../domain/customer/customer.js';
import {
  emptyProgram,
  evolveProgram,
  type Program,
  type ProgramEvent,
  requiredPolicyOn,
} from '../../../domain/program/program.js';
import type { Policy } from '../../../domain/program/policy.js';
import { programStream } from '../../../domain/shared/streams.js';
import { upcast } from '../../../event-log/catalogue/catalogue.js';
import { CommitSignal } from '../../../event-log/commits.js';
import type { EventLog, LoggedEvent, Position } from '../../../event-log/event-log.js';
import type { ReadModels } from '../../../read-models/read-models.js';
import type { Decisions } from '../../engine/commands/decisions.js';
import type { Logged } from '../../engine/commands/decision.js';
import type { LogProcess } from '../../engine/processes/log-process.js';
import type { StateCache } from '../../engine/states/state-cache.js';
import type { TermPricing } from '../term-pricing.js';
import { ChargeRecorder } from './charge-recorder.js';
import { takeDay } from './day.effects.js';
import { DueCharges } from './due-charges.js';
import { Effects } from './effects.js';
import type { EffectContext } from './effect-context.js';
import { cancelOrderLines, takePlacedOrder } from './order.effects.js';
import { chargeAfterPrices } from './price.effects.js';
import { subscriptionOf } from './subscription-reads.js';

export const SUBSCRIPTIONS_PROCESS = 'subscriptions';
const ACTOR = `process:${SUBSCRIPTIONS_PROCESS}`;

/** Changes by commands. Those that the process itself appended are charged with their cause. */
const changeTypes = [
  'SubscriptionImported',
  'SubscriptionQuantityChanged',
  'SubscriptionCancelled',
] as const satisfies readonly SubscriptionEvent['type'][];

/**
 * Turns order lines into subscriptions, renews and ends them, and records what is due in the
 * accounts of the payers. It keeps nothing between events but the policies and the day: what a day
 * concerns comes from the read model `subscriptions`, so a start reads no history.
 */
export class SubscriptionsProcess implements LogProcess {
  readonly name = SUBSCRIPTIONS_PROCESS;
  readonly types = [
    'PolicyPublished',
    'DayStarted',
    'OrderPlaced',
    'OrderCancelled',
    ...changeTypes,
    ...priceEventTypes,
  ];
  /** Commands wait for this signal. */
  readonly taken = new CommitSignal();
  /** Folded from the policies in `program` only. */
  private policies: Program = emptyProgram;
  private today = '';
  private through: Position = -1;
  private lastAppended: Position = -1;
  private readonly due: DueCharges;

  constructor(
    private readonly log: EventLog,
    private readonly readModels: ReadModels,
    private readonly states: StateCache,
    private readonly decisions: Decisions,
    pricing: Pick<TermPricing, 'pricesOf'>,
  ) {
    this.due = new DueCharges(log, pricing, (day) => this.policyOn(day));
  }

  /** Every event up to this position has its effects in the log. */
  get takenThrough(): Position {
    return this.through;
  }

  async begin(through: Position): Promise<void> {
    this.policies = emptyProgram;
    this.today = '';
    for await (const page of this.log.readStream(programStream, { upTo: through }))
      for (const event of page) this.follow(upcast(event));
    this.reached(through);
  }

  reached(through: Position): void {
    this.through = Math.max(this.through, through);
    this.taken.notify();
  }

  async take(event: LoggedEvent): Promise<void> {
    this.follow(event);
    const effects = new Effects(this.name, this.decisions, event, (position) => {
      this.lastAppended = Math.max(this.lastAppended, position);
    });
    const recorder = new ChargeRecorder(effects);
    await this.effect(event, {
      log: this.log,
      readModels: this.readModels,
      states: this.states,
      effects,
      due: this.due,
      recorder,
      policyOn: (day) => this.policyOn(day),
      today: this.today,
      covering: () => Math.max(event.position, this.lastAppended),
    });
    await recorder.flush();
    this.reached(event.position);
  }

  private async effect(event: LoggedEvent, of: EffectContext): Promise<void> {
    const { type, position: knownAt } = event;
    // `types` has these events only, and the catalogue has checked their data.
    switch (type) {
      case 'PolicyPublished':
        return;
      case 'DayStarted':
        return takeDay(event, this.today, of);
      case 'OrderPlaced':
        return takePlacedOrder(event as EventOf<'OrderPlaced'>, of);
      case 'OrderCancelled':
        return cancelOrderLines(event as EventOf<'OrderCancelled'>, of);
    }
    const concerned = pricesConcernedBy(event);
    if (concerned) return chargeAfterPrices(event, concerned, of);
    if (event.metadata.actor === ACTOR) return;
    const { record } = await subscriptionOf(event.stream, this.states);
    if (!record) return;
    await of.recorder.add(
      await this.due.ofSubscription(record, { since: '', through: this.today, knownAt }),
    );
  }

  private policyOn(day: string): Policy {
    return requiredPolicyOn(this.policies, day).policy;
  }

  private follow(event: LoggedEvent): void {
    if (event.type === 'PolicyPublished')
      this.policies = evolveProgram(this.policies, event as unknown as ProgramEvent);
    if (event.type === 'DayStarted') this.today = (event.data as { readonly date: string }).date;
  }
}

type EventOf<Type extends CustomerEvent['type']> = Logged<Extract<CustomerEvent, { type: Type }>>;
