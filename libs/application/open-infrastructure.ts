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
import type { Report } from '../read-models/report.js';
import type { ValidationReport } from './gate/validation-report.js';
import type { Infrastructure } from './infrastructure.js';
import type { ErasureReport } from './personal-data/erasure-retries.js';
import type { ProcessReport } from './engine/processes/log-process.js';
import { followLogClock, initialiseLog } from './program/initialise-log.js';
import { loadReferenceData } from './reference-data/reference-data.js';
import { LogClock } from './engine/time/clock.js';

/** What an operator should hear of, by `kind`. */
export type OperationReport =
  | Report
  | LogReport
  | ValidationReport
  | ProcessReport
  | ErasureReport
  | { readonly kind: 'keys-disconnected'; readonly reason: string }
  /** Others can read it, and the process has no right to change that. */
  | ({ readonly kind: 'file-readable-by-others' } & WideFile);

export interface OpenOptions {
  /**
   * A service projects where the configuration says so, a projector always; short commands only
   * read what they have projected. A projecting command does as a service does, but without a
   * thread of its own for it.
   */
  readonly role: 'service' | 'projector' | 'short-command' | 'projecting-command';
  readonly report: (report: OperationReport) => void;
  /** Whether a log that is empty gets its first events; left out: it does. Else it is refused. */
  readonly mayCreate?: boolean;
}

export interface OpenedInfrastructure extends Infrastructure {
  /** In the reverse order of opening; the log last. */
  close(): Promise<void>;
}

/** The part of the configuration that says where everything is kept. */
export type Places = Pick<
  Configuration,
  'dataDir' | 'eventLog' | 'readModels' | 'keyStore' | 'clock' | 'projection'
>;

/**
 * Opens everything where the configuration says (a data directory is made if it is not there) and
 * gives a new log its first events.
 */
export async function openInfrastructure(
  places: Places,
  options: OpenOptions,
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
    return {
      log,
      clock,
      keys,
      readModels,
      snapshots,
      processCheckpoints,
      report,
      spoolFolder,
      close: () => opened.close(),
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** What has been opened so far, to be closed the other way round. */
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
  places: Places,
  options: OpenOptions,
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
  // A command starts sooner without; run from sources (tests), there is no compiled worker to
  // start.
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
 * The log is elsewhere and keeps its index beside the read models, so those stores are opened
 * before it and closed after it.
 */
async function openOverEventStoreDb(
  places: Places,
  { role, report }: OpenOptions,
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
  // Clients of servers are loaded where they are used: commands beside a file start without them.
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

/** A new log gets its first events, and a manual one sets this process's clock. */
async function prepareLog(
  log: EventLog,
  clock: LogClock,
  places: Places,
  { mayCreate = true }: OpenOptions,
): Promise<void> {
  if (!mayCreate && (await log.revisionOf(programStream)) < 0)
    throw new LogUnavailable(
      'there is no log yet where the configuration points: start the service, or "sekisho seed", to make one',
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
  { keyStore, eventLog, dataDir }: Places,
  { report }: OpenOptions,
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
  role: OpenOptions['role'],
  { projection }: Pick<Configuration, 'projection'>,
): boolean => role === 'projector' || (role !== 'short-command' && projection === 'here');

/** Run from sources (tests), there is no compiled worker to start. */
const isCompiled = import.meta.url.endsWith('.js');
