import { CommanderError } from 'commander';
import { CouldNotRun, exitCodes, type ExitCode, WrongUsage } from './exit.js';
import type { Terminal } from './terminal.js';
import { usageErrorText } from './usage-errors.js';

/** Failures whose message says all that the reader needs. Of anything else the stack is what there is to go by. */
const explained = new Set([
  'BadReferenceData',
  'ClockBehind',
  'KeyFileError',
  'LogUnavailable',
  'NotReadModels',
  'NotThisLog',
  'OutcomeUnknown',
  'ProjectionStopped',
  'ReadModelBehind',
  'ReadModelsUnavailable',
  'UnknownEvent',
  'UnknownRuleset',
]);

/** Says what happened and what to do, and gives the exit code that goes with it. */
export function exitCodeOf(error: unknown, terminal: Terminal): ExitCode {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.fine;
    // Asked for nothing: the help has been shown.
    if (error.code !== 'commander.help') terminal.note(usageErrorText(error, terminal.language));
    return exitCodes.wrongUsage;
  }
  if (!(error instanceof Error)) return said(terminal, String(error), exitCodes.couldNotRun);
  if (error instanceof WrongUsage || error.name === 'ConfigurationError') return said(terminal, error.message, exitCodes.wrongUsage);
  if (error instanceof CouldNotRun || explained.has(error.name) || 'code' in error)
    return said(terminal, error.message, exitCodes.couldNotRun);
  return said(terminal, error.stack ?? error.message, exitCodes.couldNotRun);
}

function said(terminal: Terminal, message: string, code: ExitCode): ExitCode {
  terminal.note(message);
  return code;
}
