import type { RunProgress, RunResult } from '../../../libs/domain/billing/runs/billing-run.js';
import { blockTexts } from '../../../libs/domain/billing/runs/block-texts.js';
import { exitCodes, type ExitCode } from '../running/exit.js';
import type { Terminal } from '../running/terminal.js';

/** A run as this command shows it. */
export interface ShownRun extends RunResult {
  readonly runId?: string;
  readonly state: 'running' | 'completed';
  readonly period: string;
  readonly progress: RunProgress;
}

/** Prints a run. A run with blocked payers is a finding. */
export function showRun(terminal: Terminal, run: ShownRun, json: boolean): ExitCode {
  if (json) terminal.json(run);
  else for (const line of linesOf(terminal, run)) terminal.result(line);
  return run.blocked.length > 0 ? exitCodes.finding : exitCodes.fine;
}

function linesOf(terminal: Terminal, run: ShownRun): readonly string[] {
  const { period, runId, state, progress, invoices, creditNotes, totals, blocked } = run;
  const name = runId === undefined ? '' : ` ${runId}`;
  const done = `${terminal.number(progress.done)} / ${terminal.number(progress.payerCount)}`;
  return [
    terminal.text({
      en: `${period}${name}: ${state}, ${done} payers`,
      ja: `${period}${name}: ${state === 'completed' ? '完了' : '実行中'}、支払者 ${done}`,
    }),
    terminal.text({
      en: `invoices: ${terminal.number(invoices)}, credit notes: ${terminal.number(creditNotes)}`,
      ja: `請求書: ${terminal.number(invoices)}、クレジットノート: ${terminal.number(creditNotes)}`,
    }),
    ...totals.map(({ amount, currency }) => `${currency} ${amount}`),
    ...blocked.map(
      ({ entityId, payer, code, facts }) =>
        `${entityId} ${payer} ${code}: ${blockTexts[code][terminal.language](facts)}`,
    ),
  ];
}
