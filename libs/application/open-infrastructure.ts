import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LogReport } from '../event-log/eventstoredb/report.js';
import { urlFindings } from '../event-log/eventstoredb/connection-string.js';
import { LogUnavailable } from '../event-log/errors.js';
import type { EventLog } from '../event-log/event-log.js';
import { MemoryEventLog } from '../event-log/memory/memory-event-log.js';
import { SqliteEventLog } from '../event-log/sqlite/sqlite-event-log.js';
import { type Configuration, ConfigurationError } from '../platform/configuration.js';
import {
  makePrivateDatabase,
  makePrivateFolder,
  narrowDataFiles,
  type WideFile,
} from '../platform/files/private-files.js';
import { FileKeyStore } from '../platform/keys/file-key-store.js';
import type { KeyStore } from '../platform/keys/key-store.js';
import { MigratedKeyStore } from '../platform/keys/migrated-key-store.js';
import { MemoryKeyStore } from '../platform/keys/memory-key-store.js';
import { programStream } from '../domain/shared/streams.js';
import {
  openLocalReadModels,
  openReadModelsOver,
  openWorkerReadModels,
} from '../read-models/composition/open-read-models.js';
import { openProcessCheckpoints, openStores } from '../read-models/composition/open-stores.js';
import type { ReadModelReport } from '../read-models/report.js';
import type { ValidationReport } from './gate/validation-report.js';
import type { Infrastructure } from './infrastructure.js';
import type { ErasureReport } from './personal-data/erasure-retries.js';
import type { ProcessReport } from './engine/processes/log-process.js';
import { followLogClock, initialiseLog } from './program/initialise-log.js';
import { loadReferenceData } from './reference-data/reference-data.js';
import { LogClock } from './engine/time/clock.js';

/** An event that the operator is informed of; `kind` says which. */
export type OperationReport =
  | ReadModelReport
  | LogReport
  | ValidationReport
  | ProcessReport
  | ErasureReport
  | { readonly kind: 'keys-disconnected'; readonly reason: string }
  /** Other users can read the file, and the process may not change its permissions. */
  | ({ readonly kind: 'file-readable-by-others' } & WideFile);

export interface InfrastructureOptions {
  /**
   * A service projects if the configuration says so; a projector always does. A short command only
   * reads what they have projected. A projecting command projects like a service, but without a
   * separate thread.
   */
  readonly role: 'service' | 'projector' | 'short-command' | 'projecting-command';
  readonly report: (report: OperationReport) => void;
  /**
   * Whether an empty log gets its first events. The default is yes; otherwise an empty log is
   * refused.
   */
  readonly mayCreate?: boolean;
}

export interface OpenedInfrastructure extends Infrastructure {
  /** Closes everything in the reverse order of opening, the log last. */
  close(): Promise<void>;
}

/** The part of the configuration that says where data is stored. */
export type StorageSettings = Pick<
  Configuration,
  'dataDir' | 'eventLog' | 'readModels' | 'keyStore' | 'clock' | 'projection'
>;

/**
 * Opens all stores that the configuration names, creates the data directory if needed, and gives a
 * new log its first events.
 */
