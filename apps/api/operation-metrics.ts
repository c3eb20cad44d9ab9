import type { Metrics } from '../../libs/platform/metrics.js';
import type { ReadModels } from '../../libs/read-models/read-models.js';

/**
 * Metrics of the log and the projections: the position of each, and how many events a projection
 * has yet to process.
 */
export function registerOperationMetrics(
  metrics: Metrics,
  readModels: ReadModels,
  logPosition: () => number | Promise<number>,
): void {
  const help = 'Position of the last event that this process has read; -1: none';
  metrics.gauge('sekisho_log_position', help, [], async () => [{ value: await logPosition() }]);
  const ofProjections = (name: string, help: string, value: (status: Status) => number): void =>
    metrics.gauge(name, help, ['projection'], async () =>
      (await readModels.projections()).map((status) => ({
        labels: { projection: status.name },
        value: value(status),
      })),
    );
  ofProjections(
    'sekisho_projection_position',
    'Position of the last event that the projection has processed; -1: none',
    ({ position }) => position,
  );
  ofProjections(
    'sekisho_projection_lag_events',
    'Events of the log that the projection has not processed yet',
    ({ lag }) => lag,
  );
  ofProjections(
    'sekisho_projection_stopped',
    '1: the projection stopped at an event that it cannot process',
    ({ state }) => (state === 'stopped' ? 1 : 0),
  );
}

type Status = Awaited<ReturnType<ReadModels['projections']>>[number];
