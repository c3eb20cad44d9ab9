import type { Outcome } from '../../../libs/application/engine/commands/decision.js';
import type { Malformed } from '../../../libs/domain/shared/malformed.js';
import { fieldMessage } from '../../api/http/validation/field-messages.js';
import { exitCodes, type ExitCode } from './exit.js';
import { refusalText } from './failure-text.js';
import type { Terminal } from './terminal.js';

interface Refusal extends Partial<Omit<Malformed, 'code'>> {
  readonly code: string;
}

/**
 * Prints the outcome of a command: the appended events, that nothing changed, or why it was
 * refused.
 */
export function reportOutcome(terminal: Terminal, outcome: Outcome<Refusal>): ExitCode {
  switch (outcome.kind) {
    case 'committed':
      for (const { type, stream, revision, position } of outcome.events)
        terminal.result(`${type}  ${stream}@${revision}  position ${position}`);
      return exitCodes.fine;
    case 'unchanged':
      terminal.note({ en: 'No change needed.', ja: '変更の必要はありません。' });
      return exitCodes.fine;
    case 'refused':
      return refused(terminal, outcome.refusal);
  }
}

/** A malformed value is wrong usage. A refusal by a rule is a finding. */
function refused(
  terminal: Terminal,
  { code, path = '', rule = 'range', ...fault }: Refusal,
): ExitCode {
  if (code !== 'malformed') {
    terminal.note(refusalText(code, terminal.language));
    return exitCodes.finding;
  }
  terminal.note(
    `${path}  ${rule}  ${fieldMessage({ path, code: rule, ...fault }, terminal.language)}`,
  );
  return exitCodes.wrongUsage;
}
