import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventStoreDbLog } from '../../../libs/event-log/eventstoredb/eventstoredb-log.js';
import { DoubleCluster } from '../../double/double-cluster.js';
import { EventStoreDouble } from '../../double/event-store-double.js';
import { all, appendOf, settle } from '../sample-events.js';
import { DoubleWorld, stored } from './double-world.js';
import { StallingProxy } from './stalling-proxy.js';

let world: DoubleWorld;
beforeEach(() => void (world = new DoubleWorld()));
afterEach(() => world.close());

const published = (of: EventStoreDbLog): string[] => {
  const seen: string[] = [];
  of.onCommitted((events) =>
    seen.push(...events.map((event) => `${event.position} ${event.stream}@${event.revision}`)),
  );
  return seen;
};

/**
 * Writers that append until they are stopped, each to its own stream; they repeat appends with an
 * unknown outcome.
 */
function load(logs: readonly EventStoreDbLog[], writers: number) {
  const acknowledged: string[] = [];
  const errors: string[] = [];
  let stopped = false;
  const running = Array.from({ length: writers }, async (_, writer) => {
    const log = logs[writer % logs.length]!;
    for (let revision = -1; !stopped; revision++) {
      const append = appendOf(`w-${writer}`, revision);
      for (let done = false; !done && !stopped;) {
        try {
          const { events } = await log.append(append);
          acknowledged.push(
            ...events.map((event) => `${event.position} ${event.stream}@${event.revision}`),
          );
          done = true;
        } catch (error) {
          errors.push((error as Error).name);
          if (!['OutcomeUnknown', 'LogUnavailable'].includes((error as Error).name)) return;
          await delay(20);
        }
      }
    }
  });
  return {
    acknowledged,
    errors,
    stop: async () => {
      stopped = true;
      await Promise.all(running);
    },
  };
}

describe('a single node', () => {
  let double: EventStoreDouble;
  beforeEach(async () => void (double = await EventStoreDouble.start()));
  afterEach(() => double.stop());

  it('is noticed when paused by calls without an answer: the client is rebuilt, and the log works again when the node does', async () => {
    const log = await world.open(double.url);
    const positions = published(log);
    await log.append(appendOf('a', -1));
    double.pause();
    const appends = Array.from({ length: 64 }, (_, n) => log.append(appendOf(`s-${n}`, -1)));
    await delay(900);
    expect(world.kinds()).toContain('log-client-rebuilt');
    double.resume();
    expect(await settle(appends)).toEqual({ fulfilled: 64, errors: [] });
    expect(positions).toHaveLength(65);
    expect(stored(double)).toHaveLength(65);
  });

  it('causes one rebuild of the client for all waiting callers, and one report for each outage', async () => {
    const log = await world.open(double.url);
    double.pause();
    const appends = Promise.allSettled(
      Array.from({ length: 100 }, (_, n) => log.append(appendOf(`s-${n}`, -1))),
    );
    await delay(1_500);
    // An answer that arrives late on a busy machine ends an outage; the next one is reported again.
    const outages = world.kinds().filter((kind) => kind === 'log-reconnected').length + 1;
    expect(world.kinds().filter((kind) => kind === 'log-disconnected')).toHaveLength(outages);
    expect(
      world.kinds().filter((kind) => kind === 'log-client-rebuilt').length,
    ).toBeLessThanOrEqual(outages);
    expect(world.kinds()).toContain('log-client-rebuilt');
    double.resume();
    await appends;
    expect(world.kinds().at(-1)).toMatch(/log-reconnected|log-subscription-dropped/);
  });

  it('is subscribed again when it answers but delivers nothing', async () => {
    const log = await world.open(double.url);
    double.faults.add('subscription-silence', { times: 1 });
    double.dropSubscriptions();
    await delay(150);
    await expect(log.append(appendOf('a', -1))).resolves.toHaveProperty('events.0.position', 0);
    expect(world.reports).toContainEqual(
      expect.objectContaining({
        kind: 'log-subscription-dropped',
        reason: 'it receives no events',
      }),
    );
  });

  it('keeps its subscription when events come late: an append waits for its own', async () => {
    const log = await world.open(double.url);
    double.lagAll(150);
    const { events } = await log.append(appendOf('a', -1));
    expect(events[0]?.position).toBe(0);
    expect(world.kinds()).toEqual([]);
  });

  it.each([
    ['stopped', () => double.stop()],
    ['paused', async () => double.pause()],
  ])('that is %s does not keep the log from closing', async (_, goAway) => {
    const log = await world.open(double.url);
    await goAway();
    const pending = Promise.allSettled([
      log.append(appendOf('a', -1)),
      log.catchUp(),
      log.revisionOf(appendOf('a', -1).stream),
    ]);
    const followed = (async () => {
      for await (const _page of log.subscribe({ after: -1, signal: new AbortController().signal }));
    })();
    await delay(50);
    const began = performance.now();
    await log.close();
    expect(performance.now() - began).toBeLessThan(2_000);
    await followed;
    const outcomes = await pending;
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    double.resume();
  });

  it('has all events of an append or none, however slowly it is sent and however often it is retried', async () => {
    const proxy = await StallingProxy.before(double.port);
    const log = await world.open(`esdb://127.0.0.1:${proxy.port}?tls=false`);
    const large = { data: { text: 'x'.repeat(290 * 1024) } };
    proxy.stallAfter(400 * 1024);
    const appending = log.append(appendOf('a', -1, { events: [large, large, large] }));
    // Longer than the deadline of a call: a call cancelled then would be taken for the whole
    // append.
    await delay(900);
    expect(stored(double)).toEqual([]);
    proxy.goOn();
    await expect(appending).resolves.toMatchObject({
      repeated: false,
      events: [{ revision: 0 }, { revision: 1 }, { revision: 2 }],
    });
    expect(stored(double)).toEqual(['a@0', 'a@1', 'a@2']);
    await log.close();
    await proxy.close();
  });
});

