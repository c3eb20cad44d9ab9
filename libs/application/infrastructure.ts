import type { EventLog } from '../event-log/event-log.js';
import type { KeyStore } from '../platform/keys/key-store.js';
import type { ProcessCheckpoints } from '../read-models/process-checkpoints.js';
import type { ReadModels } from '../read-models/read-models.js';
import type { Snapshots } from '../read-models/snapshots.js';
import type { StandingReporter } from './gate/standing-report.js';
import type { LogClock } from './time/clock.js';

/** What the application stands on. The apps open it (from the configuration), and close it in the reverse order. */
export interface Infrastructure {
  readonly log: EventLog;
  readonly keys: KeyStore;
  readonly clock: LogClock;
  readonly readModels: ReadModels;
  readonly snapshots: Snapshots | undefined;
  /** Where the standing process goes on after a restart; without them it judges from the beginning. Logs without guards only. */
  readonly processCheckpoints?: ProcessCheckpoints | undefined;
  /** Where uploads are kept while they are read. */
  readonly spoolFolder: string;
  /** Takes what the standing process reports. */
  readonly report?: StandingReporter | undefined;
}
