// Longer than 300 lines: one test for each trap of the client, in the order of the table.
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OutcomeUnknown } from '../../../libs/event-log/errors.js';
import type { EventStoreDbLog } from '../../../libs/event-log/eventstoredb/eventstoredb-log.js';
import { MemoryPositionIndex } from '../../../libs/event-log/eventstoredb/position-index.js';
import type { LoggedEvent } from '../../../libs/event-log/event-log.js';
import { EventStoreDouble } from '../../double/event-store-double.js';
import type { CallFault, DeliveryFault } from '../../double/faults.js';
import { all, appendOf, collect, fill, nextCommand, stream } from '../sample-events.js';
import { DoubleWorld, SHORT_TIMEOUTS, PREFIX, stored } from './double-world.js';

/** Known defects and surprises of the client and the server, one test for each. */
let double: EventStoreDouble;
let world: DoubleWorld;
let log: EventStoreDbLog;

beforeEach(async () => {
  double = await EventStoreDouble.start();
  world = new DoubleWorld();
  log = await world.open(double.url);
});
afterEach(async () => {
  double.faults.clear();
  await world.close();
  await double.stop();
});

const published = (of: EventStoreDbLog): number[] => {
  const positions: number[] = [];
  of.onCommitted((events) => positions.push(...events.map(({ position }) => position)));
  return positions;
};

describe('trap 1: with several hosts, esdb+discover uses the first one only', () => {
  it('refuses such a connection string at start, and says how to write it', async () => {
    const opening = world.open('esdb+discover://a:2113,b:2113,c:2113?tls=false');
    await expect(opening).rejects.toThrow(
      /one DNS name.*first host only.*esdb:\/\/a:2113,b:2113,c:2113/,
    );
  });

  it('works with several seeds while the first is down', async () => {
    const other = await EventStoreDouble.start();
    const seeds = `esdb://127.0.0.1:1,127.0.0.1:${other.port}?tls=false`;
    const elsewhere = await world.open(seeds, { index: new MemoryPositionIndex() });
    await expect(elsewhere.append(appendOf('a', -1))).resolves.toHaveProperty('repeated', false);
    await elsewhere.close();
    await other.stop();
  });
});

describe('trap 2: the batch append keeps a failed discovery for ever', () => {
  it('no append uses it, or asks the server whether it supports it', async () => {
    await log.append(appendOf('a', -1, { events: [{}, {}] }));
    await log.claim({ commandId: nextCommand(), targetStream: stream('a'), revision: 1 });
    expect(double.calls.counts).not.toHaveProperty('batchAppend');
    expect(double.calls.counts).not.toHaveProperty('supportedMethods');
    expect(double.calls.count('append')).toBeGreaterThan(1);
  });

  it('the same log works again by itself after a failed discovery', async () => {
    // The promise is that the log recovers, not how soon: a busy machine may take longer than a
    // test's short timeout.
    const timeouts = { ...SHORT_TIMEOUTS, commandMs: 15_000 };
    const seeds = await world.open(`esdb://127.0.0.1:${double.port},127.0.0.1:1?tls=false`, {
      timeouts,
    });
    await double.stop();
    const appending = seeds.append(appendOf('a', -1));
    await delay(600);
    await double.restart();
    await expect(appending).resolves.toHaveProperty('repeated', false);
  });
});

describe('trap 3: the batch append sends its deadline as an instant', () => {
  it.each([-3_600_000, 3_600_000])(
    'appends to a server whose clock is %i ms away, and reports the difference',
    async (offsetMs) => {
      double.clockOffsetMs = offsetMs;
      world.nowMs = Date.now();
      await expect(log.append(appendOf('a', -1))).resolves.toHaveProperty('repeated', false);
      expect(Math.abs(log.clockOffsetMs() - offsetMs)).toBeLessThan(5_000);
    },
  );
});

