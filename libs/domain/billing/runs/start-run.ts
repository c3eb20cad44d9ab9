import { addDays } from '../../shared/calendar.js';
import type { Proposed } from '../../shared/event.js';
import type { BillingRunId } from '../../shared/ids.js';
import { accept, refuse, type Result } from '../../shared/result.js';
import type { BillingRunEvent, RunRequest } from './billing-run.js';
import { isPeriodOver, lastDayOfPeriod } from './run-period.js';

export interface RunRefusal {
  readonly code: 'period-not-over';
  /** The first day on which the period can be billed (UTC). */
  readonly firstDay: string;
}

/** Starts a run for a period that is over. */
export function startRun(
  runId: BillingRunId,
  { period, entityIds, payers }: RunRequest,
  today: string,
): Result<readonly Proposed<BillingRunEvent>[], RunRefusal> {
  if (!isPeriodOver(period, today))
    return refuse({ code: 'period-not-over', firstDay: addDays(lastDayOfPeriod(period), 1) });
  return accept([
    {
      type: 'BillingRunStarted',
      data: {
        runId,
        period,
        ...(entityIds && { entityIds }),
        ...(payers && { payers }),
      },
    },
  ]);
}
