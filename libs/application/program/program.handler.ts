import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { rulesets } from '../../domain/gate/rulesets.js';
import type { Program, ProgramEvent } from '../../domain/policy/program.js';
import { decideProgram, type ProgramRefusal } from '../../domain/policy/program.decide.js';
import type { Outcome } from '../decisions/context.js';
import { Decisions } from '../decisions/decisions.js';
import { programFold } from '../states/fold.js';
import { Clock } from '../time/clock.js';
import { ChangeProgram } from './program.commands.js';

const knownRulesets = rulesets.map(({ name }) => name);

@CommandHandler(ChangeProgram)
export class ChangeProgramHandler implements ICommandHandler<ChangeProgram> {
  constructor(
    private readonly decisions: Decisions,
    private readonly clock: Clock,
  ) {}

  execute({ context, change }: ChangeProgram): Promise<Outcome<ProgramRefusal>> {
    return this.decisions.commit<Program, ProgramEvent, ProgramRefusal>(context, programFold, ({ state: program }) => {
      const decided = decideProgram(change, program, { knownRulesets, now: this.clock.instant() });
      return decided.ok ? { ok: true, value: { events: decided.value } } : decided;
    });
  }
}
