import type { EventLog } from '../event-log/event-log.js';
import type { KeyStore } from '../platform/keys/key-store.js';
import type { ProcessCheckpoints, Snapshots } from '../read-models/opened-stores.js';
import type { ReadModels } from '../read-models/read-models.js';
import type { ValidationReport } from './gate/validation-report.js';
import type { ErasureReport } from './personal-data/erasure-retries.js';
import type { ProcessReport } from './engine/processes/log-process.js';
import type { LogClock } from './engine/time/clock.js';

/**
 * What the application needs from outside: stores, clock, folders. The apps open it as the
 * configuration says, and close it in the reverse order.
 */
export interface Infrastructure {
  readonly log: EventLog;
  readonly keys: KeyStore;
  readonly clock: LogClock;
  readonly readModels: ReadModels;
  readonly snapshots: Snapshots | undefined;
  /**
   * The checkpoints of the processes. Without them every process reads the log from its beginning
   * after a restart.
   */
  readonly processCheckpoints?: ProcessCheckpoints | undefined;
  /** The folder for uploads while they are read. */
  readonly spoolFolder: string;
  /** The folder of rendered documents. */
  readonly documentFolder: string;
  /** Receives the reports of processes. */
  readonly report?:
    ((report: ValidationReport | ProcessReport | ErasureReport) => void) | undefined;
}
