import { setTimeout as passing } from 'node:timers/promises';
import { EventStoreDBClient, type ResolvedEvent } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventStoreDouble } from './event-store-double.js';
import { type CallFault, callFaults, type FaultKind } from './faults.js';
import { event, events, failure, World } from './semantics/world.js';

let double: EventStoreDouble;
let world: World;

beforeEach(async () => {
  double = await EventStoreDouble.start({ commitTimeoutMs: 150 });
  world = new World(double.url);
});
afterEach(async () => {
  await double.stop();
  await world.dispose();
});

const stored = (): number => double.events().length;
const append = (name = 'a') => failure(world.append(name, event(), 'any'));

describe('a fault of an append', () => {
  const table: readonly [
    kind: CallFault,
    is: string,
    code: number,
    message: RegExp,
    takesEffect: boolean,
  ][] = [
    ['drop-after-commit', 'UnavailableError', 14, /ECONNRESET/, true],
    ['drop-before-commit', 'UnavailableError', 14, /ECONNRESET/, false],
    ['not-ready', 'UnavailableError', 14, /Server Is Not Ready/, false],
    ['too-busy', 'UnavailableError', 14, /Server Is Too Busy/, false],
    ['no-leader-info', 'UnknownError', 2, /No leader info available in response/, false],
    ['not-leader', 'NotLeaderError', 5, /Leader info available/, false],
    ['access-denied', 'AccessDeniedError', 7, /Access Denied/, false],
    ['unavailable', 'UnavailableError', 14, /unavailable/, false],
    ['unavailable-after-commit', 'UnavailableError', 14, /unavailable/, true],
    ['cancelled', 'CancelledError', 1, /canceled by the server/, false],
    ['cancelled-after-commit', 'CancelledError', 1, /canceled by the server/, true],
    ['deadline-exceeded', 'DeadlineExceededError', 4, /Deadline Exceeded/, true],
    ['commit-timeout', 'TimeoutError', 10, /Operation timed out: Commit phase timeout\./, true],
    ['commit-timeout-without-effect', 'TimeoutError', 10, /Commit phase timeout/, false],
    ['request-cancelled-by-server', 'TimeoutError', 10, /Request canceled by server/, true],
  ];

  it.each(table)(
    '%s reaches the caller as %s with code %d',
    async (kind, is, code, message, takesEffect) => {
      const fault = double.faults.add(kind);
      expect(await append()).toMatchObject({ is, code, message: expect.stringMatching(message) });
      expect({ stored: stored(), hits: fault.hits }).toEqual({
        stored: takesEffect ? 1 : 0,
        hits: 1,
      });
      expect(await append()).toMatchObject({ answered: { success: true } });
    },
  );

  it.each([
    ['hold-reply', 1],
    ['hold-request', 0],
  ] as const)(
    '%s keeps the caller waiting until it is released',
    async (kind, takesEffectAtOnce) => {
      const fault = double.faults.add(kind);
      const waiting = append();
      expect(await Promise.race([waiting, passing(50, 'waiting')])).toBe('waiting');
      expect(stored()).toBe(takesEffectAtOnce);
      fault.release();
      expect(await waiting).toMatchObject({ answered: { success: true } });
      expect(stored()).toBe(1);
    },
  );

  it.each([
    ['hold-reply', 1],
    ['hold-request', 0],
  ] as const)('%s makes the caller reach its deadline', async (kind, left) => {
    const fault = double.faults.add(kind);
    const options = { credentials: { username: 'a', password: 'b' }, deadline: 60 };
    expect(await failure(world.client.appendToStream('held', event(), options))).toMatchObject({
      is: 'DeadlineExceededError',
      code: 4,
    });
    await passing(20);
    fault.release();
    await passing(20);
    expect(stored()).toBe(left);
  });

  it('returns the address of the leader to the caller', async () => {
    double.faults.add('not-leader', { leader: { host: '127.0.0.1', port: 4711 } });
    await expect(world.append('a', event(), 'any')).rejects.toMatchObject({
      leader: { address: '127.0.0.1', port: 4711 },
    });
  });

  it('has a row for every kind', () => {
    expect([...table.map(([kind]) => kind), 'hold-reply', 'hold-request'].sort()).toEqual(
      [...callFaults].sort(),
    );
  });

  it('is an error without a name, or one that the client knows, in the stream of batches', async () => {
    double.faults.add('not-ready', { call: 'batchAppend' });
    expect(await failure(world.append('b', event(), 'any', 'batch'))).toMatchObject({
      is: 'UnknownError',
      message: 'Could not recognize Server Is Not Ready',
    });
    double.faults.add('commit-timeout', { call: 'batchAppend' });
    expect(await failure(world.append('b', event(), 'any', 'batch'))).toMatchObject({
      is: 'DeadlineExceededError',
    });
  });
});

