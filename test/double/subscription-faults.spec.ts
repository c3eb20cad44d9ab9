import { setTimeout as passing } from 'node:timers/promises';
import {
  type AllStreamSubscription,
  type Position,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventStoreDouble } from './event-store-double.js';
import { deliveryFaults, type DeliveryFault } from './faults.js';
import { bytes, event, events, World } from './semantics/world.js';

let double: EventStoreDouble;
let world: World;
let subscription: AllStreamSubscription | undefined;

beforeEach(async () => {
  double = await EventStoreDouble.start();
  world = new World(double.url);
  await world.append('s', events(5), 'no_stream');
});
afterEach(async () => {
  await subscription?.unsubscribe();
  await double.stop();
  await world.dispose();
});

/**
 * The messages received: revisions, `!` caught up, `(position)` checkpoints, `end`, and the class
 * of an error.
 */
function subscribe(): string[] {
  const heard: string[] = [];
  const checkpointReached = async (_: unknown, { commit }: Position) =>
    void heard.push(`(${commit})`);
  const filter = streamNameFilter({ prefixes: [world.stream('s')], checkpointReached });
  subscription = world.client.subscribeToAll({ fromPosition: START, filter });
  subscription
    .on('data', ({ event }) => heard.push(String(event!.revision)))
    .on('caughtUp', () => heard.push('!'))
    .on('error', (error) => heard.push(error.constructor.name))
    .on('end', () => heard.push('end'));
  return heard;
}

async function heardUntil(
  heard: readonly string[],
  last: string,
  graceMs = 30,
): Promise<readonly string[]> {
  for (let tries = 0; tries < 200 && !heard.includes(last); tries++) await passing(10);
  await passing(graceMs);
  return heard.filter((one) => !one.startsWith('('));
}

describe('a fault of a subscription', () => {
  const table: readonly [kind: DeliveryFault, until: string, heard: readonly string[]][] = [
    ['subscription-error', 'CancelledError', ['0', '1', 'CancelledError']],
    ['subscription-reset', 'UnknownError', ['0', '1', 'UnknownError']],
    ['subscription-end', 'end', ['0', '1', 'end']],
    ['subscription-connection-drop', 'UnavailableError', ['0', '1', 'UnavailableError']],
    ['subscription-silence', '1', ['0', '1']],
    ['duplicate-delivery', '!', ['0', '0', '1', '1', '2', '2', '3', '3', '4', '4', '!']],
    ['early-caught-up', '4', ['!', '0', '1', '2', '3', '4', '!']],
  ];

  it.each(table)('%s', async (kind, until, expected) => {
    double.faults.add(kind, { afterEvents: 2 });
    const heard = await heardUntil(subscribe(), until);
    const isCut = kind === 'subscription-connection-drop';
    // Messages in transit may be lost when the connection is cut.
    expect(isCut ? heard.slice(-1) : heard).toEqual(isCut ? expected.slice(-1) : expected);
  });

  it('impossible-checkpoint is the largest number, before the first event', async () => {
    double.faults.add('impossible-checkpoint');
    const heard = subscribe();
    await heardUntil(heard, '!');
    expect(heard.slice(0, 2)).toEqual([`(${2n ** 64n - 1n})`, '0']);
  });

  it('early-checkpoint is the position of the last event, before the first', async () => {
    double.faults.add('early-checkpoint');
    const heard = subscribe();
    await heardUntil(heard, '!');
    expect(heard.slice(0, 2)).toEqual([`(${double.log.lastPosition})`, '0']);
  });

  it('silence ends when it is released, and no event is missing', async () => {
    const fault = double.faults.add('subscription-silence', { afterEvents: 2 });
    const heard = subscribe();
    await heardUntil(heard, '1');
    fault.release();
    expect(await heardUntil(heard, '4')).toEqual(['0', '1', '2', '3', '4', '!']);
  });

  it('has a test for every kind', () => {
    expect(
      [...table.map(([kind]) => kind), 'impossible-checkpoint', 'early-checkpoint'].sort(),
    ).toEqual([...deliveryFaults].sort());
  });
});

it("a filter that matches nothing in a short log gets the real server's own impossible checkpoint", async () => {
  const fresh = await EventStoreDouble.start();
  const other = new World(fresh.url);
  const checkpoints: bigint[] = [];
  const checkpointReached = async (_: unknown, { commit }: Position) =>
    void checkpoints.push(commit);
  const waiting = other.client.subscribeToAll({
    filter: streamNameFilter({ prefixes: ['nothing'], checkpointReached }),
  });
  await new Promise((resolve) => waiting.once('caughtUp', resolve));
  expect(checkpoints).toEqual([2n ** 64n - 1n]);
  await waiting.unsubscribe();
  await fresh.stop();
  await other.dispose();
});

describe('subscriptions of a node', () => {
  it.each([
    ['error', 'CancelledError'],
    ['reset', 'UnknownError'],
    ['end', 'end'],
  ] as const)('are dropped with %s while they wait', async (how, last) => {
    const heard = subscribe();
    await heardUntil(heard, '!');
    expect(double.subscriptionCount).toBe(1);
    double.dropSubscriptions(how);
    expect((await heardUntil(heard, last)).slice(-1)).toEqual([last]);
    expect(double.subscriptionCount).toBe(0);
  });

  it('are no longer counted when the subscriber goes away', async () => {
    await heardUntil(subscribe(), '!');
    await subscription!.unsubscribe();
    await passing(30);
    expect(double.subscriptionCount).toBe(0);
  });

  it('receive nothing from a paused node, and everything afterwards', async () => {
    const heard = subscribe();
    await heardUntil(heard, '!');
    double.pause();
    double.inject(world.stream('s'), { type: 'Later' });
    await passing(60);
    expect(heard).not.toContain('5');
    double.resume();
    expect(await heardUntil(heard, '5')).toContain('5');
  });

  it('fall behind when they are slow, catch up, and receive "caught up" again', async () => {
    const heard = subscribe();
    await heardUntil(heard, '!');
    subscription!.pause();
    for (let number = 0; number < 100; number++) await world.append('s', bytes(60_000), 'any');
    subscription!.resume();
    const all = await heardUntil(heard, '104');
    expect(all.filter((one) => one !== '!')).toEqual(
      Array.from({ length: 105 }, (_, revision) => String(revision)),
    );
    expect(all.filter((one) => one === '!').length).toBeGreaterThan(1);
  });

  it('get events of other writers only if they ask for them', async () => {
    double.inject('$stats-127.0.0.1:2113', { type: '$statsCollected', data: { 'proc-mem': 1 } });
    await world.append('s', event(), 4n);
    expect(await heardUntil(subscribe(), '!')).toEqual(['0', '1', '2', '3', '4', '5', '!']);
    expect((await world.client.readAll().toArray()).map(({ event }) => event!.streamId)).toContain(
      '$stats-127.0.0.1:2113',
    );
  });
});
