import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { commandId, eventId, streamName } from '../../../libs/domain/shared/ids.js';
import type { NewEvent } from '../../../libs/event-log/event-log.js';
import { SqliteEventLog } from '../../../libs/event-log/sqlite/sqlite-event-log.js';
import { projected, type Service, startService } from '../children/service.js';
import { bodyOf, Connection } from '../load/connection.js';
import { bearer, request } from '../load/requests.js';
import { decidedOrder } from '../order-log.js';
import { type Comparison, median, type Round } from '../report/comparison.js';
import { orderBody } from '../world/orders.js';
import { seeded } from '../world/random.js';
import { furnish, populate, tenantOf } from '../world/world.js';
import { type Circumstances, roundsOf } from './chapter.js';

const EVENTS = 10_000;
/** A snapshot is taken every 500 events, so that on average 250 events follow the last one. */
const BEHIND_SNAPSHOT = 250;
const EVENTS_AN_APPEND = 200;
/** The number of customers that warm up the process. */
const OTHERS = 200;

/**
 * Orders, one at a time, of customers with 10,000 events, in memory (warm) or read for the first
 * time (cold), compared with those of new customers.
 */
export async function longStreamChapter(
  circumstances: Circumstances,
): Promise<readonly Comparison[]> {
  const { quick, directory, progress } = circumstances;
  const dataDir = join(directory, 'long-stream');
  const long = Array.from({ length: quick ? 3 : 10 }, (_, number) => number);
  await prepare(dataDir, long, progress);

  const warm: Round[] = [];
  const cold: Round[] = [];
  for (let round = 0; round < roundsOf(circumstances); round++) {
    const service = await startService(dataDir);
    try {
      const measured = await measure(service, long, 1_000 + round * 1_000);
      warm.push({ ours: measured.warm, beside: measured.new });
      cold.push({ ours: measured.cold, beside: measured.new });
      progress(
        `long-stream: round ${round + 1}: cold ${measured.cold.toFixed(2)} ms, warm ${measured.warm.toFixed(2)} ms, new ${measured.new.toFixed(2)} ms`,
      );
    } finally {
      await service.end();
    }
  }
  const beside = 'of a new customer';
  return [
    {
      id: 'order-10000-events-warm',
      work: 'order of a customer with 10,000 events, warm',
      beside,
      unit: 'ms',
      rounds: warm,
      target: { atMost: 1.5 },
    },
    {
      id: 'order-10000-events-cold',
      work: 'order of a customer with 10,000 events, cold',
      beside,
      unit: 'ms',
      rounds: cold,
      target: { atMost: 5 },
    },
  ];
}

/**
 * The service registers the customers and takes the snapshots; the events between are appended
 * directly to the log.
 */
async function prepare(
  dataDir: string,
  long: readonly number[],
  progress: Circumstances['progress'],
): Promise<void> {
  progress('long-stream: registering customers');
  const first = await startService(dataDir);
  await furnish(first.url, first.tokens.operator);
  await populate(first.url, first.tokens.orderEntry, { customers: long.length + OTHERS });
  await first.end();

  progress(`long-stream: writing ${long.length} streams of ${EVENTS} events`);
  await lengthen(dataDir, long, EVENTS - BEHIND_SNAPSHOT);
  const second = await startService(dataDir);
  await projected(second, (lag) => progress(`long-stream: projections are ${lag} events behind`));
  const orders = new Orders(second, await Connection.open(second.url));
  for (const customer of long) await orders.place(customer);
  // The worker thread writes snapshots after the answer.
  await new Promise((resolve) => setTimeout(resolve, 500));
  orders.close();
  await second.end();
  await lengthen(dataDir, long, EVENTS);
}

async function lengthen(
  dataDir: string,
  customers: readonly number[],
  events: number,
): Promise<void> {
  const log = await SqliteEventLog.open({ file: join(dataDir, 'log.db'), clock: () => Date.now() });
  try {
    for (const customer of customers) {
      const stream = streamName(`customer-${tenantOf(customer)}`);
      for (let revision = await log.revisionOf(stream); revision < events - 1;) {
        const count = Math.min(EVENTS_AN_APPEND, events - 1 - revision);
        await log.append({ stream, expectedRevision: revision, events: recordedOrders(count) });
        revision += count;
      }
    }
  } finally {
    await log.close();
  }
}

function recordedOrders(count: number): readonly NewEvent[] {
  const command = commandId(randomUUID());
  return Array.from({ length: count }, (_, index) => {
    const [type, data] = decidedOrder(index);
    return {
      id: eventId(randomUUID()),
      type,
      version: 1,
      data,
      metadata: { commandId: command, index, actor: 'key:bench', correlationId: command },
    };
  });
}

/** Medians in milliseconds. Customers from number `firstNew` on are new. */
async function measure(
  service: Service,
  long: readonly number[],
  firstNew: number,
): Promise<Record<'cold' | 'warm' | 'new', number>> {
  const fresh = long.flatMap((customer) =>
    Array.from({ length: 5 }, (_, turn) => firstNew + customer * 5 + turn),
  );
  await populate(service.url, service.tokens.orderEntry, {
    first: firstNew,
    customers: fresh.length,
  });
  await projected(service);
  const orders = new Orders(service, await Connection.open(service.url));
  for (let turn = 0; turn < 2 * OTHERS; turn++) await orders.place(long.length + (turn % OTHERS));

  const cold: number[] = [];
  const others: number[] = [];
  for (const customer of long) {
    cold.push(await orders.place(customer));
    others.push(await orders.place(fresh[customer * 5] ?? firstNew));
  }
  const warm: number[] = [];
  for (const customer of long) {
    for (let turn = 1; turn < 5; turn++) {
      warm.push(await orders.place(customer));
      others.push(await orders.place(fresh[customer * 5 + turn] ?? firstNew));
    }
  }
  orders.close();
  return { cold: median(cold), warm: median(warm), new: median(others) };
}

/** One client that waits for each answer. */
class Orders {
  private readonly random = seeded(1);
  private readonly prefix = `bench-${Date.now()}-`;
  private placed = 0;

  constructor(
    private readonly service: Service,
    private readonly connection: Connection,
  ) {}

  /** The duration in milliseconds. */
  async place(customer: number): Promise<number> {
    const headers = {
      ...bearer(this.service.tokens.orderEntry),
      'idempotency-key': `${this.prefix}${this.placed++}`,
    };
    const text = request('POST', '/v1/orders', headers, orderBody(customer, this.random));
    const began = performance.now();
    const answered = await this.connection.send(text);
    const ms = performance.now() - began;
    if (answered.status !== 201)
      throw new Error(`an order was answered ${answered.status}: ${bodyOf(answered)}`);
    return ms;
  }

  close(): void {
    this.connection.close();
  }
}