describe('a cluster of three', () => {
  let cluster: DoubleCluster;
  beforeEach(async () => void (cluster = await DoubleCluster.start()));
  afterEach(() => cluster.stop());

  it.each([
    [
      'killed',
      (of: DoubleCluster) => of.killLeader(),
      (of: DoubleCluster, old: EventStoreDouble) => of.restart(old),
    ],
    [
      'paused',
      (of: DoubleCluster) => of.pauseLeader(),
      (of: DoubleCluster, old: EventStoreDouble) => of.resume(old),
    ],
  ])(
    'whose leader is %s keeps working under load: no acknowledged event is lost, none is delivered twice',
    async (_, strike, repair) => {
      const logs = [
        await world.open(cluster.url),
        await world.open(cluster.url, { writesIndex: false }),
      ];
      const seen = logs.map(published);
      const { acknowledged, errors, stop } = load(logs, 16);
      await delay(200);
      for (let round = 0; round < 2; round++) {
        const before = acknowledged.length;
        const old = await strike(cluster);
        for (
          let waitedMs = 0;
          acknowledged.length < before + 100 && waitedMs < 8_000;
          waitedMs += 50
        )
          await delay(50);
        expect(acknowledged.length).toBeGreaterThan(before + 99);
        await repair(cluster, old);
        await delay(200);
      }
      await stop();
      await Promise.all(logs.map((log) => log.catchUp()));

      const log = (await all(logs[0]!)).map(
        (event) => `${event.position} ${event.stream}@${event.revision}`,
      );
      expect(errors.filter((name) => name === 'WrongRevision')).toEqual([]);
      expect(acknowledged.filter((event) => !log.includes(event))).toEqual([]);
      expect(new Set(log).size).toBe(log.length);
      expect(seen).toEqual([log, log]);
    },
  );

  it('works again without a restart after all of its nodes were down', async () => {
    const log = await world.open(cluster.url);
    await log.append(appendOf('a', -1));
    for (const node of cluster.nodes) await node.stop();
    const appending = log.append(appendOf('a', 0));
    await delay(800);
    for (const node of cluster.nodes) await node.restart();
    await expect(appending).resolves.toHaveProperty('events.0.position', 1);
    expect(await log.head()).toBe(1);
  });
});
