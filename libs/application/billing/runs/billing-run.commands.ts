import { Command } from '@nestjs/cqrs';
import type { RunRequest } from '../../../domain/billing/runs/billing-run.js';
import type { RunRefusal } from '../../../domain/billing/runs/start-run.js';
import type { CommandContext } from '../../engine/commands/command-context.js';
import type { Outcome } from '../../engine/commands/decision.js';

/** Starts a billing run. Its id derives from the command. */
export class StartBillingRun extends Command<Outcome<RunRefusal>> {
  constructor(
    readonly context: CommandContext,
    readonly request: RunRequest,
  ) {
    super();
  }
}
