import { describe, expect, it } from '@jest/globals';
import { commandId, streamName } from '../../../domain/shared/ids.js';
import { ClaimAges } from './claim-ages.js';

const CLAIMED_AT = '2026-11-22T09:00:00.000Z';
const claim = (claimant: string) => ({
  by: { commandId: commandId('c'), targetStream: streamName('customer-1'), revision: 3, claimant },
  claimedAt: CLAIMED_AT,
});

function ages() {
  const times = { nowMs: Date.parse(CLAIMED_AT), monotonicMs: 1_000 };
  return {
    times,
    ages: new ClaimAges(
      () => times.nowMs,
      () => times.monotonicMs,
    ),
  };
}

describe('a claim without a result may be taken over', () => {
  it.each([
    ['29.999 s after it was made', 29_999, false],
    ['30 s after it was made', 30_000, true],
    ['at once, if it was made by a clock a minute behind', 60_000, true],
  ])('by the clocks: %s', (_when, laterMs, isOver) => {
    const { times, ages: of } = ages();
    times.nowMs += laterMs;
    expect(of.isOver(claim('a'))).toBe(isOver);
  });

  it.each([
    ['29.999 s', 29_999, false],
    ['30 s', 30_000, true],
  ])(
    'with a manual or late clock: %s after this process first saw it',
    (_when, laterMs, isOver) => {
      const { times, ages: of } = ages();
      times.nowMs -= 3_600_000;
      expect(of.isOver(claim('a'))).toBe(false);
      times.monotonicMs += laterMs;
      expect(of.isOver(claim('a'))).toBe(isOver);
    },
  );

  it('again 30 s later when another process has taken it over', () => {
    const { times, ages: of } = ages();
    times.nowMs -= 3_600_000;
    of.isOver(claim('a'));
    times.monotonicMs += 30_000;
    expect(of.isOver(claim('b'))).toBe(false);
    times.monotonicMs += 30_000;
    expect(of.isOver(claim('b'))).toBe(true);
  });
});
