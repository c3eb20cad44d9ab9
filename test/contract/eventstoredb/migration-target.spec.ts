import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LoggedEvent } from '../../../libs/event-log/event-log.js';
import { MemoryPositionIndex } from '../../../libs/event-log/eventstoredb/position-index.js';
import {
  type MigratedClaim,
  MigrationTarget,
} from '../../../libs/event-log/eventstoredb/migration.js';
import { MemoryEventLog } from '../../../libs/event-log/memory/memory-event-log.js';
import { EventStoreDouble } from '../../double/event-store-double.js';
import { all, appendOf, fill, stream } from '../sample-events.js';
import { DoubleWorld, PREFIX } from './double-world.js';

let double: EventStoreDouble;
let world: DoubleWorld;
let target: MigrationTarget;
beforeEach(async () => {
  double = await EventStoreDouble.start();
  world = new DoubleWorld();
  target = MigrationTarget.open({ url: double.url, prefix: PREFIX });
});
afterEach(async () => {
  double.faults.clear();
  await target.close();
  await world.close();
  await double.stop();
});

/**
 * A log with several streams, an append of several events, large and small events, and different
 * instants.
 */
async function source(): Promise<readonly LoggedEvent[]> {
  let nowMs = Date.parse('2020-01-01T00:00:00.000Z');
  const log = new MemoryEventLog({ guards: 'atomic', clock: () => (nowMs += 1_000) });
  await log.append(
    appendOf('program', -1, {
      events: [{}, {}, { type: 'Other', data: { 10: 1, 9: 2, text: '関所' } }],
    }),
  );
  await log.append(appendOf('large', -1, { events: [{ data: { text: 'x'.repeat(400_000) } }] }));
  await log.append(
    appendOf('large', 0, {
      events: [{ data: { text: 'y'.repeat(400_000) } }, { data: { text: '関'.repeat(100_000) } }],
    }),
  );
  for (let revision = -1; revision < 9; revision++) {
    await log.append(appendOf('a', revision));
    await log.append(appendOf('b', revision));
  }
  await fill(log, 'many', 1_200);
  return all(log);
}

const claimOf = ({ metadata, stream, revision, recordedAt }: LoggedEvent): MigratedClaim => ({
  commandId: metadata.commandId,
  targetStream: stream,
  revision: revision - 1,
  claimedAt: recordedAt,
});
const claimsOf = (events: readonly LoggedEvent[]): MigratedClaim[] =>
  events.filter(({ metadata }) => metadata.index === 0).map(claimOf);

async function contents(): Promise<{ events: LoggedEvent[]; claims: MigratedClaim[] }> {
  const found = { events: [] as LoggedEvent[], claims: [] as MigratedClaim[] };
  for await (const { events, claims } of target.contents()) {
    found.events.push(...events);
    found.claims.push(...claims);
  }
  return found;
}

describe('a migration', () => {
  it('preserves order, ids, instants and positions, and writes a claim for every command', async () => {
    const events = await source();
    expect(await target.start({ logId: 'l' })).toBe('started');
    await target.append(events);
    await target.claim(claimsOf(events));
    const found = await contents();
    expect(found.events).toEqual(events);
    expect(new Set(found.claims.map(({ commandId }) => commandId))).toEqual(
      new Set(claimsOf(events).map(({ commandId }) => commandId)),
    );

    await target.complete({ logId: 'l', events: events.length });
    const log = await world.open(double.url);
    expect(await all(log)).toEqual(events);
    const first = events[0]!;
    expect(await log.claimOn(first.metadata.commandId)).toEqual({
      by: { commandId: first.metadata.commandId, targetStream: 'program', revision: -1 },
      claimedAt: '2020-01-01T00:00:01.000Z',
    });
    expect(
      await log.claim({
        commandId: first.metadata.commandId,
        targetStream: stream('program'),
        revision: 5,
      }),
    ).toHaveProperty('outcome', 'taken');
    await expect(log.append(appendOf('a', 9))).resolves.toHaveProperty(
      'events.0.position',
      events.length,
    );
  });

  it('resumes where it was interrupted, in spite of faults', async () => {
    const events = await source();
    await target.start({ logId: 'l' });
    await target.append(events.slice(0, 17));
    await target.close();

    target = MigrationTarget.open({ url: double.url, prefix: PREFIX });
    double.faults.atRandom({
      seed: 7,
      share: 0.3,
      kinds: ['drop-after-commit', 'commit-timeout', 'unavailable', 'not-ready'],
      call: ['append', 'readStream'],
    });
    expect(await target.start({ logId: 'l' })).toBe('resumed');
    const there = (await contents()).events.length;
    expect(there).toBe(17);
    await target.append(events.slice(there));
    await target.claim(claimsOf(events));
    await target.claim(claimsOf(events).slice(0, 5));
    double.faults.clear();
    const found = await contents();
    expect(found.events).toEqual(events);
    expect(found.claims).toHaveLength(claimsOf(events).length);
  });

  it('keeps an incomplete log closed and says how to complete it', async () => {
    await target.start({ logId: 'l' });
    await expect(world.open(double.url)).rejects.toMatchObject({
      name: 'LogUnavailable',
      message: expect.stringContaining('sekisho migrate'),
    });
    await target.complete({});
    await expect(world.open(double.url)).resolves.toBeDefined();
  });

  it('refuses a target that has other events', async () => {
    const log = await world.open(double.url);
    await log.append(appendOf('a', -1));
    await expect(target.start({ logId: 'l' })).rejects.toThrow(/not empty/);
    expect(await target.state()).toMatchObject({ state: 'none' });
  });

  it.each([
    ['started from elsewhere', false],
    ['completed', true],
  ])('refuses a target that was %s', async (_, complete) => {
    await target.start({ logId: 'another' });
    if (complete) await target.complete({});
    await expect(target.start({ logId: 'l' })).rejects.toThrow(/migration from another source/);
  });

  it('stops when another process has written to the target', async () => {
    const events = await source();
    await target.start({ logId: 'l' });
    await target.append(events.slice(0, 3));
    double.inject(`${PREFIX}large`, { type: 'Foreign' });
    await expect(target.append(events.slice(3))).rejects.toMatchObject({
      name: 'LogUnavailable',
      message: expect.stringContaining('large'),
    });
  });

  it('leaves the target of an empty log empty', async () => {
    await target.start({ logId: 'l' });
    expect(await contents()).toEqual({ events: [], claims: [] });
    await target.complete({});
    expect(await (await world.open(double.url, { index: new MemoryPositionIndex() })).head()).toBe(
      -1,
    );
  });
});
