import { addDays, canonicalInstant, daysBetween, utcDate } from '../shared/calendar.js';
import type { Proposed } from '../shared/event.js';
import { earliest, latest, malformed } from '../shared/malformed.js';
import { accept, refuse, type Result } from '../shared/result.js';
import type { Program, ProgramEvent } from './program.js';
import type { ProgramCommand, ProgramDecision, ProgramRefusal } from './program.decide.js';

/**
 * The most days that one tick may start. All of them are in one append, so a tick is never half
 * done. At 600 bytes an event they fill the log's limit for an append (900 KiB). More years need
 * more ticks.
 */
export const daysAtMostATick = 1_500;

/**
 * Appends the `DayStarted` due up to a day: from the day after the last one, or from the day of
 * `LogCreated`, missed days in order. A manual log's clock is set first; a system log's days are
 * never ahead of today (UTC).
 */
export function tick(
  command: Extract<ProgramCommand, { type: 'tick' }>,
  program: Program,
  now: string,
): ProgramDecision {
  const { log } = program;
  if (!log) throw new Error('a day cannot start before the log is created');

  const clock =
    log.clock === 'manual' ? setClock(command, program.clockAt ?? now) : systemClock(command, now);
  if (!clock.ok) return clock;
  const due = dueDays(
    command.on,
    program.lastDay === undefined ? utcDate(log.createdAt) : addDays(program.lastDay, 1),
  );
  return due.ok ? accept([...clock.value, ...due.value]) : due;
}

type Step = Result<readonly Proposed<ProgramEvent>[], ProgramRefusal>;

function systemClock({ on, at }: Extract<ProgramCommand, { type: 'tick' }>, now: string): Step {
  if (at !== undefined) return refuse({ code: 'clock-is-the-systems' });
  return on > utcDate(now) ? refuse({ code: 'day-not-reached' }) : accept([]);
}

/**
 * The default of `at` is the start of the day. On the clock's own day the clock does not change.
 */
function setClock({ on, at }: Extract<ProgramCommand, { type: 'tick' }>, current: string): Step {
  if (at === undefined && on === utcDate(current)) return accept([]);

  const instant = canonicalInstant(at ?? `${on}T00:00:00.000Z`);
  if (instant === undefined)
    return refuse(malformed('/at', { rule: 'format', expected: 'instant' }));
  if (utcDate(instant) < on) return refuse(malformed('/at', earliest(`${on}T00:00:00Z`)));
  if (instant < current) return refuse({ code: 'clock-goes-back' });
  return accept(instant === current ? [] : [{ type: 'ClockSet', data: { at: instant } }]);
}

function dueDays(on: string, first: string): Step {
  const count = daysBetween(first, on) + 1;
  if (count > daysAtMostATick)
    return refuse(malformed('/on', latest(addDays(first, daysAtMostATick - 1))));
  return accept(
    Array.from({ length: Math.max(count, 0) }, (_, index) => ({
      type: 'DayStarted' as const,
      data: { date: addDays(first, index) },
    })),
  );
}
