import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LogWentBack } from '../../../libs/event-log/errors.js';
import type { EventStoreDbLog } from '../../../libs/event-log/eventstoredb/eventstoredb-log.js';
import { DoubleCluster } from '../../double/double-cluster.js';
import { EventStoreDouble } from '../../double/event-store-double.js';
import type { LogCopy } from '../../double/transaction-log.js';
import { appendOf, collect, nextCommand, stream } from '../sample-events.js';
import { DoubleWorld, SHORT_TIMEOUTS } from './double-world.js';

/**
 * A server that is restored from an older copy of its data while processes follow it. Seen on three
 * real nodes: it comes back like a restarted one, and once it has grown past its former end, its
 * length shows nothing.
 */
let double: EventStoreDouble;
let world: DoubleWorld;
let log: EventStoreDbLog;
let published: string[];

/** It notices within a second or two; a busy machine takes longer. */
const WITHIN_MS = 16_000;
jest.setTimeout(40_000);
/**
 * As in production, the log checks by itself now and then: a subscription that cannot start again
 * on a busy machine reports nothing.
 */
const timeouts = { ...SHORT_TIMEOUTS, callMs: 1_000, slackMs: 200, heartbeatMs: 1_000 };

async function open(url: string): Promise<EventStoreDbLog> {
  const opened = await world.open(url, { timeouts });
  opened.onCommitted((events) =>
    published.push(...events.map((event) => `${event.stream}@${event.revision}`)),
  );
  return opened;
}

beforeEach(async () => {
  double = await EventStoreDouble.start();
  world = new DoubleWorld();
  published = [];
  log = await open(double.url);
  await log.append(appendOf('a', -1, { events: [{}, {}] }));
});
afterEach(async () => {
  await world.close();
  await double.stop();
});

/** Waits until the log reports that it went back; returns the reason. */
async function wentBack(of = world): Promise<string> {
  for (const endMs = performance.now() + WITHIN_MS; ; await delay(20)) {
    const found = of.reports.find((report) => report.kind === 'log-went-back');
    if (found) return found.reason;
    if (performance.now() > endMs)
      throw new Error(`the log did not notice it; reported: ${of.kinds().join(', ')}`);
  }
}

/** Appends as another process that does not know the time before. */
async function grow(url: string, ...streams: readonly string[]): Promise<void> {
  const after = new DoubleWorld();
  const other = await after.open(url, { timeouts });
  for (const name of streams)
    await other.append(appendOf(name, await other.revisionOf(stream(name))));
  await after.close();
}

async function expectEnded(): Promise<void> {
  const ended = { name: 'LogUnavailable', message: expect.stringContaining('must restart') };
  await expect(log.head()).rejects.toMatchObject(ended);
  await expect(log.catchUp()).rejects.toBeInstanceOf(LogWentBack);
  await expect(log.append(appendOf('new', -1))).rejects.toBeInstanceOf(LogWentBack);
  await expect(
    log.claim({ commandId: nextCommand(), targetStream: stream('new'), revision: -1 }),
  ).rejects.toBeInstanceOf(LogWentBack);
  expect(() => log.readStream(stream('a'))).toThrow(LogWentBack);
  await expect(collect(pagesOf(log))).rejects.toBeInstanceOf(LogWentBack);
}
async function* pagesOf(of: EventStoreDbLog) {
  for await (const { events } of of.readAll({ after: -1 })) yield events;
}

