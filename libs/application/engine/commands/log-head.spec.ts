import { describe, expect, it } from '@jest/globals';
import { MemoryEventLog } from '../../../event-log/memory/memory-event-log.js';
import { LogClock } from '../time/clock.js';
import { LogHead } from './log-head.js';

const NOW = Date.parse('2026-11-22T09:00:00.000Z');

/** A log whose store is on another machine with its own clock. */
class RemoteLog extends MemoryEventLog {
  constructor(private readonly offsetMs: number) {
    super({ guards: 'none', clock: () => NOW });
  }
  override clockOffsetMs(): number {
    return this.offsetMs;
  }
}

describe('a process whose clock differs from the log server’s', () => {
  it.each([
    ['a minute ahead', -60_000, undefined],
    ['more than a minute ahead', -60_001, "60 s ahead of the log server's clock"],
    ['a minute behind', 60_000, undefined],
    ['more than a minute behind', 60_001, "60 s behind the log server's clock"],
  ])('refuses commands by the difference: %s', async (_what, offsetMs, told) => {
    const head = await LogHead.follow(new RemoteLog(offsetMs), new LogClock(() => NOW));
    if (told === undefined) expect(() => head.assertClockIsUsable()).not.toThrow();
    else
      expect(() => head.assertClockIsUsable()).toThrow(
        expect.objectContaining({ name: 'ClockBehind', message: expect.stringContaining(told) }),
      );
  });

  it.each([-90_000, 90_000])(
    'accepts commands again after the clock is corrected, without a new measurement (%i ms)',
    async (offsetMs) => {
      let now = NOW;
      const head = await LogHead.follow(new RemoteLog(offsetMs), new LogClock(() => now));
      expect(() => head.assertClockIsUsable()).toThrow(
        expect.objectContaining({ name: 'ClockBehind' }),
      );
      now += offsetMs;
      expect(() => head.assertClockIsUsable()).not.toThrow();
      now -= offsetMs;
      expect(() => head.assertClockIsUsable()).toThrow(
        expect.objectContaining({ name: 'ClockBehind' }),
      );
    },
  );

  it('ignores the difference on a manual log', async () => {
    const clock = new LogClock(() => NOW);
    clock.setAt('2030-01-01T00:00:00.000Z');
    const head = await LogHead.follow(new RemoteLog(99_000_000), clock);
    expect(() => head.assertClockIsUsable()).not.toThrow();
  });
});
