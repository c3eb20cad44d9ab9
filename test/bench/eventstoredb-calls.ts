import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Circumstances } from './chapters/chapter.js';
import { openClusterStores } from './children/cluster-stores.js';
import { startDouble } from './children/eventstoredb.js';
import { startService } from './children/service.js';
import type { LoadGenerator } from './load/measured-load.js';
import { furnish, populate } from './world/world.js';

/** The calls to the server for each order, counted by the double. */
export interface CallsOfOrders {
  readonly rounds: readonly CallsOfRound[];
  /** Median stored sizes, data and metadata. */
  readonly claimBytes: number;
  readonly decisionBytes: number;
}
export interface CallsOfRound {
  readonly orders: number;
  readonly appends: number;
  /** All other calls: reads, new subscriptions. */
  readonly others: number;
  readonly byName: Readonly<Record<string, number>>;
}

export interface CountedLoad {
  readonly generator: LoadGenerator;
  readonly customers: number;
  readonly rounds: number;
}

/**
 * Orders of known customers, by a service that only takes orders: another process fills the read
 * models.
 */
export async function callsOfOrders(
  circumstances: Circumstances,
  { generator, customers, rounds: count }: CountedLoad,
): Promise<CallsOfOrders> {
  const double = await startDouble();
  const stores = await openClusterStores(circumstances, double);
  const dataDir = join(circumstances.directory, 'calls-of-orders');
  mkdirSync(dataDir);
  try {
    const service = await startService(dataDir, {
      env: { ...stores.env, PROJECTION: 'elsewhere' },
    });
    try {
      await furnish(service.url, service.tokens.operator);
      await populate(service.url, service.tokens.orderEntry, { customers });
      const server = {
        url: service.url,
        token: service.tokens.orderEntry,
        usage: () => service.usage(),
      };
      await generator.orders(server, customers);
      const rounds: CallsOfRound[] = [];
      for (let round = 0; round < count; round++) {
        await double.calls();
        await generator.orders(server, customers);
        rounds.push(roundOf(customers, await double.calls()));
      }
      return {
        rounds,
        claimBytes: await double.bytesOf('Claimed'),
        decisionBytes: await double.bytesOf('OrderPlaced'),
      };
    } finally {
      await service.end();
    }
  } finally {
    await stores.end();
    await double.end();
  }
}

function roundOf(orders: number, byName: Readonly<Record<string, number>>): CallsOfRound {
  const appends = byName['append'] ?? 0;
  const all = Object.values(byName).reduce((sum, calls) => sum + calls, 0);
  return { orders, appends, others: all - appends, byName };
}