describe('a log that was restored from an older copy under a running process', () => {
  let copy: LogCopy;
  beforeEach(async () => {
    copy = double.copy();
    await log.append(appendOf('b', -1, { events: [{}, {}] }));
    await log.append(appendOf('a', 1));
    published.length = 0;
  });

  it.each<[what: string, grown: readonly string[]]>([
    ['ends before what was seen', []],
    ['is shorter than before, and moves again', ['a']],
    [
      'has grown past its former end, with other events of the same streams',
      ['a', 'b', 'b', 'c', 'a', 'c'],
    ],
    ['has grown past its former end, with other streams', ['c', 'd', 'e', 'f', 'c', 'd']],
  ])('is noticed where it %s, and every later call fails', async (_what, grown) => {
    await double.restore(copy);
    if (grown.length > 0) await grow(double.url, ...grown);
    expect(await wentBack()).toMatch(
      /^EventStoreDB (ends before|has another event than) tested\.a@2/,
    );
    await expectEnded();
    expect(published).toEqual([]);
    expect(world.kinds().filter((kind) => kind === 'log-went-back')).toHaveLength(1);
  });

  it('is noticed by a process that saw only an acknowledgement', async () => {
    double.lagAll(60_000);
    const appending = expect(log.append(appendOf('late', -1))).rejects.toMatchObject({
      name: 'OutcomeUnknown',
    });
    while (!double.log.stream('tested.late')) await delay(5);
    await delay(100);
    const before = double.copy();
    double.lagAll(0);
    await double.restore({
      ...before,
      events: before.events.slice(0, -1),
      streams: withoutLast(before, 'tested.late'),
    });
    expect(await wentBack()).toContain('tested.late@0');
    await appending;
  });

  it('ends subscriptions, and a waiting append does not succeed', async () => {
    const followed = (async () => {
      for await (const _ of log.subscribe({ after: 4, signal: new AbortController().signal }))
        throw new Error('nothing comes');
    })();
    await double.stop();
    const waiting = log.append(appendOf('a', 2));
    const settled = expect(waiting).rejects.toMatchObject({
      message: expect.stringMatching(/must restart|not known/),
    });
    await double.restore(copy);
    await grow(double.url, 'a', 'b', 'b', 'c', 'c');
    await wentBack();
    await settled;
    await followed;
  });

  it('is counted again by the next process, whose index has no rows from before', async () => {
    await double.restore(copy);
    await grow(double.url, 'c', 'a', 'd', 'e', 'c', 'c', 'c');
    await wentBack();
    await log.close();
    const next = await open(double.url);
    const events = await collect(pagesOf(next));
    expect(events.map(({ position }) => position)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(events.map((event) => event.stream)).toEqual([
      'a',
      'a',
      'c',
      'a',
      'd',
      'e',
      'c',
      'c',
      'c',
    ]);
    for (const { position, id } of events) {
      while ((await world.index.last())?.position !== 8) await delay(10);
      expect((await world.index.at(position))?.eventId).toBe(id);
    }
  });

  it('is the same log after only a restart', async () => {
    await double.restart();
    await log.append(appendOf('a', 2));
    expect(published).toEqual(['a@3']);
    expect(world.kinds()).not.toContain('log-went-back');
  });
});

it('is another log when the same commands are repeated with the same bytes', async () => {
  const bare = await EventStoreDouble.start({ systemEvents: false });
  const own = new DoubleWorld();
  const after = new DoubleWorld();
  try {
    const followed = await own.open(bare.url, { timeouts });
    await followed.append(appendOf('a', -1));
    const copy = bare.copy();
    const lost = appendOf('b', -1);
    await followed.append(lost);
    await bare.restore(copy);
    await delay(2);
    await (await after.open(bare.url, { timeouts })).append(lost);
    expect(await wentBack(own)).toContain('another event');
  } finally {
    await Promise.all([after.close(), own.close()]);
    await bare.stop();
  }
});

it('takes no event of a subscription that was dropped before it was verified', async () => {
  const bare = await EventStoreDouble.start({ systemEvents: false });
  const own = new DoubleWorld();
  const taken: string[] = [];
  try {
    const followed = await own.open(bare.url, { timeouts: { ...timeouts, callMs: 300 } });
    await followed.append(appendOf('a', -1));
    const copy = bare.copy();
    await followed.append(appendOf('b', -1));
    followed.onCommitted((events) => taken.push(...events.map((event) => event.stream)));
    // The restored server delivers its events, but does not answer the read of the last event seen.
    const unanswered = bare.faults.add('hold-request', {
      call: 'readStream',
      stream: 'tested.b',
      times: Infinity,
    });
    await bare.restore(copy);
    await grow(bare.url, 'c', 'd', 'e');
    bare.calls.reset();
    while (bare.calls.count('subscribeToAll') < 2 && taken.length === 0) await delay(20);
    unanswered.cancel();
    expect(await wentBack(own)).toContain('tested.b@0');
    expect(taken).toEqual([]);
  } finally {
    await own.close();
    await bare.stop();
  }
});

it('is noticed by each of its processes when a whole cluster is restored from one copy', async () => {
  const cluster = await DoubleCluster.start({ electionMs: 60 });
  const worlds = [new DoubleWorld(), new DoubleWorld()];
  try {
    const logs = await Promise.all(worlds.map((each) => each.open(cluster.url, { timeouts })));
    await logs[0]!.append(appendOf('a', -1));
    const copy = cluster.leader.copy();
    await logs[1]!.append(appendOf('b', -1));
    await logs[0]!.catchUp();
    await cluster.restore(copy);
    await grow(cluster.url, 'c', 'd', 'e');
    for (const each of worlds) expect(await wentBack(each)).toContain('tested.b@0');
  } finally {
    await Promise.all(worlds.map((each) => each.close()));
    await cluster.stop();
  }
});

/** Streams of a copy, one of them without its last event. */
function withoutLast({ streams }: LogCopy, name: string): LogCopy['streams'] {
  const state = streams.get(name)!;
  return new Map([...streams, [name, { ...state, events: state.events.slice(0, -1) }]]);
}
