import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LoggedEvent } from '../../event-log/event-log.js';
import { rowsOf } from '../testing/fold-in-memory.js';
import { revenueLogs } from '../testing/revenue-log.js';
import { logged } from '../testing/sample-log.js';
import { trailingRevenueProjection } from './trailing-revenue.projection.js';

/** The events, split at these places. */
function cut(
  events: readonly LoggedEvent[],
  places: readonly number[],
): readonly (readonly LoggedEvent[])[] {
  const at = [
    ...new Set([0, ...places.map((place) => place % (events.length + 1)), events.length]),
  ].sort((a, b) => a - b);
  return at.slice(1).map((end, index) => events.slice(at[index], end));
}

describe('the projection trailing-revenue', () => {
  it('has the same rows however the log is cut into batches', async () => {
    await fc.assert(
      fc.asyncProperty(revenueLogs, fc.array(fc.nat(), { maxLength: 10 }), async (told, places) => {
        const events = logged(told);
        expect(await rowsOf(trailingRevenueProjection, events, cut(events, places))).toEqual(
          await rowsOf(trailingRevenueProjection, events),
        );
      }),
      { numRuns: 100 },
    );
  });
});
