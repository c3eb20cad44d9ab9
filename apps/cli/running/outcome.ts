import type { Outcome } from '../../../libs/application/decisions/context.js';
import { exitCodes, type ExitCode } from './exit.js';
import { refusalText } from './failure-text.js';
import type { Terminal } from './terminal.js';

interface Refusal {
  readonly code: string;
  readonly path?: string;
}

/** Tells what a command came to: the events it appended, that nothing changed, or why it is refused. */
export function toldOutcome(terminal: Terminal, outcome: Outcome<Refusal>): ExitCode {
  switch (outcome.kind) {
    case 'committed':
      for (const { type, stream, revision, position } of outcome.events)
        terminal.result(`${type}  ${stream}@${revision}  position ${position}`);
      return exitCodes.fine;
    case 'unchanged':
      terminal.note({ en: 'Nothing to change: it is so already.', ja: '変更はありません (すでにそうなっています)。' });
      return exitCodes.fine;
    case 'refused':
      return refused(terminal, outcome.refusal);
  }
}

/** What is malformed is a wrong usage; what a rule forbids is a finding. */
function refused(terminal: Terminal, { code, path }: Refusal): ExitCode {
  if (code !== 'malformed') {
    terminal.note(refusalText(code, terminal.language));
    return exitCodes.finding;
  }
  terminal.note({ en: `The value of ${path ?? ''} cannot be taken.`, ja: `${path ?? ''} の値は受け付けられません。` });
  return exitCodes.wrongUsage;
}
