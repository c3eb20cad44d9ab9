import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { rulesets } from '../../domain/gate/rulesets.js';
import type { Program, ProgramEvent } from '../../domain/program/program.js';
import {
  decideProgram,
  type ProgramCommand,
  type ProgramRefusal,
} from '../../domain/program/program.decide.js';
import type { Outcome } from '../engine/commands/decision.js';
import { Decisions } from '../engine/commands/decisions.js';
import { programFold } from '../records/folds.js';
import { Clock } from '../engine/time/clock.js';
import { ChangeProgram } from './program.commands.js';

/**
 * Policies, agreement versions and rates are separate resources, but all have the revision of the
 * one stream `program`.
 */
const isPublished =
  (change: ProgramCommand) =>
  ({ policies, agreementVersions, exchangeRates }: Program): boolean => {
    switch (change.type) {
      case 'publish-policy':
        return policies.some(({ effectiveFrom }) => effectiveFrom === change.effectiveFrom);
      case 'publish-agreement-version':
        return agreementVersions.some(({ version }) => version === change.version);
      case 'publish-exchange-rates':
        return exchangeRates.has(change.month);
      default:
        return true; // the program itself
    }
  };

const knownRulesets = rulesets.map(({ name }) => name);

@CommandHandler(ChangeProgram)
export class ChangeProgramHandler implements ICommandHandler<ChangeProgram> {
  constructor(
    private readonly decisions: Decisions,
    private readonly clock: Clock,
  ) {}

  execute({ context, change }: ChangeProgram): Promise<Outcome<ProgramRefusal, ProgramEvent>> {
    return this.decisions.commit(
      context,
      { ...programFold, exists: isPublished(change) },
      ({ state: program }) => {
        const decided = decideProgram(change, program, {
          knownRulesets,
          now: this.clock.instant(),
        });
        return decided.ok ? { ok: true, value: { events: decided.value } } : decided;
      },
    );
  }
}
