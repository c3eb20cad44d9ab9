import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { windowDaysOf } from '../../../domain/billing/subscription/order-lines.js';
import { decideSubscription } from '../../../domain/billing/subscription/subscription.decide.js';
import type { SubscriptionEvent } from '../../../domain/billing/subscription/subscription-events.js';
import type { SubscriptionState } from '../../../domain/billing/subscription/subscription-record.js';
import { isInScope } from '../../../domain/customer/customer-scope.js';
import { programIndexOf } from '../../../domain/gate/case/program-index.js';
import { accept, refuse, type Result } from '../../../domain/shared/result.js';
import type { InScope } from '../../engine/commands/scope-check.js';
import type { Decided, Outcome } from '../../engine/commands/decision.js';
import { Decisions } from '../../engine/commands/decisions.js';
import { StateCache } from '../../engine/states/state-cache.js';
import { Clock } from '../../engine/time/clock.js';
import { customerFold, subscriptionFold } from '../../records/folds.js';
import { programFacts } from '../../records/program-facts.js';
import { ChangeSubscription, type ChangeSubscriptionRefusal } from './subscription.commands.js';
import { SubscriptionEffects } from '../../days/subscription-effects.js';

/**
 * Commands on a subscription are decided after the effects of every day up to today, and of every
 * order before them.
 */
@CommandHandler(ChangeSubscription)
export class ChangeSubscriptionHandler implements ICommandHandler<ChangeSubscription> {
  constructor(
    private readonly decisions: Decisions,
    private readonly states: StateCache,
    private readonly clock: Clock,
    private readonly effects: SubscriptionEffects,
  ) {}

  async execute({
    context,
    subscriptionId,
    command,
  }: ChangeSubscription): Promise<Outcome<ChangeSubscriptionRefusal, SubscriptionEvent>> {
    const before = await this.decisions.recordedUnscoped<SubscriptionEvent>(context);
    if (before) return before;
    await this.effects.settled();
    const fold = subscriptionFold(subscriptionId);
    return this.decisions.commit(
      context,
      fold,
      async (): Promise<Result<Decided<SubscriptionEvent>, ChangeSubscriptionRefusal>> => {
        await this.effects.settled();
        // The effects may have changed what was loaded: then the append fails, and is decided again.
        const { record } = (await this.states.load(fold)).state;
        if (!record) return refuse({ code: 'subscription-unknown' });
        const { facts, guards } = await programFacts(this.states, this.clock);
        const { policy } = programIndexOf(facts.program).policyOn(facts.today);
        const decided = decideSubscription(command, record, {
          today: facts.today,
          windowDays: windowDaysOf(record.sold, policy),
        });
        if (!decided.ok) return decided;
        // Orders that add seats are in the customer's stream.
        const { stream, revision } = await this.customer(record.sold.tenantId);
        return accept({ events: decided.value, guards: [...guards, { stream, revision }] });
      },
      this.inScope,
    );
  }

  /** Its own subscription of a customer in its scope. An unknown one is outside every scope. */
  private readonly inScope: InScope<SubscriptionState> = async ({ state: { record } }, scope) => {
    if (!record || !scope.includes(record.sold.partnerId)) return false;
    const { state } = await this.customer(record.sold.tenantId);
    return isInScope(state, scope, this.clock.judgementTime().date);
  };

  private async customer(tenantId: Parameters<typeof customerFold>[0]) {
    const fold = customerFold(tenantId);
    const { state, revision } = await this.states.load(fold);
    return { stream: fold.stream, state, revision };
  }
}
