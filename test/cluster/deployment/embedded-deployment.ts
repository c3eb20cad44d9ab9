import { mkdirSync } from 'node:fs';
import { serviceEvidence } from '../evidence/service-evidence.js';
import type { Options } from '../options.js';
import { writeKeysFile } from './api-keys.js';
import { services, type Deployment } from './deployment.js';

export interface EmbeddedPlan {
  readonly options: Options;
  readonly root: string;
  readonly folder: string;
}

/**
 * The embedded product: several processes on one data directory. Load, faults and checks run
 * without a server.
 */
export async function startEmbedded({ options, root, folder }: EmbeddedPlan): Promise<Deployment> {
  mkdirSync(folder, { recursive: true });
  const env = {
    EVENT_LOG: 'sqlite',
    READ_MODELS: 'sqlite',
    KEY_STORE: 'file',
    API_KEYS_FILE: writeKeysFile(folder),
  };
  const serving = await services({ root, folder, env, shareDisk: true }, options);
  await serving.start();
  const [first] = serving.apis;
  return {
    ...serving,
    log: {
      nodes: [],
      url: '',
      start: nothing,
      untilWhole: nothing,
      leader: () => Promise.resolve(undefined),
      version: () => Promise.resolve('SQLite'),
    },
    versions: () =>
      Promise.resolve(`SQLite ${process.versions['sqlite']}, Node ${process.versions.node}`),
    readLog: async () => (await serviceEvidence(first!, 'pages')).log,
    readIndex: () => Promise.resolve(undefined),
  };
}

const nothing = (): Promise<void> => Promise.resolve();