export async function openInfrastructure(
  places: StorageSettings,
  options: InfrastructureOptions,
): Promise<OpenedInfrastructure> {
  makePrivateFolder(places.dataDir);
  for (const wide of narrowDataFiles(places.dataDir))
    options.report({ kind: 'file-readable-by-others', ...wide });
  const clock = new LogClock();
  const opened = new Opened();
  try {
    const { log, readModels, snapshots, processCheckpoints } = await openLogAndReadModels(
      places,
      options,
      clock,
      opened,
    );
    await prepareLog(log, clock, places, options);
    const keys = opened.add(await openKeys(places, options));
    const { report } = options;
    const spoolFolder = join(places.dataDir, 'uploads');
    const documentFolder = join(places.dataDir, 'documents');
    return {
      log,
      clock,
      keys,
      readModels,
      snapshots,
      processCheckpoints,
      report,
      spoolFolder,
      documentFolder,
      close: () => opened.close(),
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** What has been opened so far. It is closed in the reverse order. */
class Opened {
  private readonly closing: (() => Promise<void>)[] = [];

  add<Closable extends { close(): Promise<void> }>(one: Closable): Closable {
    this.closing.unshift(() => one.close());
    return one;
  }

  async close(): Promise<void> {
    for (const close of this.closing.splice(0)) await close();
  }
}

type LogAndReadModels = Pick<
  Infrastructure,
  'log' | 'readModels' | 'snapshots' | 'processCheckpoints'
>;

async function openLogAndReadModels(
  places: StorageSettings,
  options: InfrastructureOptions,
  clock: LogClock,
  opened: Opened,
): Promise<LogAndReadModels> {
  const { dataDir, eventLog, readModels: stores } = places;
  const { role, report } = options;
  const now = (): number => clock.now();
  const project = projects(role, places);
  if (eventLog.kind === 'eventstoredb') return openOverEventStoreDb(places, options, now, opened);
  if (eventLog.kind === 'memory') {
    const log = opened.add(new MemoryEventLog({ guards: 'atomic', clock: now }));
    return { log, ...opened.add(openLocalReadModels({ log, report, project: true })) };
  }

  const logFile = join(dataDir, 'log.db');
  makePrivateDatabase(logFile);
  const log = opened.add(await SqliteEventLog.open({ file: logFile, clock: now, report }));
  const common = { log, report, project };
  if (stores.kind === 'postgres') {
    const beside = opened.add(await openStores(stores, report));
    return {
      log,
      processCheckpoints: beside.processCheckpoints,
      ...opened.add(openReadModelsOver(beside, common)),
    };
  }
  // Short commands start faster without a worker thread. When run from sources (tests), there is no
  // compiled worker.
  const aside = (role === 'service' || role === 'projector') && isCompiled;
  const kept = role === 'projector' ? undefined : opened.add(openProcessCheckpoints(dataDir));
  return {
    log,
    processCheckpoints: kept?.processCheckpoints,
    ...opened.add(
      aside
        ? openWorkerReadModels({ ...common, logFile, dataDir })
        : openLocalReadModels({ ...common, dataDir }),
    ),
  };
}

/**
 * EventStoreDB is another server. This process's index of the log is kept in the read-model stores,
 * so they are opened before the log and closed after it.
 */
async function openOverEventStoreDb(
  places: StorageSettings,
  { role, report }: InfrastructureOptions,
  clock: () => number,
  opened: Opened,
): Promise<LogAndReadModels> {
  const { dataDir, readModels, eventLog } = places;
  if (eventLog.kind !== 'eventstoredb') throw new Error(`the log is on ${eventLog.kind}`);
  const findings = urlFindings(eventLog.url);
  if (findings.length > 0)
    throw new ConfigurationError(findings.map((finding) => `EVENTSTOREDB_URL: ${finding}.`));

  const stores = opened.add(
    await openStores(
      readModels.kind === 'postgres' ? readModels : { kind: 'sqlite', dataDir },
      report,
    ),
  );
  const project = projects(role, places);
  const { url, prefix } = eventLog;
  // Clients of servers are loaded only when they are used, so that commands on local files start
  // faster.
  const { EventStoreDbLog } = await import('../event-log/eventstoredb/eventstoredb-log.js');
  const log = opened.add(
    await EventStoreDbLog.open({
      url,
      prefix,
      clock,
      index: stores.positionIndex,
      writesIndex: project,
      report,
    }),
  );
  return {
    log,
    processCheckpoints: stores.processCheckpoints,
    ...opened.add(openReadModelsOver(stores, { log, report, project })),
  };
}

/** Gives a new log its first events, and sets this process's clock if the log's clock is manual. */
async function prepareLog(
  log: EventLog,
  clock: LogClock,
  places: StorageSettings,
  { mayCreate = true }: InfrastructureOptions,
): Promise<void> {
  if (!mayCreate && (await log.revisionOf(programStream)) < 0)
    throw new LogUnavailable(
      'the configured log is empty: start the service, or run "sekisho seed", to create it',
    );
  const first = {
    logId: randomUUID(),
    clock: places.clock,
    now: clock.instant(),
    referenceData: loadReferenceData(),
  };
  followLogClock(log, clock, await initialiseLog(log, first));
}

async function openKeys(
  { keyStore, eventLog, dataDir }: StorageSettings,
  { report }: InfrastructureOptions,
): Promise<KeyStore> {
  const file = join(dataDir, 'keys.db');
  if (keyStore.kind === 'postgres') {
    const { PostgresKeyStore } = await import('../platform/keys/postgres-key-store.js');
    const lost = (reason: string): void => report({ kind: 'keys-disconnected', reason });
    const keys = await PostgresKeyStore.open({ url: keyStore.url, report: lost });
    return existsSync(file) ? new MigratedKeyStore(keys, FileKeyStore.open(file)) : keys;
  }
  return eventLog.kind === 'memory' ? new MemoryKeyStore() : FileKeyStore.open(file);
}

const projects = (
  role: InfrastructureOptions['role'],
  { projection }: Pick<Configuration, 'projection'>,
): boolean => role === 'projector' || (role !== 'short-command' && projection === 'here');

/** False when run from sources (tests): then there is no compiled worker. */
const isCompiled = import.meta.url.endsWith('.js');
