import { Command } from '@nestjs/cqrs';
import type { ProgramEvent } from '../../domain/program/program.js';
import type { ProgramCommand, ProgramRefusal } from '../../domain/program/program.decide.js';
import type { CommandContext } from '../engine/commands/command-context.js';
import type { Outcome } from '../engine/commands/decision.js';

/**
 * A command that is decided on `program` alone: policies, agreement versions, exchange rates,
 * rulesets, days.
 */
export class ChangeProgram extends Command<Outcome<ProgramRefusal, ProgramEvent>> {
  constructor(
    readonly context: CommandContext,
    readonly change: ProgramCommand,
  ) {
    super();
  }
}