describe('a programme', () => {
  it.each([
    ['the first call', {}, [1, 0, 0, 0]],
    ['a number of calls', { times: 2 }, [1, 1, 0, 0]],
    ['calls after some that are left alone', { skip: 1, times: 2 }, [0, 1, 1, 0]],
    ['one stream by its name', { stream: 'c', times: 9 }, [0, 0, 1, 0]],
    ['streams by an expression', { stream: /^[bd]$/, times: 9 }, [0, 1, 0, 1]],
    ['calls of another kind', { call: 'readStream' as const }, [0, 0, 0, 0]],
  ])('affects %s', async (_title, programme, hit) => {
    double.faults.add('too-busy', programme);
    const met: number[] = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      const credentials = { username: 'a', password: 'b' };
      met.push(
        'is' in (await failure(world.client.appendToStream(name, event(), { credentials })))
          ? 1
          : 0,
      );
    }
    expect(met).toEqual(hit);
  });

  it('at random is the same for the same seed', async () => {
    const kinds: readonly FaultKind[] = ['too-busy', 'commit-timeout', 'cancelled'];
    const run = async (seed: number): Promise<readonly unknown[]> => {
      double.faults.atRandom({ seed, share: 0.3, kinds });
      const met: unknown[] = [];
      for (let number = 0; number < 30; number++) met.push((await append())['is']);
      return met;
    };
    const [once, again, other] = [await run(7), await run(7), await run(8)];
    expect(again).toEqual(once);
    expect(other).not.toEqual(once);
    const hits = [...double.faults.randomHits.values()].reduce((sum, count) => sum + count, 0);
    expect(hits).toBe([once, again, other].flat().filter((is) => is !== undefined).length);
  });

  it('ends when it is cleared, and its waiting calls continue', async () => {
    double.faults.add('hold-reply', { times: 5 });
    const waiting = append();
    await passing(20);
    double.faults.clear();
    expect(await waiting).toMatchObject({ answered: { success: true } });
    expect(await append()).toMatchObject({ answered: { success: true } });
  });
});

describe('a fault of a read', () => {
  it.each([
    ['unavailable', 0, 'UnavailableError'],
    ['unavailable', 3, 'UnavailableError'],
    ['drop-before-commit', 3, 'UnavailableError'],
  ] as const)('%s comes after %d events', async (kind, afterEvents, is) => {
    await world.append('r', events(10), 'no_stream');
    double.faults.add(kind, { call: 'readStream', afterEvents });
    const found: ResolvedEvent[] = [];
    const reading = (async () => {
      for await (const one of world.client.readStream(world.stream('r'))) found.push(one);
    })();
    expect(await failure(reading)).toMatchObject({ is });
    if (kind === 'unavailable') expect(found.length).toBeLessThanOrEqual(afterEvents);
    expect(await world.revisions('r')).toHaveLength(10);
  });
});

it.each(['hold-reply', 'hold-request'] as const)('%s keeps a discovery waiting', async (kind) => {
  const other = new World(`esdb://127.0.0.1:${double.port},127.0.0.1:1?tls=false`);
  const fault = double.faults.add(kind, { call: 'gossip', times: 9 });
  const waiting = failure(other.append('d', event(), 'any'));
  expect(await Promise.race([waiting, passing(100, 'waiting')])).toBe('waiting');
  fault.release();
  expect(await waiting).toMatchObject({ answered: { success: true } });
  await other.dispose();
});

