import { describe, expect, it } from '@jest/globals';
import { PassThrough } from 'node:stream';
import { TooManyImports } from './failures.js';
import { type ImportSlot, ImportSlots } from './import-slots.js';

const waiting = new AbortController().signal;

/** Work that ends when the test ends it. */
function work(): {
  readonly begun: () => boolean;
  readonly run: () => Promise<string>;
  readonly end: () => void;
} {
  let begun = false;
  let end = (): void => undefined;
  const ended = new Promise<string>((resolve) => (end = () => resolve('done')));
  return {
    begun: () => begun,
    run: () => {
      begun = true;
      return ended;
    },
    end: () => end(),
  };
}
const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('import slots', () => {
  it('let a limited number of imports work, in the order of arrival', async () => {
    const turns = new ImportSlots({ atOnce: 2 });
    const works = Array.from({ length: 4 }, work);
    const running = works.map(({ run }) => turns.run(waiting, run));
    await soon();
    expect(works.map(({ begun }) => begun())).toEqual([true, true, false, false]);
    works[1]?.end();
    await soon();
    expect(works.map(({ begun }) => begun())).toEqual([true, true, true, false]);
    for (const { end } of works) end();
    expect(await Promise.all(running)).toEqual(['done', 'done', 'done', 'done']);
  });

  it('are released by work that fails, and skip an import that left while it waited', async () => {
    const turns = new ImportSlots({ atOnce: 1 });
    const [first, third] = [work(), work()];
    const leaver = new AbortController();
    const failing = turns.run(waiting, async () => {
      await first.run();
      throw new Error('broken');
    });
    const left = turns.run(leaver.signal, () => Promise.resolve('never'));
    const last = turns.run(waiting, third.run);
    leaver.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    first.end();
    await expect(failing).rejects.toThrow('broken');
    await soon();
    third.end();
    expect(await last).toBe('done');
  });

  it('refuse an import when too many are waiting', async () => {
    const turns = new ImportSlots({ atOnce: 1 });
    const works = Array.from({ length: 33 }, work);
    const running = works.map(({ run }) => turns.run(waiting, run));
    await expect(turns.run(waiting, () => Promise.resolve('x'))).rejects.toThrow(TooManyImports);
    for (const { end } of works) end();
    await Promise.all(running);
  });
});

describe('the slot of an import', () => {
  const short = { atOnce: 1, waitedInTurnMs: 5, workedInTurnMs: 20 };
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  /** Pieces that arrive when the test sends them. */
  function dripping(): {
    readonly pieces: AsyncIterable<number>;
    readonly give: (piece: number) => void;
    readonly end: () => void;
  } {
    const queue = new PassThrough({ objectMode: true });
    return {
      pieces: queue as AsyncIterable<number>,
      give: (piece) => void queue.write(piece),
      end: () => void queue.end(),
    };
  }
  const read = async (
    turn: ImportSlot,
    pieces: AsyncIterable<number>,
  ): Promise<readonly number[]> => {
    const got: number[] = [];
    for await (const piece of turn.over(pieces)) got.push(piece);
    return got;
  };

  it('is released while the client sends nothing, and taken again for the next piece', async () => {
    const turns = new ImportSlots(short);
    const slow = dripping();
    const dripped = turns.run(waiting, (turn) => read(turn, slow.pieces));
    slow.give(1);
    await wait(30);
    expect(await turns.run(waiting, () => Promise.resolve('another'))).toBe('another');
    const long = work();
    const working = turns.run(waiting, long.run);
    slow.give(2);
    slow.end();
    await wait(30);
    long.end();
    expect([await dripped, await working]).toEqual([[1, 2], 'done']);
  });

  it('is shared by imports that always have work', async () => {
    const turns = new ImportSlots(short);
    const order: string[] = [];
    const busy = async function* (name: string): AsyncGenerator<number> {
      for (let piece = 0; piece < 20; piece++) {
        await soon();
        for (const beganMs = performance.now(); performance.now() - beganMs < 5;);
        order.push(name);
        yield piece;
      }
    };
    await Promise.all(
      ['a', 'b', 'c'].map((name) => turns.run(waiting, (turn) => read(turn, busy(name)))),
    );
    expect(order.indexOf('c')).toBeLessThan(order.lastIndexOf('a'));
    expect(order.filter((name) => name === 'b')).toHaveLength(20);
  });

  it('is not taken again by an import that has failed', async () => {
    const turns = new ImportSlots(short);
    const slow = dripping();
    const failing = turns.run(waiting, async (turn) => {
      void read(turn, slow.pieces);
      await wait(20);
      throw new Error('broken');
    });
    await expect(failing).rejects.toThrow('broken');
    slow.give(1);
    await wait(20);
    expect(await turns.run(waiting, () => Promise.resolve('another'))).toBe('another');
  });

  it('is released by a client that disconnects while it waits for the slot again', async () => {
    const turns = new ImportSlots(short);
    const leaver = new AbortController();
    const slow = dripping();
    const left = turns.run(leaver.signal, (turn) => read(turn, slow.pieces));
    await wait(20);
    const long = work();
    const working = turns.run(waiting, long.run);
    slow.give(1);
    await wait(20);
    leaver.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    long.end();
    expect(await working).toBe('done');
    expect(await turns.run(waiting, () => Promise.resolve('another'))).toBe('another');
  });
});
