import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { StreamQueues } from './stream-queues.js';

describe('appends to one stream', () => {
  it('take turns in the order they were given; another stream does not wait', async () => {
    const queues = new StreamQueues();
    const done: string[] = [];
    const first = Promise.withResolvers<undefined>();
    const run = (stream: string, name: string, wait?: Promise<undefined>) =>
      queues.run(stream, async () => {
        await wait;
        done.push(name);
      });
    const all = [run('a', 'a1', first.promise), run('a', 'a2'), run('b', 'b1'), run('a', 'a3')];
    await turn();
    expect(done).toEqual(['b1']);
    first.resolve(undefined);
    await Promise.all(all);
    expect(done).toEqual(['b1', 'a1', 'a2', 'a3']);
    expect(queues.size).toBe(0);
  });

  it('let the next one go when they say so, or fail', async () => {
    const queues = new StreamQueues();
    const held = Promise.withResolvers<undefined>();
    const releasing = queues.run('a', async (release) => {
      release();
      await held.promise;
      return 'first';
    });
    await expect(queues.run('a', () => Promise.reject(new Error('second')))).rejects.toThrow(
      'second',
    );
    await expect(queues.run('a', async () => 'third')).resolves.toBe('third');
    held.resolve(undefined);
    await expect(releasing).resolves.toBe('first');
    expect(queues.size).toBe(0);
  });
});
