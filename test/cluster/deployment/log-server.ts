import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../support/random.js';
import type { Disturbance } from './double-server.js';
import { commandWords } from './command-words.js';
import { freePort } from './free-ports.js';
import { Member } from './member.js';

/** The servers of the log: one node, or three of which one leads. */
export interface LogServer {
  readonly nodes: readonly Member[];
  readonly url: string;
  start(): Promise<void>;
  /** The leader, as the other nodes see it; undefined while there is none. */
  leader(): Promise<Member | undefined>;
  /** Resolves when every node answers, one leads and the others follow. */
  untilWhole(): Promise<void>;
  version(): Promise<string>;
  /** Faults that only the double can simulate, for a while. */
  disturb?(how: Disturbance, ms: number): Promise<void>;
}

const WHOLE_WITHIN_MS = 90_000;

interface GossipMember {
  readonly state: string;
  readonly isAlive: boolean;
  readonly httpEndPointPort: number;
}

export async function eventStoreDb(
  serverCommand: string,
  count: 1 | 3,
  folder: string,
  random: Random,
): Promise<LogServer> {
  const places: Place[] = [];
  for (let place = 0; place < count; place++)
    places.push({ port: await freePort(random), replicationPort: await freePort(random) });
  const nodes = places.map((place, index) => ({
    ...place,
    member: node(serverCommand, places, index, folder),
  }));
  return new EventStoreDbServer(nodes);
}

interface Place {
  readonly port: number;
  readonly replicationPort: number;
}

/** The options of a node (docs/verification.md has the command line). */
function node(
  serverCommand: string,
  places: readonly Place[],
  index: number,
  folder: string,
): Member {
  const [command, ...first] = commandWords(serverCommand);
  const { port, replicationPort } = places[index]!;
  const data = join(folder, `node-${index + 1}`);
  for (const name of ['db', 'log']) mkdirSync(join(data, name), { recursive: true });
  const others = places
    .filter((other) => other.port !== port)
    .map((other) => `127.0.0.1:${other.port}`);
  const clustered = [
    ...[
      '--cluster-size',
      '3',
      '--replication-ip',
      '127.0.0.1',
      '--replication-port',
      String(replicationPort),
    ],
    ...['--discover-via-dns', 'false', '--gossip-seed', others.join(',')],
  ];
  return new Member({
    name: `node-${index + 1}`,
    command,
    args: [
      ...first,
      ...[
        '--insecure',
        '--db',
        join(data, 'db'),
        '--log',
        join(data, 'log'),
        '--node-ip',
        '127.0.0.1',
        '--node-port',
        String(port),
      ],
      '--run-projections=None',
      ...(places.length > 1 ? clustered : []),
    ],
    env: { ...process.env, EVENTSTORE_TELEMETRY_OPTOUT: 'true', DOTNET_CLI_TELEMETRY_OPTOUT: '1' },
    cwd: data,
    outputFile: join(folder, `node-${index + 1}.out`),
    // A node that followed a leader whose last writes the others lack ends itself, to discard those
    // writes on its next start.
    asksForRestart: ({ code }) => code === 0,
    isReady: async () => (await ask(`http://127.0.0.1:${port}/health/live`))?.status === 204,
  });
}

class EventStoreDbServer implements LogServer {
  constructor(private readonly placed: readonly (Place & { readonly member: Member })[]) {}

  get nodes(): readonly Member[] {
    return this.placed.map(({ member }) => member);
  }

  get url(): string {
    return `esdb://${this.placed.map(({ port }) => `127.0.0.1:${port}`).join(',')}?tls=false`;
  }

  async start(): Promise<void> {
    await Promise.all(this.nodes.map((member) => member.start()));
    await this.untilWhole();
  }

  async leader(): Promise<Member | undefined> {
    const gossip = await this.gossip();
    const leading = gossip?.find(({ state, isAlive }) => isAlive && state === 'Leader');
    return this.placed.find(({ port }) => port === leading?.httpEndPointPort)?.member;
  }

  async untilWhole(): Promise<void> {
    const deadline = Date.now() + WHOLE_WITHIN_MS;
    for (;;) {
      const states =
        (await this.gossip())?.filter(({ isAlive }) => isAlive).map(({ state }) => state) ?? [];
      const isWhole =
        states.filter((state) => state === 'Leader').length === 1 &&
        states.filter((state) => state === 'Follower').length === this.placed.length - 1;
      if (isWhole) return;
      if (Date.now() > deadline)
        throw new Error(
          `the log's servers are not whole after ${WHOLE_WITHIN_MS / 1000} s: ${states.join(', ')}`,
        );
      await delay(200);
    }
  }

  async version(): Promise<string> {
    const answer = await ask(`http://127.0.0.1:${this.placed[0]?.port}/info`);
    // the server's own form
    const { esVersion } = (await answer?.json()) as { readonly esVersion: string };
    return `EventStoreDB ${esVersion}`;
  }

  private async gossip(): Promise<readonly GossipMember[] | undefined> {
    for (const { port, member } of this.placed) {
      if (!member.isUp || member.isPaused) continue;
      const answer = await ask(`http://127.0.0.1:${port}/gossip`);
      if (answer?.status === 200)
        // the server's own form
        return ((await answer.json()) as { members: GossipMember[] }).members;
    }
    return undefined;
  }
}

/** Undefined: no process answers there. */
async function ask(url: string): Promise<Response | undefined> {
  try {
    return await fetch(url, { signal: AbortSignal.timeout(1_000) });
  } catch {
    return undefined;
  }
}
