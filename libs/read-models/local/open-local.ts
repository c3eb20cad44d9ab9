import type { LogReader } from '../../event-log/event-log.js';
import type { Projection } from '../projection.js';
import { projections as allProjections } from '../projections/registry.js';
import { type EventCatalogue, eventsOfThisRelease } from '../runtime/fold-batch.js';
import { Projector } from '../runtime/projector.js';
import type { ReadModelReporter } from '../report.js';
import type { ReadModelStore } from '../store.js';
import { LocalReadModels } from './local-read-models.js';
import { Freshness } from './freshness.js';

export interface LocalOptions {
  readonly log: LogReader;
  readonly store: ReadModelStore;
  /** Identifies this process and worker among all possible projectors. */
  readonly holder: string;
  readonly report: ReadModelReporter;
  /** Short commands only read: they never take the lease. */
  readonly project: boolean;
  readonly catalogue?: EventCatalogue;
  readonly projections?: readonly Projection[];
  readonly batchEvents?: number;
  readonly gatherMs?: number | undefined;
}

export interface LocalOpened {
  readonly readModels: LocalReadModels;
  /** Signals that the log has new events. */
  readonly wake: () => void;
}

/**
 * Read models on this thread: the projector, if this process may project, and the lists. Closing
 * them closes the store, not the log.
 */
export function openLocal({
  log,
  store,
  project,
  projections = allProjections,
  catalogue = eventsOfThisRelease,
  ...options
}: LocalOptions): LocalOpened {
  const freshness: Freshness = new Freshness(log, store, () => projector.hurry());
  const projector: Projector = new Projector({
    ...options,
    log,
    store,
    projections,
    catalogue,
    advanced: () => freshness.advanced(),
    awaited: () => freshness.awaited,
  });
  if (project) projector.start();

  const close = async (): Promise<void> => {
    freshness.close();
    await projector.close();
    await store.close();
  };
  return {
    readModels: new LocalReadModels({ log, store, freshness, projections, close }),
    wake: () => projector.wake(),
  };
}
