import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EventLog } from '../event-log/event-log.js';
import { MemoryEventLog } from '../event-log/memory/memory-event-log.js';
import { SqliteEventLog } from '../event-log/sqlite/sqlite-event-log.js';
import type { Configuration } from '../platform/configuration.js';
import { FileKeyStore } from '../platform/keys/file-key-store.js';
import { type OpenedReadModels, openLocalReadModels, openWorkerReadModels } from '../read-models/open-read-models.js';
import type { Report } from '../read-models/runtime/report.js';
import type { Infrastructure } from './infrastructure.js';
import { initialiseLog } from './program/initialise-log.js';
import { loadReferenceData } from './reference-data/reference-data.js';
import { followLogClock, LogClock } from './time/clock.js';

/** What an operator should hear of, by `kind`. */
export type OperationReport = Report;

export interface OpenOptions {
  /** A service projects where the configuration says so, a projector always; short commands only read what they have projected. */
  readonly role: 'service' | 'projector' | 'short-command';
  readonly report: (report: OperationReport) => void;
}

export interface OpenedInfrastructure extends Infrastructure {
  /** In the reverse order of opening; the log last. */
  close(): Promise<void>;
}

/** Opens everything on a data directory (made if it is not there) and gives a new log its first events. */
export async function openInfrastructure(
  configuration: Pick<Configuration, 'dataDir' | 'eventLog' | 'clock' | 'projection'>,
  { role, report }: OpenOptions,
): Promise<OpenedInfrastructure> {
  const { dataDir } = configuration;
  const eventLog = configuration.eventLog.kind;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const clock = new LogClock();
  const now = (): number => clock.now();
  const logFile = join(dataDir, 'log.db');
  const log: EventLog =
    eventLog === 'memory' ? new MemoryEventLog({ guards: 'atomic', clock: now }) : await SqliteEventLog.open({ file: logFile, clock: now });

  const first = { logId: randomUUID(), clock: configuration.clock, now: clock.instant(), referenceData: loadReferenceData() };
  followLogClock(log, clock, await initialiseLog(log, first));
  const keys = FileKeyStore.open(eventLog === 'memory' ? ':memory:' : join(dataDir, 'keys.db'));
  const common = { log, report, project: projects(role, configuration) || eventLog === 'memory' };
  const opened: OpenedReadModels =
    eventLog === 'memory'
      ? openLocalReadModels(common)
      : role !== 'short-command' && isCompiled
        ? openWorkerReadModels({ ...common, logFile, dataDir })
        : openLocalReadModels({ ...common, dataDir });

  return {
    log,
    clock,
    keys,
    readModels: opened.readModels,
    snapshots: opened.snapshots,
    close: async () => {
      await opened.close();
      await keys.close();
      await log.close();
    },
  };
}

const projects = (role: OpenOptions['role'], { projection }: Pick<Configuration, 'projection'>): boolean =>
  role === 'projector' || (role === 'service' && projection === 'here');

/** Run from sources (tests), there is no compiled worker to start. */
const isCompiled = import.meta.url.endsWith('.js');
