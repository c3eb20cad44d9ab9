import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../support/random.js';
import { freePort } from './free-ports.js';
import type { LogServer } from './log-server.js';
import { Member } from './member.js';

/** The faults that the double injects into this many calls, as a server may at a bad moment. */
const SHARE_OF_CALLS = 0.02;
const KINDS = [
  'drop-after-commit', 'drop-before-commit', 'not-ready', 'too-busy', 'unavailable', 'unavailable-after-commit', 'cancelled',
  'cancelled-after-commit', 'commit-timeout', 'commit-timeout-without-effect', 'subscription-error', 'subscription-end', 'duplicate-delivery',
] as const; // prettier-ignore

/**
 * The protocol double in a separate process. It can be paused or made unreachable, but keeps its
 * data in memory and is not killed.
 */
export async function doubleServer(
  root: string,
  folder: string,
  seed: number,
  random: Random,
): Promise<LogServer> {
  const [port, controlPort] = [await freePort(random), await freePort(random)];
  const faults = [
    '--fault-share',
    String(SHARE_OF_CALLS),
    '--faults',
    KINDS.join(','),
    '--seed',
    String(seed),
  ];
  const send = async (name: string, ask: object = {}): Promise<void> => {
    const response = await fetch(`http://127.0.0.1:${controlPort}/${name}`, {
      method: 'POST',
      body: JSON.stringify(ask),
    });
    if (!response.ok)
      throw new Error(`the double, asked to ${name}: ${response.status} ${await response.text()}`);
  };
  const node = new Member({
    name: 'double',
    command: process.execPath,
    args: [
      join(root, 'dist', 'test', 'double', 'main.js'),
      '--port',
      String(port),
      '--control-port',
      String(controlPort),
      '--detached',
      ...faults,
    ],
    env: process.env,
    cwd: root,
    outputFile: join(folder, 'double.out'),
    isReady: () => send('calls').then(() => true, () => false), // prettier-ignore
  });
  return {
    nodes: [node],
    url: `esdb://127.0.0.1:${port}?tls=false`,
    start: () => node.start(),
    untilWhole: () => Promise.resolve(),
    leader: () => Promise.resolve(node),
    version: () => Promise.resolve('the protocol double'),
    disturb: async (how, ms) => {
      await send(begins[how].name, begins[how].ask);
      await delay(ms);
      const end = ends[how];
      if (end !== undefined) await send(end);
    },
  };
}

const begins = {
  'refuse-connections': { name: 'refuse', ask: {} },
  'cut-connections': { name: 'cutConnections', ask: {} },
  'drop-subscriptions': { name: 'dropSubscriptions', ask: { how: 'error' } },
  'stall-replication': { name: 'stallReplication', ask: {} },
} as const;
const ends: Readonly<Partial<Record<keyof typeof begins, string>>> = {
  'refuse-connections': 'accept',
  'stall-replication': 'resumeReplication',
};
export type Disturbance = keyof typeof begins;
// the keys of the table above
export const disturbances = Object.keys(begins) as readonly Disturbance[];