describe('the node as a whole', () => {
  it('refuses connections when stopped, and keeps its data and its port', async () => {
    await world.append('a', events(2), 'no_stream');
    const { port } = double;
    await double.stop();
    expect(await append()).toMatchObject({
      code: 14,
      message: expect.stringMatching(/ECONNREFUSED|ECONNRESET|Connection dropped/),
    });
    await double.restart();
    expect(double.port).toBe(port);
    expect(
      await failure(
        EventStoreDBClient.connectionString(double.url).readStream(world.stream('a')).toArray(),
      ),
    ).toHaveProperty('answered.length', 2);
  });

  it('paused accepts calls and answers none until it is resumed', async () => {
    double.pause();
    const waiting = append();
    expect(await Promise.race([waiting, passing(50, 'waiting')])).toBe('waiting');
    expect(stored()).toBe(0);
    double.resume();
    expect(await waiting).toMatchObject({ answered: { success: true } });
  });

  it('without replication answers with timeouts, also a repetition, and shows no new event; then all of them', async () => {
    double.stallReplication();
    const one = event();
    const timeout = { is: 'TimeoutError', code: 10 };
    expect(await failure(world.append('s', one, 'no_stream'))).toMatchObject(timeout);
    expect(await failure(world.append('s', one, 'no_stream'))).toMatchObject(timeout);
    expect(await failure(world.revisions('s'))).toMatchObject({ is: 'StreamNotFoundError' });
    double.resumeReplication();
    expect(await failure(world.append('s', one, 'no_stream'))).toMatchObject({
      answered: { nextExpectedRevision: 0n },
    });
    expect(await world.revisions('s')).toEqual([0]);
  });

  it('drops a repetition of an append that is not replicated yet, even if it is a moment later', async () => {
    double.stallReplication();
    const one = event();
    const first = failure(world.append('s', one, 'no_stream'));
    while (double.log.unreplicatedCount === 0) await passing(5);
    const second = failure(world.append('s', one, 'no_stream'));
    while (double.calls.count('append') < 2) await passing(1);
    double.resumeReplication();
    expect([await first, await second]).toMatchObject([
      { answered: { success: true } },
      { is: 'TimeoutError', code: 10 },
    ]);
  });

  it('loses the events that were not replicated in an election, and no others', async () => {
    const kept = await world.append('e', events(2), 'no_stream');
    double.stallReplication();
    const lost = failure(world.append('e', events(3), 1n));
    while (double.log.unreplicatedCount === 0) await passing(5);
    expect(double.loseTail()).toBe(3);
    expect(await lost).toMatchObject({
      is: expect.stringMatching(/UnavailableError|TimeoutError/),
    });
    const again = await world.append('e', event(), 1n);
    expect(again.nextExpectedRevision).toBe(2n);
    expect(again.position!.commit).toBeGreaterThan(kept.position!.commit);
  });

  it('shows new events in $all later than in their stream', async () => {
    double.lagAll(10_000);
    await world.append('l', event(), 'no_stream');
    const inAll = async (): Promise<boolean> =>
      (await world.client.readAll().toArray()).some(({ event }) => event?.streamId.endsWith('.l'));
    expect(await world.revisions('l')).toEqual([0]);
    expect(await inAll()).toBe(false);
    double.lagAll(0);
    expect(await inAll()).toBe(true);
    double.lagAll(20);
    await world.append('l', event(), 0n);
    const count = double.log.replicatedCount;
    while (double.view.count < count) await passing(5);
  });

  it('has its own clock', async () => {
    double.clockOffsetMs = -3_600_000;
    await world.append('c', event(), 'no_stream');
    const [only] = await world.client.readStream(world.stream('c')).toArray();
    expect((Date.now() - only!.event!.created.getTime()) / 60_000).toBeCloseTo(60, 1);
  });

  it('refuses appends beyond the size limit of its log', async () => {
    const small = await EventStoreDouble.start({ limitBytes: 2000 });
    const other = new World(small.url);
    await other.append('f', events(20), 'no_stream');
    expect(await failure(other.append('f', event(), 'any'))).toMatchObject({ code: 8 });
    await other.dispose();
    await small.stop();
  });

  it('leaves a gap before a record that does not fit into the chunk', async () => {
    const chunked = await EventStoreDouble.start({ chunkBytes: 2000 });
    const other = new World(chunked.url);
    for (let number = 0; number < 30; number++) await other.append('g', event(), 'any');
    const [first, ...rest] = chunked.everything();
    expect(
      [first, ...rest].every(
        (one) => Math.floor(one!.position / 2000) === Math.floor((one!.end - 1) / 2000),
      ),
    ).toBe(true);
    expect(rest.some((one, index) => one.position > (rest[index - 1] ?? first)!.end)).toBe(true);
    expect(await other.revisions('g')).toHaveLength(30);
    await other.dispose();
    await chunked.stop();
  });
});

it('counts calls by name, and records which asked for the leader', async () => {
  await append();
  await world.append('b', event(), 'any', 'batch');
  await world.revisions('b', { requiresLeader: true });
  expect(double.calls.counts).toEqual({
    append: 1,
    supportedMethods: 1,
    batchAppend: 1,
    readStream: 1,
  });
  expect(double.calls.latest.map(({ name, requiresLeader }) => [name, requiresLeader])).toEqual([
    ['append', false],
    ['supportedMethods', false],
    ['batchAppend', false],
    ['readStream', true],
  ]);
  double.calls.reset();
  expect(double.calls.total).toBe(0);
});
