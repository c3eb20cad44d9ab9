import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { commandId, eventId, streamName } from '../../domain/shared/ids.js';
import type { LoggedEvent } from '../event-log.js';
import type { PreparedAppend } from '../prepared-append.js';
import { AppendQueues, PendingAppends } from './append.js';

describe('appends to one stream', () => {
  it('run in the order given; another stream does not wait', async () => {
    const queues = new AppendQueues();
    const done: string[] = [];
    const first = Promise.withResolvers<undefined>();
    const run = (stream: string, name: string, wait?: Promise<undefined>) =>
      queues.run(stream, async () => {
        await wait;
        done.push(name);
      });
    const all = [run('a', 'a1', first.promise), run('a', 'a2'), run('b', 'b1'), run('a', 'a3')];
    await eventLoopTurn();
    expect(done).toEqual(['b1']);
    first.resolve(undefined);
    await Promise.all(all);
    expect(done).toEqual(['b1', 'a1', 'a2', 'a3']);
    expect(queues.size).toBe(0);
  });

  it('let the next one start when they release the stream, or fail', async () => {
    const queues = new AppendQueues();
    const barrier = Promise.withResolvers<undefined>();
    const releasing = queues.run('a', async (release) => {
      release();
      await barrier.promise;
      return 'first';
    });
    await expect(queues.run('a', () => Promise.reject(new Error('second')))).rejects.toThrow(
      'second',
    );
    await expect(queues.run('a', async () => 'third')).resolves.toBe('third');
    barrier.resolve(undefined);
    await expect(releasing).resolves.toBe('first');
    expect(queues.size).toBe(0);
  });
});

const append = (stream: string, expectedRevision: number, ...ids: string[]): PreparedAppend =>
  ({
    stream: streamName(stream),
    expectedRevision,
    commandId: commandId('c'),
    events: ids.map((id) => ({ event: { id: eventId(id) } })),
  }) as never;
const event = (id: string, stream: string, revision: number): LoggedEvent =>
  ({ id, stream, revision }) as unknown as LoggedEvent;

describe('the events that an append waits for', () => {
  it('are complete with the last one, and name their writer', async () => {
    const pendingAppends = new PendingAppends();
    const expected = pendingAppends.add(append('a', 4, 'x', 'y'));
    pendingAppends.receive(event('x', 'a', 5), 'me');
    expect(expected.received).toBeUndefined();
    pendingAppends.receive(event('y', 'a', 6), 'me');
    expect(await expected.complete).toEqual({
      events: [event('x', 'a', 5), event('y', 'a', 6)],
      writer: 'me',
    });
  });

  it.each([
    ['in another stream', 'b', 0],
    ['at another revision', 'a', 1],
  ])('do not match by the same id %s', (_, stream, revision) => {
    const pendingAppends = new PendingAppends();
    const expected = pendingAppends.add(append('a', -1, 'x'));
    pendingAppends.receive(event('x', stream, revision), 'me');
    expect(expected.received).toBeUndefined();
  });

  it('may be the same for two appends, and are forgotten with the last of them', () => {
    const pendingAppends = new PendingAppends();
    const both = [
      pendingAppends.add(append('a', -1, 'x')),
      pendingAppends.add(append('a', -1, 'x')),
    ] as const;
    pendingAppends.receive(event('x', 'a', 0), 'me');
    expect(both.map(({ received }) => received?.writer)).toEqual(['me', 'me']);
    pendingAppends.remove(both[0]);
    expect(pendingAppends.size).toBe(1);
    pendingAppends.remove(both[1]);
    expect(pendingAppends.size).toBe(0);
  });
});
