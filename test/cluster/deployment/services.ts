import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../support/random.js';
import { freePort } from './free-ports.js';
import { Member } from './member.js';

/** A process of the service and its address. */
export interface ServiceMember {
  readonly member: Member;
  readonly url: string;
}

export interface ServicePlan {
  readonly root: string;
  readonly folder: string;
  /** The processes of the embedded product work on one data directory; the others share no disk. */
  readonly shareDisk: boolean;
  /** The environment of every process: the addresses of the log, the read models and the keys. */
  readonly env: Readonly<Record<string, string>>;
}

export const api = (plan: ServicePlan, number: number, random: Random): Promise<ServiceMember> =>
  service(
    plan,
    `api-${number}`,
    'serve',
    (port) => ({ PORT: port, PROJECTION: 'elsewhere' }),
    random,
  );

export const projector = (
  plan: ServicePlan,
  number: number,
  random: Random,
): Promise<ServiceMember> =>
  service(plan, `projector-${number}`, 'projector', (port) => ({ PROJECTOR_PORT: port }), random);

async function service(
  { root, folder, env, shareDisk }: ServicePlan,
  name: string,
  command: string,
  own: (port: string) => Readonly<Record<string, string>>,
  random: Random,
): Promise<ServiceMember> {
  const port = await freePort(random);
  const url = `http://127.0.0.1:${port}`;
  const dataDir = join(folder, shareDisk ? 'data' : name);
  mkdirSync(dataDir, { recursive: true });
  const member = new Member({
    name,
    command: process.execPath,
    args: ['--enable-source-maps', join(root, 'dist', 'apps', 'cli', 'main.js'), command],
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'sekisho-compile'),
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      LANG: 'en_US.UTF-8',
      ...env,
      ...own(String(port)),
      DATA_DIR: dataDir,
    },
    cwd: root,
    outputFile: join(folder, `${name}.out`),
    isReady: () => isReady(url),
  });
  return { member, url };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (
      (await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) })).status === 200
    );
  } catch {
    return false;
  }
}
