import type { INestApplicationContext } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { CommandContext } from '../../../libs/application/engine/commands/command-context.js';
import { monthOf } from '../../../libs/domain/shared/calendar.js';
import type { EventLog, LoggedEvent } from '../../../libs/event-log/event-log.js';
import { actor } from '../running/command-context.js';
import { configured } from '../running/command-configuration.js';
import { CouldNotRun, exitCodes, type ExitCode } from '../running/exit.js';
import { refusalText } from '../running/failure-text.js';
import { withApplication } from '../running/log-session.js';
import type { Terminal } from '../running/terminal.js';
import type { GlobalOptions } from '../running/command-configuration.js';
import { demonstration, firstCommandId } from './demonstration.js';
import { firstMonthOf } from './revenue-steps.js';
import { demoCommandId, type DemoOutcome, type DemoStep } from './step.js';
import { Tally } from './tally.js';
import { thingsToTry } from './things-to-try.js';

/**
 * Adds the demonstration of the current month to a log. Repeated, it does only the steps that an
 * interrupted run has not done.
 */
export const seed = (terminal: Terminal, options: GlobalOptions): Promise<ExitCode> =>
  withApplication(
    terminal,
    { ...options, mayCreate: true, mayProject: 'much' },
    async (application, { log, clock }) => {
      await refuseOtherPartners(log, terminal);
      const month = monthOf(clock.judgementTime().date);
      const firstMonth = await firstMonthOf(log, month);
      const tally = await give(application, demonstration(month, firstMonth), log, terminal);

      const configuration = configured(options);
      terminal.result(terminal.text(tally.text(month, configuration.dataDir)));
      for (const line of thingsToTry(configuration, terminal, firstMonth)) terminal.result(line);
      return exitCodes.fine;
    },
  );

/**
 * If a demonstration were added to a log with real partners, it could never be removed, because the
 * log only grows.
 */
async function refuseOtherPartners(log: EventLog, terminal: Terminal): Promise<void> {
  const first = await firstPartner(log);
  if (!first || first.metadata.commandId === firstCommandId()) return;
  throw new CouldNotRun(
    terminal.text({
      en: 'This log has partners that do not belong to the demonstration, so nothing was written. Name an empty directory with --data.',
      ja: 'このログにはデモ以外のパートナーが登録されています。何も書き込みませんでした。--data で空のディレクトリを指定してください。',
    }),
  );
}

async function firstPartner(log: EventLog): Promise<LoggedEvent | undefined> {
  for await (const { events } of log.readAll({ after: -1, types: ['PartnerRegistered'], limit: 1 }))
    if (events[0]) return events[0];
  return undefined;
}

/**
 * One step after the other, so that every log has them in the same order. The command id shows
 * which steps an earlier run has done; they are not repeated.
 */
async function give(
  application: INestApplicationContext,
  steps: readonly DemoStep[],
  log: EventLog,
  terminal: Terminal,
): Promise<Tally> {
  const commands = application.get(CommandBus);
  const tally = new Tally(await log.head());
  const progress = terminal.progress({ en: 'Seeding', ja: 'デモデータを書き込み中' }, steps.length);
  for (const { key, command } of steps) {
    const context = contextOf(key);
    const before = await log.eventsOfCommand(context.commandId);
    if (before.length > 0) tally.count(before);
    else tally.count(eventsOf(key, outcomeIn(await commands.execute(command(context))), terminal));
    progress.advance();
  }
  progress.done();
  return tally;
}

/** Some commands return more than their outcome. */
const outcomeIn = (answer: DemoOutcome | { readonly outcome: DemoOutcome }): DemoOutcome =>
  'outcome' in answer ? answer.outcome : answer;

function eventsOf(key: string, outcome: DemoOutcome, terminal: Terminal): readonly LoggedEvent[] {
  if (outcome.kind === 'refused')
    throw new CouldNotRun(`${key}: ${refusalText(outcome.refusal.code, terminal.language)}`);
  return outcome.kind === 'committed' ? outcome.events : [];
}

/** The id is the same in every run, so the command can be repeated, like a step. */
const contextOf = (key: string): CommandContext => ({
  commandId: demoCommandId(key),
  isStep: true,
  actor,
  correlationId: `demonstration/${key}`,
});
