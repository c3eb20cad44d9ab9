import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LoggedEvent } from '../event-log.js';
import { RecentEvents } from './recent-events.js';

const event = (position: number, text = ''): LoggedEvent =>
  ({ position, data: { text } }) as unknown as LoggedEvent;
const filled = (count: number, from = 0, text = ''): RecentEvents => {
  const recent = new RecentEvents();
  for (let position = from; position < from + count; position++) recent.add(event(position, text));
  return recent;
};
const positions = (events: readonly LoggedEvent[]): number[] =>
  events.map(({ position }) => position);

describe('the recent events', () => {
  it('include nothing while there are none', () => {
    expect(new RecentEvents().covers(-1)).toBe(false);
    expect(new RecentEvents().page(-1, 10, 10, 1e6)).toEqual([]);
  });

  it.each([
    [8_192, 0],
    [8_193, 1],
    [20_000, 11_808],
  ])('after %i events are those from position %i on', (count, first) => {
    const recent = filled(count);
    expect([recent.covers(first - 1), recent.covers(first - 2)]).toEqual([true, false]);
    expect(recent.at(first)?.position).toBe(first);
    expect(recent.at(first - 1)).toBeUndefined();
    expect(recent.at(count)).toBeUndefined();
  });

  it('include only a few large ones', () => {
    const recent = filled(100, 0, 'x'.repeat(1024 * 1024));
    expect([recent.covers(83), recent.covers(84)]).toEqual([false, true]);
  });

  it('include one, however large', () => {
    expect(filled(3, 0, 'x'.repeat(20 * 1024 * 1024)).covers(1)).toBe(true);
  });

  it('come in pages bounded by number and by size, with at least one', () => {
    const recent = filled(50, 100, 'x'.repeat(10_000));
    expect(positions(recent.page(120, 140, 5, 1e9))).toEqual([121, 122, 123, 124, 125]);
    expect(positions(recent.page(120, 122, 5, 1e9))).toEqual([121, 122]);
    expect(positions(recent.page(120, 140, 50, 25_000))).toHaveLength(3);
    expect(positions(recent.page(120, 140, 50, 1))).toEqual([121]);
    expect(positions(recent.page(149, 149, 50, 1e9))).toEqual([]);
  });

  it('are the last events added, at any position of the log', () => {
    fc.assert(
      fc.property(
        fc.nat(1e6),
        fc.integer({ min: 1, max: 20_000 }),
        fc.nat(20_000),
        (from, count, distance) => {
          const recent = filled(count, from);
          const after = from + count - 1 - distance;
          if (!recent.covers(after))
            return expect(distance).toBeGreaterThan(Math.min(count, 8_192));
          const page = positions(recent.page(after, from + count - 1, 100, 1e9));
          expect(page).toEqual(
            Array.from({ length: Math.min(100, distance) }, (_, place) => after + 1 + place),
          );
        },
      ),
      { numRuns: 30 },
    );
  });
});
