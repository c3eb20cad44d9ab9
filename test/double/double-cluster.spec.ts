import { setTimeout as passing } from 'node:timers/promises';
import { EventStoreDBClient, START, streamNameFilter } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DoubleCluster } from './double-cluster.js';
import type { EventStoreDouble } from './event-store-double.js';
import { event, failure, World } from './semantics/world.js';

let cluster: DoubleCluster;
const worlds: World[] = [];

const worldAt = (url: string): World => {
  const world = new World(url);
  worlds.push(world);
  return world;
};
/** A client of only that node. */
const at = (node: EventStoreDouble): World => worldAt(node.url);

beforeEach(async () => {
  cluster = await DoubleCluster.start({ electionMs: 60 });
});
afterEach(async () => {
  await cluster.stop();
  for (const world of worlds.splice(0)) await world.dispose();
});

const notLeader = { is: 'NotLeaderError', code: 5 };

describe('a cluster', () => {
  it('is discovered by its seeds, and has one leader', async () => {
    const world = worldAt(cluster.url);
    await world.append('a', event(), 'no_stream');
    expect(cluster.leader.calls.count('append')).toBe(1);
    expect(cluster.nodes.reduce((sum, { calls }) => sum + calls.count('gossip'), 0)).toBe(1);
  });

  it('takes appends and reads at a follower, unless they ask for the leader', async () => {
    const world = at(cluster.followers[0]!);
    const { credentials } = { credentials: { username: 'a', password: 'b' } };
    await world.append('a', event(), 'no_stream');
    expect(await world.revisions('a')).toEqual([0]);
    const asking = { requiresLeader: true, credentials };
    expect(
      await failure(world.client.appendToStream(world.stream('a'), event(), asking)),
    ).toMatchObject(notLeader);
  });

  it('redirects a reader that asks for the leader on its next call', async () => {
    const world = at(cluster.followers[0]!);
    await world.append('a', event(), 'no_stream');
    expect(await failure(world.revisions('a', { requiresLeader: true }))).toMatchObject(notLeader);
    expect(await failure(world.revisions('a', { requiresLeader: true }))).toMatchObject({
      answered: [0],
    });
  });
});

describe('a leader that dies', () => {
  it('is replaced by another, which is not ready for a moment', async () => {
    const world = worldAt(cluster.url);
    await world.append('a', event(), 'no_stream');
    const election = cluster.killLeader();
    const met = new Set<unknown>();
    const one = event();
    for (let tries = 0; tries < 100; tries++) {
      const outcome = await failure(world.append('a', one, 0n));
      if ('answered' in outcome) break;
      met.add(outcome['is']);
      await passing(5);
    }
    await election;
    expect(await world.revisions('a')).toEqual([0, 1]);
    expect([...met].length).toBeGreaterThan(0);
  });

  it('loses the events that were not replicated', async () => {
    const world = at(cluster.followers[1]!);
    await world.append('a', event(), 'no_stream');
    cluster.leader.stallReplication();
    const lost = failure(world.append('a', event(), 0n));
    while (cluster.leader.log.unreplicatedCount === 0) await passing(5);
    await cluster.killLeader();
    expect(await lost).toMatchObject({ is: 'TimeoutError', code: 10 });
    expect(await world.revisions('a')).toEqual([0]);
    expect(await world.append('a', event(), 0n)).toMatchObject({ nextExpectedRevision: 1n });
  });

  it('does not affect subscriptions at its followers', async () => {
    const world = at(cluster.followers[1]!);
    const heard: string[] = [];
    const subscription = world.client.subscribeToAll({
      fromPosition: START,
      filter: streamNameFilter({ prefixes: [world.stream('s')] }),
    });
    subscription
      .on('data', ({ event }) => heard.push(String(event!.revision)))
      .on('error', (error) => heard.push(String(error)));
    await world.append('s', event(), 'no_stream');
    await cluster.killLeader();
    await world.append('s', event(), 0n);
    for (let tries = 0; tries < 50 && heard.length < 2; tries++) await passing(10);
    await subscription.unsubscribe();
    expect(heard).toEqual(['0', '1']);
  });

  it('comes back as a follower', async () => {
    const old = await cluster.killLeader();
    await cluster.restart(old);
    expect(await failure(at(old).revisions('none', { requiresLeader: true }))).toMatchObject(
      notLeader,
    );
  });
});

describe('a leader that was paused', () => {
  it('believes that it leads when it resumes: it answers from its past, and its appends are lost', async () => {
    const before = at(cluster.leader);
    await before.append('a', event(), 'no_stream');
    const old = await cluster.pauseLeader();
    const elsewhere = EventStoreDBClient.connectionString(cluster.leader.url);
    await elsewhere.appendToStream(before.stream('a'), event(), { expectedRevision: 0n });
    let learn = (): void => undefined;
    const back = cluster.resume(old, new Promise<void>((resolve) => (learn = resolve)));
    const deluded = at(old);
    const name = before.stream('a');
    const stale = await deluded.client.readStream(name, { requiresLeader: true }).toArray();
    expect(stale).toHaveLength(1);
    // It reports conflicts from its past too, at once; the stream is at 1 by now.
    const late = deluded.client.appendToStream(name, event(), {
      expectedRevision: 1n,
      credentials: { username: 'a', password: 'b' },
    });
    expect(await failure(late)).toMatchObject({
      is: 'WrongExpectedVersionError',
      actualVersion: 0n,
    });
    const taken = failure(deluded.append('b', event(), 'no_stream'));
    while (old.calls.count('append') < 3) await passing(5);
    learn();
    expect(await taken).toMatchObject({
      is: 'TimeoutError',
      message: expect.stringMatching(/Request canceled by server/),
    });
    await back;
    expect(await at(old).client.readStream(name).toArray()).toHaveLength(2);
    expect(await failure(at(old).client.readStream(deluded.stream('b')).toArray())).toMatchObject({
      is: 'StreamNotFoundError',
    });
    await elsewhere.dispose();
  });

  it('keeps a caller waiting while another is elected', async () => {
    const world = at(cluster.leader);
    await world.append('a', event(), 'no_stream');
    const old = await cluster.pauseLeader();
    const credentials = { username: 'a', password: 'b' };
    const waiting = failure(
      world.client.appendToStream(world.stream('a'), event(), { credentials, deadline: 50 }),
    );
    expect(await waiting).toMatchObject({ is: 'DeadlineExceededError', code: 4 });
    await cluster.resume(old);
  });
});
