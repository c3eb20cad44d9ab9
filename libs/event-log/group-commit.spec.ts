import { describe, expect, it } from '@jest/globals';
import { appendOf } from '../../test/contract/sample-events.js';
import { GroupCommit, type AppendOutcome } from './group-commit.js';
import { prepareAppend, type PreparedAppend } from './prepared-append.js';

const outcome: AppendOutcome = { appended: { events: [], repeated: false } };

/** Records the number of appends in each commit. */
function counting(): { readonly batches: number[]; readonly queue: GroupCommit } {
  const batches: number[] = [];
  const commit = (batch: readonly PreparedAppend[]): readonly AppendOutcome[] => {
    batches.push(batch.length);
    return batch.map(() => outcome);
  };
  return { batches, queue: new GroupCommit(commit) };
}

const appends = (count: number, text = 'x'): PreparedAppend[] =>
  Array.from({ length: count }, (_, n) =>
    prepareAppend(appendOf(`s-${n}`, -1, { events: [{ data: { text } }] })),
  );

describe('group commit', () => {
  it.each([
    [1, [1]],
    [512, [512]],
    [513, [512, 1]],
  ])('commits %i appends of one event-loop turn in batches of %j', async (count, expected) => {
    const { batches, queue } = counting();
    await Promise.all(appends(count).map((append) => queue.add(append)));
    expect(batches).toEqual(expected);
  });

  it('limits a batch by its bytes, except for a single append', async () => {
    const { batches, queue } = counting();
    await Promise.all(appends(40, 'x'.repeat(400 * 1024)).map((append) => queue.add(append)));
    expect(batches).toEqual([20, 20]);
  });

  it('keeps the order, and puts appends that arrive during a commit into the next one', async () => {
    const batches: string[][] = [];
    const first = Promise.withResolvers<undefined>();
    const queue = new GroupCommit(async (batch) => {
      batches.push(batch.map(({ stream }) => stream));
      if (batches.length === 1) await first.promise;
      return batch.map(() => outcome);
    });
    const [one, two, three] = appends(3);
    const done = [queue.add(one!)];
    await new Promise(setImmediate);
    done.push(queue.add(two!), queue.add(three!));
    first.resolve(undefined);
    await Promise.all(done);
    await queue.drained();
    expect(batches).toEqual([['s-0'], ['s-1', 's-2']]);
  });
});
