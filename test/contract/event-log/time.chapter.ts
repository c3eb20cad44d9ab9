import { describe, expect, it } from '@jest/globals';
import type { Bench } from '../event-log.contract.js';
import { all, appendOf } from '../sample-events.js';

export function timeChapter(bench: Bench): void {
  const appendAt = async (instant: string): Promise<void> => {
    bench.nowMs = Date.parse(instant);
    await bench.log.append(appendOf(`at-${await bench.log.head()}`, -1));
  };

  describe('recordedAt', () => {
    it('is the clock with three decimals, and never decreases', async () => {
      for (const at of ['10:00:00Z', '10:00:00.120Z', '09:59:00Z', '10:00:00.119Z', '10:00:01Z'])
        await appendAt(`2026-11-22T${at}`);
      expect((await all(bench.log)).map(({ recordedAt }) => recordedAt.slice(11))).toEqual([
        '10:00:00.000Z',
        '10:00:00.120Z',
        '10:00:00.120Z',
        '10:00:00.120Z',
        '10:00:01.000Z',
      ]);
      expect(await bench.log.lastRecordedAt()).toBe('2026-11-22T10:00:01.000Z');
    });
  });

  describe('positionAt', () => {
    it('is −1 in an empty log', async () => {
      expect(await bench.log.positionAt('2026-11-22T10:00:00Z')).toBe(-1);
    });

    it.each([
      ['before the first event', '2026-11-22T09:59:59.999Z', -1],
      ['the first instant', '2026-11-22T10:00:00.000Z', 0],
      ['just before the second', '2026-11-22T10:00:00.999Z', 0],
      ['between two milliseconds', '2026-11-22T10:00:00.9999999Z', 0],
      ['an instant of three events', '2026-11-22T10:00:01Z', 3],
      ['after it', '2026-11-22T10:00:01.001Z', 3],
      ['the last', '2026-11-22T10:00:05.000Z', 4],
      ['long after the last event', '2099-01-01T00:00:00Z', 4],
      ['in another offset', '2026-11-22T19:00:01+09:00', 3],
      ['in lower case', '2026-11-22t10:00:01z', 3],
    ])('%s: %s is at %i', async (_, instant, position) => {
      for (const second of ['00', '01', '01', '01', '05'])
        await appendAt(`2026-11-22T10:00:${second}.000Z`);
      expect(await bench.log.positionAt(instant)).toBe(position);
    });

    it('refuses a text that is not an instant', async () => {
      await expect(bench.log.positionAt('yesterday')).rejects.toHaveProperty('name', 'RangeError');
    });
  });
}
