import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryPositionIndex } from '../../../libs/event-log/eventstoredb/position-index.js';
import { EventStoreDouble } from '../../double/event-store-double.js';
import { all, appendOf, collect, fill, stream } from '../sample-events.js';
import { DoubleWorld, SHORT_TIMEOUTS, PREFIX } from './double-world.js';

let double: EventStoreDouble;
let world: DoubleWorld;
beforeEach(async () => {
  double = await EventStoreDouble.start();
  world = new DoubleWorld();
});
afterEach(async () => {
  await world.close();
  await double.stop();
});

async function until(done: () => Promise<boolean> | boolean): Promise<void> {
  for (let waitedMs = 0; !(await done()); waitedMs += 20) {
    if (waitedMs > 4_000) throw new Error('it did not come to it');
    await delay(20);
  }
}
const shown = (events: readonly { readonly position: number; readonly id: string }[]): string[] =>
  events.map(({ position, id }) => `${position} ${id}`);

describe('a start', () => {
  it('reads the end of the index and the events after it, and nothing before it', async () => {
    const timeouts = { ...SHORT_TIMEOUTS, callMs: 5_000 };
    const first = await world.open(double.url, { timeouts });
    await fill(first, 'a', 600);
    await first.close();
    const late = await world.open(double.url, { timeouts, index: new MemoryPositionIndex() });
    await late.append(appendOf('b', -1));

    double.calls.reset();
    double.faults.add('subscription-error', { call: 'subscribeToAll', afterEvents: 2 });
    // Calls are counted here: long timeouts keep a busy machine from repeating one.
    const again = await world.open(double.url, { timeouts });
    // Two marks, the index's last event and a sample of ten before it, the end of the log, one
    // subscription.
    expect(double.calls.counts).toEqual({ readStream: 4 + 10, readAll: 1, subscribeToAll: 1 });
    expect(await again.head()).toBe(600);
    expect(world.kinds()).toEqual([]);
  });

  it('gives every process the same positions, from the index or from the beginning, whichever process writes the index', async () => {
    const first = await world.open(double.url);
    const second = await world.open(double.url, { writesIndex: false });
    await Promise.all([fill(first, 'a', 300), fill(second, 'b', 300)]);
    const fromNothing = await world.open(double.url, { index: new MemoryPositionIndex() });
    const fromIndex = await world.open(double.url, { writesIndex: false });
    const [expected, ...others] = await Promise.all(
      [first, second, fromNothing, fromIndex].map(all),
    );
    expect(expected).toHaveLength(600);
    for (const other of others) expect(shown(other)).toEqual(shown(expected!));
  });

  it('counts again if the index belongs to another log', async () => {
    const other = await EventStoreDouble.start();
    const elsewhere = await world.open(other.url);
    await fill(elsewhere, 'a', 30);
    await elsewhere.close();
    await other.stop();
    expect((await world.index.last())?.position).toBe(29);

    const log = await world.open(double.url);
    const { events } = await log.append(appendOf('a', -1));
    expect(events[0]?.position).toBe(0);
    await until(async () => (await world.index.last())?.eventId === events[0]?.id);
  });

  it('reads no events of other applications from before the log began', async () => {
    double.inject('other', ...Array.from({ length: 2_000 }, () => ({ type: 'Noise' })));
    const log = await world.open(double.url);
    double.calls.reset();
    expect(await log.head()).toBe(-1);
    expect(double.calls.counts).toEqual({ readAll: 1 });
    double.inject('other', ...Array.from({ length: 2_000 }, () => ({ type: 'Noise' })));
    await log.append(appendOf('a', -1));
    double.inject('other', ...Array.from({ length: 40 }, () => ({ type: 'Noise' })));
    double.calls.reset();
    expect([await log.head(), await log.head()]).toEqual([0, 0]);
    expect(double.calls.count('readAll')).toBeLessThan(5);
  });
});

describe('an index that is cleared while it is used', () => {
  it('is filled again, and no listener receives an event twice', async () => {
    const log = await world.open(double.url);
    const published: number[] = [];
    log.onCommitted((events) => published.push(...events.map(({ position }) => position)));
    await fill(log, 'a', 40);
    await until(async () => (await world.index.last())?.position === 39);
    await world.index.clear();
    await log.append(appendOf('b', -1));
    await until(async () => (await world.index.last())?.position === 40);
    expect((await world.index.matching({}, -1, 40, 100)).map(({ position }) => position)).toEqual(
      published,
    );
    expect(world.kinds()).toContain('log-index-differs');
    expect(shown(await all(log)).length).toBe(41);
  });
});

describe('reading', () => {
  const MANY = 1_000;
  const recentEvents = 400;

  it('reads events that are no longer in memory from the server, with the same positions', async () => {
    const log = await world.open(double.url, { recentEvents });
    await fill(log, 'a', 100, 'Early');
    await fill(log, 'b', MANY);
    await log.append(appendOf('a', 99, { events: [{ type: 'Early' }] }));
    const fresh = await world.open(double.url, { writesIndex: false, recentEvents });
    const events = await all(log);
    expect(events.map(({ position }) => position)).toEqual(
      Array.from({ length: MANY + 101 }, (_, position) => position),
    );
    expect(shown(await all(fresh))).toEqual(shown(events));
    expect(events.filter(({ type }) => type === 'Early')).toHaveLength(101);

    const early: number[] = [];
    for await (const page of fresh.readAll({ after: 49, types: ['Early'] }))
      early.push(...page.events.map(({ position }) => position));
    expect(early).toEqual([...Array.from({ length: 50 }, (_, place) => place + 50), MANY + 100]);
    const ofStream = await collect(
      fresh.readStream(stream('a'), { direction: 'backwards', upTo: 60, limit: 3 }),
    );
    expect(ofStream.map(({ position }) => position)).toEqual([60, 59, 58]);
  });

  it('of a stream waits for events that the subscription has not delivered yet', async () => {
    const first = await world.open(double.url);
    const second = await world.open(double.url, { writesIndex: false });
    await second.append(appendOf('a', -1));
    double.lagAll(100);
    const appending = first.append(appendOf('a', 0));
    await delay(30);
    const events = await collect(second.readStream(stream('a')));
    expect(events.map(({ position }) => position)).toEqual([0, 1]);
    await appending;
  });

  it('sends every read to the leader', async () => {
    const log = await world.open(double.url);
    await log.append(appendOf('a', -1));
    double.calls.reset();
    await log.revisionOf(stream('a'));
    await log.head();
    await collect(log.readStream(stream('a')));
    await log.append(appendOf('a', 0));
    expect(double.calls.latest.map(({ name, requiresLeader }) => [name, requiresLeader])).toEqual([
      ['readStream', true],
      ['readAll', true],
      ['readStream', true],
      ['append', true],
    ]);
  });

  it('shares one read of the leader among concurrent callers', async () => {
    const log = await world.open(double.url);
    await log.append(appendOf('a', -1));
    double.calls.reset();
    await Promise.all(Array.from({ length: 50 }, () => log.head()));
    expect(double.calls.counts).toEqual({ readAll: 2 });
  });
});

it('takes two appends and no read for an order', async () => {
  const log = await world.open(double.url);
  double.calls.reset();
  const append = appendOf('a', -1);
  await log.claim({
    commandId: append.events[0]!.metadata.commandId,
    targetStream: stream('a'),
    revision: -1,
  });
  await log.append(append);
  expect(double.calls.counts).toEqual({ append: 2 });
  expect(double.events().map((event) => event.stream.slice(0, PREFIX.length))).toEqual([
    PREFIX,
    PREFIX,
    PREFIX,
  ]);
});
