import { describe, expect, it } from '@jest/globals';
import type { Language } from './language.js';
import { Progress } from './progress.js';

describe('progress', () => {
  it.each<[Language, number | undefined, number, string]>([
    ['en', 10_000, 2_500, 'Replaying 2,500 / 10,000 (25 %) · 1,250/s · 6 s left'],
    ['en', 1_000_000, 2_500, 'Replaying 2,500 / 1,000,000 (0 %) · 1,250/s · 13 min 18 s left'],
    ['en', 2_500, 2_500, 'Replaying 2,500 / 2,500 (100 %) · 1,250/s · 0 s left'],
    ['en', undefined, 2_500, 'Replaying 2,500 · 1,250/s'],
    ['ja', 10_000, 2_500, 'Replaying 2,500 / 10,000 (25 %) · 毎秒 1,250 · 残り 6 秒'],
  ])(
    'in %s, of %s, with %s done after two seconds, shows the rate and the time left',
    (language, total, count, line) => {
      let now = 1_000;
      const drawn: string[] = [];
      const progress = new Progress(
        (text) => drawn.push(text),
        'Replaying',
        language,
        total,
        () => now,
      );
      now = 3_000;
      progress.advance(count);
      expect(drawn).toEqual([`\r\u001b[2K${line}`]);
    },
  );

  it('is drawn at most ten times a second, and removed at its end', () => {
    let now = 1_000;
    const drawn: string[] = [];
    const progress = new Progress(
      (text) => drawn.push(text),
      'Replaying',
      'en',
      100,
      () => now,
    );
    for (let event = 0; event < 100; event++, now += 10) progress.advance();
    expect(drawn).toHaveLength(10);
    progress.done();
    expect(drawn.at(-1)).toBe('\r\u001b[2K');
  });

  it('is not drawn without a terminal, or for work that took no time', () => {
    const silent = new Progress(undefined, 'Replaying', 'en', 100);
    silent.advance(50);
    silent.done();
    const drawn: string[] = [];
    new Progress((text) => drawn.push(text), 'Replaying', 'en', 100).done();
    expect(drawn).toEqual([]);
  });
});
