import { billingRunFold } from '../../../libs/application/billing/runs/billing-run-fold.js';
import { readState } from '../../../libs/application/engine/states/view.js';
import { billingRunId } from '../../../libs/domain/shared/ids.js';
import { exitCodes, type ExitCode } from '../running/exit.js';
import { withLog } from '../running/log-session.js';
import type { Terminal } from '../running/terminal.js';
import { showRun } from './run-text.js';
import type { GlobalOptions } from '../running/command-configuration.js';

export interface BillingStatusOptions extends GlobalOptions {
  readonly json?: true;
}

/** Shows one run, or the last ones with the latest first. */
export const billingStatus = (
  terminal: Terminal,
  options: BillingStatusOptions,
  runId: string | undefined,
): Promise<ExitCode> =>
  withLog(terminal, { ...options, mayProject: 'little' }, async ({ log, readModels }) => {
    const json = options.json === true;
    if (runId !== undefined) {
      const { state } = await readState(log, billingRunFold(billingRunId(runId)), {});
      const { started, through: _through, ...shown } = state;
      if (started) return showRun(terminal, { runId, period: started.period, ...shown }, json);
      terminal.note({ en: `There is no run ${runId}.`, ja: `実行 ${runId} はありません。` });
      return exitCodes.finding;
    }
    const { items } = await readModels.listBillingRuns({
      minPosition: await log.head(),
      latestFirst: true,
      limit: RUNS_SHOWN,
    });
    if (json) terminal.json({ items });
    else
      for (const { runId: id, period, state, progress, blockedCount } of items)
        terminal.result(
          `${period} ${id} ${state} ${progress.done}/${progress.payerCount} ${blockedCount > 0 ? `blocked: ${blockedCount}` : ''}`.trimEnd(),
        );
    return exitCodes.fine;
  });

const RUNS_SHOWN = 20;
