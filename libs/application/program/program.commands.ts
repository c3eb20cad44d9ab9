import { Command } from '@nestjs/cqrs';
import type { ProgramCommand, ProgramRefusal } from '../../domain/program/program.decide.js';
import type { CommandContext, Outcome } from '../engine/commands/command-context.js';

/**
 * Anything that `program` alone decides: policies, agreement versions, exchange rates, rulesets,
 * the passing of days.
 */
export class ChangeProgram extends Command<Outcome<ProgramRefusal>> {
  constructor(
    readonly context: CommandContext,
    readonly change: ProgramCommand,
  ) {
    super();
  }
}
