import type { EventLog } from '../event-log/event-log.js';
import type { KeyStore } from '../platform/keys/key-store.js';
import type { ReadModels } from '../read-models/read-models.js';
import type { Snapshots } from '../read-models/snapshots.js';
import type { LogClock } from './time/clock.js';

/** What the application stands on. The apps open it (from the configuration), and close it in the reverse order. */
export interface Infrastructure {
  readonly log: EventLog;
  readonly keys: KeyStore;
  readonly clock: LogClock;
  readonly readModels: ReadModels;
  readonly snapshots: Snapshots | undefined;
}
