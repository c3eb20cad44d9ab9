import { mkdirSync } from 'node:fs';
import { directLog } from '../evidence/direct-log.js';
import { indexRows } from '../evidence/log-index.js';
import type { Options, Topology } from '../options.js';
import { writeKeysFile } from './api-keys.js';
import { doubleServer } from './double-server.js';
import { eventStoreDb, type LogServer } from './log-server.js';
import { database, type PostgresServer, serverVersion } from './postgres.js';
import { portsOfThisRun, services, type Deployment } from './deployment.js';

const PREFIX = 'fault-suite.';

export interface ClusterPlan {
  readonly topology: Topology;
  readonly serverCommand: string;
  readonly options: Options;
  readonly root: string;
  readonly folder: string;
  readonly postgres: PostgresServer;
  /** Between the start of the log's servers and that of the service. */
  readonly onLog: (log: LogServer) => Promise<void>;
}

/**
 * A deployment with the log on EventStoreDB servers and the rest on PostgreSQL. Each process of the
 * service has its own disk.
 */
export async function startCluster({
  topology,
  serverCommand,
  options,
  root,
  folder,
  postgres,
  onLog,
}: ClusterPlan): Promise<Deployment> {
  mkdirSync(folder, { recursive: true });
  const ports = portsOfThisRun();
  const log =
    topology === 'double'
      ? await doubleServer(root, folder, options.seed, ports)
      : await eventStoreDb(serverCommand, topology === 'one-node' ? 1 : 3, folder, ports);
  const readModels = await database(
    postgres.url,
    `sekisho_faults_${topology.replace('-', '_')}_${process.pid}`,
  );
  const env = {
    EVENT_LOG: 'eventstoredb',
    EVENTSTOREDB_URL: log.url,
    EVENTSTOREDB_PREFIX: PREFIX,
    READ_MODELS: 'postgres',
    KEY_STORE: 'postgres',
    POSTGRES_URL: readModels.url,
    API_KEYS_FILE: writeKeysFile(folder),
  };
  const serving = await services({ root, folder, env, shareDisk: false }, options);
  const end = async (): Promise<void> => {
    await serving.end();
    await Promise.all(log.nodes.map((node) => node.kill()));
    await readModels.drop();
  };
  try {
    await log.start();
    await onLog(log);
    await serving.start();
  } catch (error) {
    await end();
    throw error;
  }
  return {
    ...serving,
    log,
    ...(postgres.crashFor ? { crashPostgres: postgres.crashFor } : {}),
    versions: async () =>
      `${await log.version()}, ${await serverVersion(postgres.url)}, Node ${process.versions.node}`,
    readLog: () => directLog(log.url, PREFIX),
    readIndex: (events) => indexRows(readModels.url, events),
    unexpectedEnds: () => [
      ...serving.unexpectedEnds(),
      ...log.nodes.flatMap(({ unexpectedEnds }) => unexpectedEnds),
    ],
    end,
  };
}
