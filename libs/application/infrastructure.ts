import type { EventLog } from '../event-log/event-log.js';
import type { KeyStore } from '../platform/keys/key-store.js';
import type { ProcessCheckpoints, Snapshots } from '../read-models/opened-stores.js';
import type { ReadModels } from '../read-models/read-models.js';
import type { ValidationReport } from './gate/validation-report.js';
import type { ErasureReport } from './personal-data/erasure-retries.js';
import type { ProcessReport } from './engine/processes/log-process.js';
import type { LogClock } from './engine/time/clock.js';

/**
 * What the application stands on. The apps open it (from the configuration), and close it in the
 * reverse order.
 */
export interface Infrastructure {
  readonly log: EventLog;
  readonly keys: KeyStore;
  readonly clock: LogClock;
  readonly readModels: ReadModels;
  readonly snapshots: Snapshots | undefined;
  /**
   * Where processes go on after a restart; without them they look at everything from the beginning.
   */
  readonly processCheckpoints?: ProcessCheckpoints | undefined;
  /** Where uploads are kept while they are read. */
  readonly spoolFolder: string;
  /** Takes what processes report. */
  readonly report?:
    ((report: ValidationReport | ProcessReport | ErasureReport) => void) | undefined;
}
