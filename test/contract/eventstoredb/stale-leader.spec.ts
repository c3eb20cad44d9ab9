import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventStoreDbLog } from '../../../libs/event-log/eventstoredb/eventstoredb-log.js';
import type { CallName } from '../../double/calls.js';
import { DoubleCluster } from '../../double/double-cluster.js';
import type { EventStoreDouble } from '../../double/event-store-double.js';
import { appendOf, collect, nextCommand, stream } from '../sample-events.js';
import { DoubleWorld, SHORT_TIMEOUTS } from './double-world.js';

/**
 * A leader that was paused and resumes believes for about a second that it still leads: it answers
 * reads and conflicts from its past (seen on three nodes of 24.6). The log has seen later events by
 * then, and must not accept such an answer.
 */
let cluster: DoubleCluster;
let world: DoubleWorld;
let log: EventStoreDbLog;
let stale: EventStoreDouble;
let learn: () => void;
let learnt: Promise<void>;

beforeEach(async () => {
  cluster = await DoubleCluster.start({ nodes: 2, electionMs: 60 });
  world = new DoubleWorld();
  // The tests check which node answers, not how soon: a busy machine may need a while to find the
  // stale leader.
  log = await world.open(cluster.url, {
    timeouts: { ...SHORT_TIMEOUTS, readMs: 15_000, commandMs: 15_000, missingMs: 15_000 },
  });
  await log.append(appendOf('a', -1));
  stale = await cluster.pauseLeader();
  // The stale leader does not have any of this.
  await log.append(appendOf('a', 0, { events: [{}, {}] }));
  await log.append(appendOf('b', -1));
  learnt = cluster.resume(stale, new Promise<void>((resolve) => (learn = resolve)));
  stale.calls.reset();
  // The client loses the leading node and finds another that says it leads.
  cluster.leader.pause();
  cluster.leader.cutConnections();
});
afterEach(async () => {
  cluster.leader.resume();
  learn();
  await learnt;
  await world.close();
  await cluster.stop();
});

/** Asks the stale leader; the log must pass it over for the node that leads. */
async function passingOver<Answer>(
  asking: readonly CallName[],
  ask: () => Promise<Answer>,
): Promise<Answer> {
  const answering = ask();
  const deadlineMs = performance.now() + 12_000;
  const asked = (): boolean => asking.some((call) => stale.calls.count(call) > 0);
  while (!asked() && performance.now() < deadlineMs) await delay(5);
  expect(asked()).toBe(true);
  cluster.leader.resume();
  return answering;
}

describe('an answer of a leader from its past', () => {
  it('is not accepted as the end of a stream', async () => {
    const read = () => collect(log.readStream(stream('a')));
    expect((await passingOver(['readStream'], read)).map(({ revision }) => revision)).toEqual([
      0, 1, 2,
    ]);
  });

  it('is not accepted as a stream that does not exist', async () => {
    expect(await passingOver(['readStream'], () => log.revisionOf(stream('b')))).toBe(0);
  });

  it('is not accepted as a conflict', async () => {
    const { events } = await passingOver(['append', 'readStream'], () =>
      log.append(appendOf('a', 2)),
    );
    expect(events.map(({ revision }) => revision)).toEqual([3]);
  });

  it('is not accepted as the end of the log', async () => {
    expect(await passingOver(['readAll'], () => log.head())).toBe(3);
  });

  it('is not accepted as the outcome of a command', async () => {
    const commandId = nextCommand();
    const claim = { commandId, targetStream: stream('b'), revision: 0 };
    expect(await passingOver(['append', 'readStream'], () => log.claim(claim))).toMatchObject({
      outcome: 'granted',
    });
  });
});