describe('trap 4: an append can end with an unknown outcome', () => {
  const faults: readonly CallFault[] = [
    'drop-after-commit',
    'drop-before-commit',
    'unavailable',
    'unavailable-after-commit',
    'cancelled',
    'cancelled-after-commit',
    'commit-timeout',
    'commit-timeout-without-effect',
    'request-cancelled-by-server',
    'not-leader',
    'no-leader-info',
    'too-busy',
    'hold-reply',
    'hold-request',
  ];
  it.each(faults)(
    'retries after %s, twice, with the same ids and revision, and appends once',
    async (kind) => {
      const positions = published(log);
      double.faults.add(kind, { times: 2 });
      const { events, repeated } = await log.append(appendOf('a', -1, { events: [{}] }));
      expect(repeated).toBe(false);
      expect(events.map(({ position, revision }) => [position, revision])).toEqual([[0, 0]]);
      double.faults.clear();
      await delay(50);
      expect(stored(double)).toEqual(['a@0']);
      expect(positions).toEqual([0]);
    },
  );

  it("reports another process's append in between as a conflict, not as its own", async () => {
    const fault = double.faults.add('hold-request');
    const pending = log.append(appendOf('a', -1));
    await delay(50);
    double.inject(`${PREFIX}a`, { type: 'Foreign' });
    fault.release();
    await expect(pending).rejects.toMatchObject({ name: 'WrongRevision', actual: 0 });
  });

  it('reports an outcome unknown at the deadline as unknown, and the repeated append returns it', async () => {
    const impatient = await world.open(double.url, {
      timeouts: {
        callMs: 60,
        slackMs: 20,
        readMs: 300,
        commandMs: 300,
        subscriptionMs: 100,
        closeMs: 50,
        missingMs: 2_000,
        heartbeatMs: 60_000,
      },
    });
    double.faults.add('commit-timeout', { times: Infinity });
    double.faults.add('subscription-silence', { times: Infinity });
    double.dropSubscriptions();
    const append = appendOf('a', -1);
    await expect(impatient.append(append)).rejects.toBeInstanceOf(OutcomeUnknown);
    double.faults.clear();
    await expect(log.append(append)).resolves.toHaveProperty('repeated', true);
    expect(stored(double)).toEqual(['a@0']);
  });
});

describe('trap 5: data that JSON cannot carry leaves a promise that never settles', () => {
  it.each([[{ a: 1n }], [{ a: undefined }], [undefined]])(
    '%p is refused before the client sees it',
    async (data) => {
      double.calls.reset();
      const append = appendOf('a', -1);
      await expect(
        log.append({ ...append, events: [{ ...append.events[0]!, data }] }),
      ).rejects.toHaveProperty('name', 'UnfitEvent');
      expect(double.calls.count('append')).toBe(0);
    },
  );
});

describe('trap 6: with throwOnAppendFailure=false the client reports a wrong revision', () => {
  it('refuses that option', async () => {
    await expect(world.open(`${double.url}&throwOnAppendFailure=false`)).rejects.toThrow(
      /throwOnAppendFailure/,
    );
  });

  it('a conflict names the actual revision', async () => {
    await log.append(appendOf('a', -1, { events: [{}, {}, {}] }));
    await expect(log.append(appendOf('a', 0))).rejects.toMatchObject({
      name: 'WrongRevision',
      expected: 0,
      actual: 2,
    });
    await expect(log.append(appendOf('b', 3))).rejects.toMatchObject({
      name: 'WrongRevision',
      expected: 3,
      actual: -1,
    });
  });
});

describe('trap 7: leaving a loop does not cancel the call', () => {
  it('leaving a scan ends its subscription', async () => {
    const large = { data: { text: 'x'.repeat(400 * 1024) } };
    // More than is kept in memory, so that the beginning has to be read.
    for (let revision = -1; revision < 59; revision += 2)
      await log.append(appendOf('a', revision, { events: [large, large] }));
    for await (const page of log.readAll({ after: -1 })) {
      expect(page.events.length).toBeGreaterThan(0);
      break;
    }
    for await (const page of log.readStream(stream('a'))) {
      expect(page.length).toBeGreaterThan(0);
      break;
    }
    await delay(100);
    expect(double.subscriptionCount).toBe(1);
  });
});

describe('traps 8 and 9: checkpoints and "caught up" come before the events ahead of them, and a checkpoint can be impossible', () => {
  it.each<DeliveryFault>(['impossible-checkpoint', 'early-checkpoint', 'early-caught-up'])(
    'misses no event after %s and a drop',
    async (kind) => {
      await log.close();
      double.faults.add(kind, { times: 5 });
      const again = await world.open(double.url);
      const positions = published(again);
      for (let revision = -1; revision < 4; revision++) {
        await again.append(appendOf('a', revision));
        double.dropSubscriptions(revision % 2 === 0 ? 'end' : 'error');
      }
      await again.catchUp();
      expect(positions).toEqual([0, 1, 2, 3, 4]);
    },
  );
});

describe('trap 10: a dropped subscription says so with an error, or just ends, or says nothing', () => {
  it.each<DeliveryFault>([
    'subscription-error',
    'subscription-end',
    'subscription-connection-drop',
    'subscription-silence',
    'duplicate-delivery',
  ])(
    '%s: the subscription resumes after the last event, and each is delivered once',
    async (kind) => {
      const second = await world.open(double.url, { writesIndex: false });
      const positions = [published(log), published(second)];
      double.dropSubscriptions();
      for (let revision = -1; revision < 19; revision++) {
        if (revision % 5 === 0) {
          double.faults.add(kind, { times: 2, afterEvents: 2 });
          double.dropSubscriptions('end');
        }
        await log.append(appendOf('a', revision));
      }
      await second.catchUp();
      expect(positions[0]).toEqual(Array.from({ length: 20 }, (_, position) => position));
      expect(positions[1]).toEqual(positions[0]);
      expect((await all(second)).map(({ position }) => position)).toEqual(positions[0]);
    },
  );
});

