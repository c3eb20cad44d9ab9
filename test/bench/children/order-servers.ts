import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Circumstances } from '../chapters/chapter.js';
import type { CallsOfOrders } from '../eventstoredb-calls.js';
import type { Server } from '../load/measured-load.js';
import { counted } from '../report/progress.js';
import { furnish, populate } from '../world/world.js';
import type { Pairs, PairsLoad } from './appended-pairs.child.js';
import type { RecordedAnswer } from './bare-http.js';
import { Child } from './child.js';
import type { ClusterStores } from './cluster-stores.js';
import type { EventStore } from './eventstoredb.js';
import { profileArgs } from './profile.js';
import { projected, type Service, startService } from './service.js';
import type { Usage } from './usage.js';

/**
 * The servers measured over one server of the EventStoreDB protocol, each in a separate process.
 */
export interface OrderServers {
  readonly service: Service;
  readonly ours: Server;
  readonly storeOff: Server;
  readonly bare: Server;
  /** Sets the answer of the bare server. */
  answerBare(answer: RecordedAnswer): Promise<void>;
  /** Appends pairs, and adds the processor time of its process in microseconds. */
  pairs(load: PairsLoad): Promise<Pairs & { readonly clientMicros: number }>;
  end(): Promise<void>;
}

export interface Furnished {
  readonly eventStore: EventStore;
  readonly stores: ClusterStores;
  readonly calls: CallsOfOrders;
  readonly customers: number;
}

/** The service is restarted once its customers exist, so that a profile contains orders only. */
export async function openOrderServers(
  { directory, progress }: Circumstances,
  furnished: Furnished,
): Promise<OrderServers> {
  const { stores, customers } = furnished;
  const ending: (() => Promise<void>)[] = [];
  const end = async (): Promise<void> => {
    for (const each of ending.toReversed()) await each();
  };
  const kept = <Ended extends { end(): Promise<void> }>(started: Ended): Ended => {
    ending.push(() => started.end());
    return started;
  };
  const folder = (name: string): string => {
    const path = join(directory, `orders-${name}`);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const fill = async (service: Service, what: string): Promise<void> => {
    await furnish(service.url, service.tokens.operator);
    await populate(
      service.url,
      service.tokens.orderEntry,
      { customers },
      counted(progress, `orders: populating ${what}`, customers * 3),
    );
  };
  try {
    const projection = stores.env['READ_MODELS'] === 'postgres' ? 'elsewhere' : 'here';
    const env = { ...stores.env, PROJECTION: projection };
    const first = await startService(folder('ours'), { env });
    await fill(first, 'the log');
    await first.end();

    if (projection === 'elsewhere') kept(await startProjector(folder('projector'), stores.env));
    const service = kept(
      await startService(folder('ours'), { env, nodeArgs: profileArgs('ours') }),
    );
    await projected(service, (lag) => progress(`orders: projections are ${lag} events behind`));
    const storeOff = kept(
      await startService(folder('store-off'), {
        env: { EVENT_LOG: 'memory', BENCH_NO_PROJECTIONS: '1' },
      }),
    );
    await fill(storeOff, 'the service without a store');
    const bare = kept(
      await Child.start<{ url: string }>(new URL('./bare-http.child.js', import.meta.url)),
    );
    const pairs = kept(await startPairs(furnished));
    const serverOf = ({ url, tokens, usage }: Service): Server => ({
      url,
      token: tokens.orderEntry,
      usage,
    });
    return {
      service,
      ours: serverOf(service),
      storeOff: serverOf(storeOff),
      bare: {
        url: bare.ready.url,
        token: service.tokens.orderEntry,
        usage: () => bare.ask('usage'),
      },
      answerBare: (answer) => bare.ask('answer', answer),
      pairs: (load) => appendPairs(pairs, load),
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

function startProjector(dataDir: string, env: ClusterStores['env']): Promise<Child> {
  const configured = { DATA_DIR: dataDir, PROJECTOR_PORT: '0', LOG_LEVEL: 'error', ...env };
  return Child.start(new URL('./projector.child.js', import.meta.url), {
    env: configured,
    nodeArgs: profileArgs('projector'),
  });
}

/** On streams of its own, with events as large as an order's. */
function startPairs({ eventStore, stores, calls, customers }: Furnished): Promise<Child> {
  return Child.start(new URL('./appended-pairs.child.js', import.meta.url), {
    env: {
      EVENTSTOREDB_URL: eventStore.url,
      BENCH_PREFIX: `pairs-${stores.prefix}`,
      BENCH_CUSTOMERS: String(customers),
      BENCH_CLAIM_BYTES: String(calls.claimBytes),
      BENCH_DECISION_BYTES: String(calls.decisionBytes),
    },
    nodeArgs: profileArgs('pairs'),
  });
}

async function appendPairs(
  child: Child,
  load: PairsLoad,
): Promise<Pairs & { readonly clientMicros: number }> {
  const before = await child.ask<Usage>('usage');
  const done = await child.ask<Pairs>('run', load);
  return { ...done, clientMicros: (await child.ask<Usage>('usage')).allMicros - before.allMicros };
}
