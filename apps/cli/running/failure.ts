import { CommanderError } from 'commander';
import { LogWentBack } from '../../../libs/event-log/errors.js';
import { CouldNotRun, exitCodes, type ExitCode, WrongUsage } from './exit.js';
import type { Terminal } from './terminal.js';
import { usageErrorText } from './usage-errors.js';

/**
 * Failures whose message says what happened and what to do. All others are printed with their
 * stack.
 */
const explained = new Set([
  'BadReferenceData',
  'CouldNotRun',
  'KeyFileError',
  'LogUnavailable',
  'NotReadModels',
  'NotThisLog',
  'KeysDiffer',
  'PostgresRefused',
  'PostgresUnavailable',
  'UnknownEvent',
]);
/** Errors of the arguments or the configuration. */
const usage = new Set([
  'ConfigurationError',
  'MalformedKnownAt',
  'PositionAheadOfLog',
  'UnknownProjection',
  'WrongUsage',
]);

/** Prints what happened and what to do. Returns the exit code. */
export async function exitCodeOf(error: unknown, terminal: Terminal): Promise<ExitCode> {
  if (error instanceof CommanderError) return ofCommander(error, terminal);
  if (!(error instanceof Error)) return noted(terminal, String(error), exitCodes.couldNotRun);
  if (error instanceof WrongUsage || usage.has(error.name))
    return noted(terminal, error.message, exitCodes.wrongUsage);
  if (error instanceof LogWentBack) return noted(terminal, error.message, exitCodes.logWentBack);
  if (error instanceof CouldNotRun || explained.has(error.name) || isOfSystem(error))
    return noted(terminal, error.message, exitCodes.couldNotRun);

  const { failureText } = await import('./failure-text.js');
  const code = error.name === 'KeyReused' ? exitCodes.wrongUsage : exitCodes.couldNotRun;
  return noted(
    terminal,
    failureText(error, terminal.language) ?? error.stack ?? error.message,
    code,
  );
}

function ofCommander(error: CommanderError, terminal: Terminal): ExitCode {
  if (error.exitCode === 0) return exitCodes.fine;
  // Without a command, commander has printed the help already.
  if (error.code !== 'commander.help') terminal.note(usageErrorText(error, terminal.language));
  return exitCodes.wrongUsage;
}

/**
 * A missing file, a file without read permission, an address in use: the message of Node names the
 * file or address.
 */
const isOfSystem = (error: Error): boolean => 'syscall' in error;

function noted(terminal: Terminal, message: string, code: ExitCode): ExitCode {
  terminal.note(message);
  return code;
}
