import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type RunRefusal, startRun } from '../../../domain/billing/runs/start-run.js';
import { accept } from '../../../domain/shared/result.js';
import { billingRunIdOf } from '../../../event-log/identity.js';
import type { Outcome } from '../../engine/commands/decision.js';
import { Decisions } from '../../engine/commands/decisions.js';
import { Clock } from '../../engine/time/clock.js';
import { SubscriptionEffects } from '../../days/subscription-effects.js';
import { StartBillingRun } from './billing-run.commands.js';
import { billingRunFold } from './billing-run-fold.js';

/** The run itself is the work of the process `billing-run`, which follows the log. */
@CommandHandler(StartBillingRun)
export class StartBillingRunHandler implements ICommandHandler<StartBillingRun> {
  constructor(
    private readonly decisions: Decisions,
    private readonly clock: Clock,
    private readonly effects: SubscriptionEffects,
  ) {}

  async execute({ context, request }: StartBillingRun): Promise<Outcome<RunRefusal>> {
    const runId = billingRunIdOf(context.commandId);
    const before = await this.decisions.recordedUnscoped(context);
    if (before) return before;
    // The charges of every day up to today are recorded before the run is.
    await this.effects.settled();
    return this.decisions.commit(context, billingRunFold(runId), () => {
      const started = startRun(runId, request, this.clock.judgementTime().date);
      return started.ok ? accept({ events: started.value }) : started;
    });
  }
}
