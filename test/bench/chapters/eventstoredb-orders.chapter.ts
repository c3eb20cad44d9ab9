import type { Pairs } from '../children/appended-pairs.child.js';
import { replayable } from '../children/bare-http.js';
import { Child } from '../children/child.js';
import { openClusterStores } from '../children/cluster-stores.js';
import { type EventStore, openEventStore } from '../children/eventstoredb.js';
import { openOrderServers } from '../children/order-servers.js';
import { projectionLag } from '../children/service.js';
import { type CallsOfOrders, callsOfOrders } from '../eventstoredb-calls.js';
import { LoadGenerator, type Slice } from '../load/measured-load.js';
import { alternate, type Work } from '../load/alternation.js';
import type { Line } from '../report/comparison.js';
import { linesOf, roundOf, type RoundOverEventStoreDb } from '../report/eventstoredb-orders.js';
import { type Circumstances, roundsOf } from './chapter.js';

const IN_FLIGHT = 64;
/** Long compared with one order: at the ends of a slice fewer requests are in flight. */
const SLICE_MS = 1_000;

/**
 * Compares `POST /v1/orders` over EventStoreDB with the client's time for the two appends of an
 * order, and with bare node:http.
 */
export async function eventStoreDbOrdersChapter(
  circumstances: Circumstances,
): Promise<readonly Line[]> {
  const { quick, progress } = circumstances;
  const customers = quick ? 1_000 : 10_000;
  const load = await Child.start(new URL('../load/load.child.js', import.meta.url));
  const generator = (connections: number, of = customers): LoadGenerator =>
    new LoadGenerator(load, { connections, customers: of });
  try {
    progress('orders: counting calls on the double');
    const counting = { customers: quick ? 200 : 1_000, rounds: roundsOf(circumstances) };
    const calls = await callsOfOrders(circumstances, {
      ...counting,
      generator: generator(IN_FLIGHT, counting.customers),
    });
    const eventStore = await openEventStore(circumstances);
    try {
      return await measured(circumstances, {
        eventStore,
        calls,
        customers,
        many: generator(IN_FLIGHT),
        one: generator(1),
      });
    } finally {
      await eventStore.end();
    }
  } finally {
    await load.end();
  }
}

interface Prepared {
  readonly eventStore: EventStore;
  readonly calls: CallsOfOrders;
  readonly customers: number;
  readonly many: LoadGenerator;
  readonly one: LoadGenerator;
}

async function measured(
  circumstances: Circumstances,
  { eventStore, calls, customers, many, one }: Prepared,
): Promise<readonly Line[]> {
  const { quick, progress } = circumstances;
  const stores = await openClusterStores(circumstances, eventStore);
  const opened = await openOrderServers(circumstances, { eventStore, stores, calls, customers });
  const { ours, storeOff, bare, pairs } = opened;
  try {
    progress('orders: warming up');
    await opened.answerBare(replayable(await many.warmUp(ours)));
    for (const server of [bare, storeOff]) await many.warmUp(server);
    await pairs({ inFlight: IN_FLIGHT, pairs: customers, forMs: Infinity });

    const onServer = <Done extends Slice | Pairs>(work: Work<Done>) =>
      withUsageOf(eventStore, work);
    const works = {
      ours: onServer((forMs) => many.slice(ours, forMs)),
      pairs: onServer((forMs) => pairs({ inFlight: IN_FLIGHT, forMs, pairs: Infinity })),
      bare: (forMs: number) => many.slice(bare, forMs),
      storeOff: (forMs: number) => many.slice(storeOff, forMs),
      oneOrder: (forMs: number) => one.slice(ours, forMs),
      onePair: (forMs: number) => pairs({ inFlight: 1, forMs, pairs: Infinity }),
    };
    const rounds: RoundOverEventStoreDb[] = [];
    for (let round = 0; round < roundsOf(circumstances); round++) {
      const one = roundOf(
        await alternate(works, { forMs: quick ? SLICE_MS : 4 * SLICE_MS, sliceMs: SLICE_MS }),
      );
      rounds.push(one);
      // prettier-ignore
      progress(`orders: round ${round + 1}: ${Object.entries(one).map(([name, { perSecond }]) => `${name} ${Math.round(perSecond)}/s`).join(', ')}`);
    }
    return linesOf({
      rounds,
      calls,
      eventStore,
      readModels: stores.readModels,
      lag: await projectionLag(opened.service),
    });
  } finally {
    await opened.end();
    await stores.end();
  }
}

/** Adds the server's processor time in microseconds; NaN where it is unknown. */
function withUsageOf<Done extends object>(
  { usage }: EventStore,
  work: Work<Done>,
): Work<Done & { readonly serverMicros: number }> {
  const micros = async (): Promise<number> => (await usage?.())?.allMicros ?? NaN;
  return async (forMs) => {
    const before = await micros();
    const done = await work(forMs);
    return { ...done, serverMicros: (await micros()) - before };
  };
}