describe('trap 11: with the server down an append fails otherwise than a read', () => {
  it('retries both, and they succeed when the server is back', async () => {
    await log.append(appendOf('a', -1));
    await double.stop();
    const appending = log.append(appendOf('a', 0));
    const reading = collect(log.readStream(stream('a')));
    const catchingUp = log.catchUp();
    await delay(300);
    await double.restart();
    await expect(appending).resolves.toHaveProperty('events.0.revision', 1);
    expect((await reading).length).toBeGreaterThan(0);
    await catchingUp;
    expect(world.kinds()).toContain('log-disconnected');
    expect(world.reports).toContainEqual({ kind: 'log-reconnected', gapMs: expect.any(Number) });
  });

  it('does not report the outcome of a call that was never sent as unknown', async () => {
    const timeouts = {
      callMs: 500,
      slackMs: 50,
      readMs: 500,
      commandMs: 500,
      subscriptionMs: 100,
      closeMs: 50,
      missingMs: 2_000,
      heartbeatMs: 60_000,
    };
    const impatient = await world.open(double.url, { writesIndex: false, timeouts });
    await double.stop();
    await expect(world.open(double.url, { writesIndex: false, timeouts })).rejects.toHaveProperty(
      'name',
      'LogUnavailable',
    );
    await expect(impatient.append(appendOf('a', -1))).rejects.toMatchObject({
      name: 'LogUnavailable',
      message: expect.stringContaining('nothing was appended'),
    });
  });
});

describe('trap 12: just after an election the server is not ready', () => {
  it('retries', async () => {
    double.faults.add('not-ready', { times: 3, call: ['append', 'readStream', 'readAll'] });
    await expect(log.append(appendOf('a', -1))).resolves.toHaveProperty('events.0.position', 0);
    expect(await log.head()).toBe(0);
  });
});

describe('trap 13: the error of a conflict has no message, and its name is "Error"', () => {
  it('the log throws its own', async () => {
    await log.append(appendOf('a', -1));
    const refused = log.append(appendOf('a', -1));
    await expect(refused).rejects.toMatchObject({
      name: 'WrongRevision',
      message: 'a is at revision 0, not at -1',
      stream: 'a',
    });
  });
});

describe('trap 14: too large an append fails with an empty message, or an unknown error', () => {
  it('refuses it before the call', async () => {
    double.calls.reset();
    const append = appendOf('a', -1, { events: [{ data: { text: 'x'.repeat(512 * 1024) } }] });
    await expect(log.append(append)).rejects.toMatchObject({
      name: 'UnfitEvent',
      message: expect.stringMatching(/bytes; at most/),
    });
    expect(double.calls.count('append')).toBe(0);
  });

  it("respects a server's smaller limit, and distinguishes it from a failure", async () => {
    const strict = await EventStoreDouble.start({ appendLimitBytes: 10_000 });
    const elsewhere = await world.open(strict.url, { index: new MemoryPositionIndex() });
    const append = appendOf('a', -1, { events: [{ data: { text: 'x'.repeat(20_000) } }] });
    await expect(elsewhere.append(append)).rejects.toMatchObject({
      name: 'UnfitEvent',
      message: expect.stringMatching(/maximum/i),
    });
    await expect(elsewhere.append(appendOf('a', -1))).resolves.toHaveProperty('repeated', false);
    await elsewhere.close();
    await strict.stop();
  });
});

describe('other observed behaviour of the server', () => {
  it('answers one event again after later ones, and all events of an append again, with the first result', async () => {
    const [first, second] = [appendOf('a', -1, { events: [{}, {}] }), appendOf('a', 1)];
    const { events } = await log.append(first);
    await log.append(second);
    await fill(log, 'a', 5);
    const again: readonly LoggedEvent[] = (await log.append(first)).events;
    expect(again).toEqual(events);
    await expect(log.append(second)).resolves.toHaveProperty('repeated', true);
  });

  it('reports events of other writers under the prefix, and does not count them', async () => {
    double.inject(`${PREFIX}a`, { type: 'Foreign' });
    const { events } = await log.append(appendOf('b', -1));
    expect(events[0]?.position).toBe(0);
    expect(world.reports).toContainEqual({ kind: 'log-event-foreign', stream: 'a', revision: 0 });
  });
});
