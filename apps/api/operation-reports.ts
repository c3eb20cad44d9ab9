import type { OperationReport } from '../../libs/application/open-infrastructure.js';
import type { KeyFileReport } from '../../libs/platform/authentication/watched-key-file.js';
import type { Logger } from '../../libs/platform/logging.js';
import type { Metrics } from '../../libs/platform/metrics.js';

type Report = OperationReport | KeyFileReport;

/** Reports that need an operator's action. The others are information. */
const failures: ReadonlySet<Report['kind']> = new Set<Report['kind']>([
  'projection-stopped',
  'worker-given-up',
  'projector-failed',
  'standing-stopped',
  'process-stopped',
  'log-event-foreign',
  'key-file-unusable',
]);

/**
 * Writes the reports of the log, the read models and the processes to the service's log, and counts
 * them by kind.
 */
export function operationReporter(logger: Logger, metrics: Metrics): (report: Report) => void {
  const count = metrics.counter(
    'sekisho_reports_total',
    'Reports of the log, the read models and the processes, by kind',
    ['kind'],
  );
  return (report) => {
    count({ kind: report.kind });
    logger[
      report.kind === 'log-went-back' ? 'fatal' : failures.has(report.kind) ? 'error' : 'info'
    ](report, report.kind);
  };
}
