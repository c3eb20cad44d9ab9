import { describe, expect, it } from '@jest/globals';
import { TooManyImports } from './failures.js';
import { ImportTurns } from './import-turns.js';

const waiting = new AbortController().signal;

/** Work that ends when the test says so. */
function work(): { readonly begun: () => boolean; readonly run: () => Promise<string>; readonly end: () => void } {
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

describe('turns of imports', () => {
  it('let so many work at a time, in the order of their arrival', async () => {
    const turns = new ImportTurns(2);
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

  it('are handed on by work that fails, and by whoever leaves while waiting', async () => {
    const turns = new ImportTurns(1);
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

  it('are not waited for by more than are reasonable', async () => {
    const turns = new ImportTurns(1);
    const works = Array.from({ length: 33 }, work);
    const running = works.map(({ run }) => turns.run(waiting, run));
    await expect(turns.run(waiting, () => Promise.resolve('x'))).rejects.toThrow(TooManyImports);
    for (const { end } of works) end();
    await Promise.all(running);
  });
});
