import type { OperationReport } from '../../libs/application/open-infrastructure.js';
import type { Logger } from '../../libs/platform/logging.js';
import type { Metrics } from '../../libs/platform/metrics.js';

/** What somebody has to do something about; the rest is news. */
const failures: ReadonlySet<OperationReport['kind']> = new Set<OperationReport['kind']>([
  'projection-stopped',
  'worker-given-up',
  'projector-failed',
  'standing-stopped',
  'process-stopped',
  'log-event-foreign',
]);

/** Tells an operator what the log, the read models and the processes report: in the service's own log, and counted by kind. */
export function operationReporter(logger: Logger, metrics: Metrics): (report: OperationReport) => void {
  const count = metrics.counter('sekisho_reports_total', 'What the log, the read models and the processes reported', ['kind']);
  return (report) => {
    count({ kind: report.kind });
    logger[failures.has(report.kind) ? 'error' : 'info'](report, report.kind);
  };
}
