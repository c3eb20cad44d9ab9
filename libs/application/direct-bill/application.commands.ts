import { Command } from '@nestjs/cqrs';
import type {
  ApplicationCommand,
  ApplicationRefusal,
} from '../../domain/direct-bill/application.decide.js';
import type { ApplicationId } from '../../domain/shared/ids.js';
import type { CommandContext } from '../engine/commands/command-context.js';
import type { Outcome } from '../engine/commands/decision.js';

/** A step of a direct-bill application. The first step submits it. */
export class TakeApplicationStep extends Command<Outcome<ApplicationRefusal>> {
  constructor(
    readonly context: CommandContext,
    readonly applicationId: ApplicationId,
    readonly step: ApplicationCommand,
  ) {
    super();
  }
}
