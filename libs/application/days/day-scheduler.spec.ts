import { afterEach, describe, expect, it } from '@jest/globals';
import { addDays } from '../../domain/shared/calendar.js';
import { MemoryEventLog } from '../../event-log/memory/memory-event-log.js';
import type { ProcessReport } from '../engine/processes/log-process.js';
import { application, KnownKeys } from '../testing/application.js';
import { smallReferenceData } from '../testing/small-reference-data.js';
import { LogClock } from '../engine/time/clock.js';
import { DayScheduler, type SchedulerParts } from './day-scheduler.js';
import { initialiseLog } from '../program/initialise-log.js';

const CREATED = '2026-11-22';
const schedulers: DayScheduler[] = [];
afterEach(async () => {
  for (const scheduler of schedulers.splice(0)) await scheduler.stop();
});

/** A log that was created at noon on CREATED, and a running clock that the test can set. */
async function opened(kind: 'system' | 'manual' = 'system') {
  let startMs = Date.parse(`${CREATED}T12:00:00.000Z`);
  let sinceMs = performance.now();
  const clock = new LogClock(() => startMs + performance.now() - sinceMs);
  const log = new MemoryEventLog({ guards: 'atomic', clock: () => clock.now() });
  const { clockAt } = await initialiseLog(log, {
    logId: 'log',
    clock: kind,
    now: clock.instant(),
    referenceData: smallReferenceData,
  });
  if (clockAt !== undefined) clock.setAt(clockAt);
  const reports: ProcessReport[] = [];
  return {
    log,
    reports,
    setNow: (instant: string) => {
      startMs = Date.parse(instant);
      sinceMs = performance.now();
    },
    scheduler: async (change: (parts: SchedulerParts) => Partial<SchedulerParts> = () => ({})) => {
      const { changeProgram: program, states } = await application(log, clock, new KnownKeys());
      const parts: SchedulerParts = {
        program,
        states,
        clock,
        report: (report) => reports.push(report),
      };
      const scheduler = new DayScheduler({ ...parts, ...change(parts) });
      schedulers.push(scheduler);
      return scheduler;
    },
    days: async (): Promise<readonly string[]> => {
      const days: string[] = [];
      for await (const { events } of log.readAll({ after: -1, types: ['DayStarted'] }))
        for (const { data } of events) days.push((data as { date: string }).date);
      return days;
    },
  };
}
const daysFrom = (first: string, count: number) =>
  Array.from({ length: count }, (_, index) => addDays(first, index));

describe('the days of a log that uses the system clock', () => {
  it('are started at the start of the service, missed ones in order, each once with several processes', async () => {
    const world = await opened();
    await (await world.scheduler()).start();
    expect(await world.days()).toEqual([CREATED]);
    world.setNow('2026-12-01T00:00:00.000Z');
    const several = await Promise.all([world.scheduler(), world.scheduler(), world.scheduler()]);
    await Promise.all(several.map((scheduler) => scheduler.start()));
    expect(await world.days()).toEqual(daysFrom(CREATED, 10));
  });

  it('are started when they begin, not before', async () => {
    const world = await opened();
    world.setNow('2026-11-22T23:59:59.900Z');
    await (await world.scheduler()).start();
    expect(await world.days()).toEqual([CREATED]);
    await new Promise((next) => setTimeout(next, 200));
    expect(await world.days()).toEqual(daysFrom(CREATED, 2));
  });

  it('are all started after years without a service, in several appends', async () => {
    const world = await opened();
    world.setNow('2035-11-22T00:00:00.000Z');
    await (await world.scheduler()).start();
    const days = await world.days();
    expect([days.length, days.at(-1), world.reports]).toEqual([3_288, '2035-11-22', []]);
  });

  it('are retried when they could not be started', async () => {
    const world = await opened();
    let failures = 2;
    const scheduler = await world.scheduler(({ program }) => ({
      program: {
        execute: async (command) => {
          if (failures-- > 0) throw new Error('away');
          return program.execute(command);
        },
      },
    }));
    await scheduler.start();
    expect(await world.days()).toEqual([]);
    await new Promise((next) => setTimeout(next, 600));
    expect(await world.days()).toEqual([CREATED]);
    expect(world.reports.map(({ kind }) => kind)).toEqual(['days-not-started', 'days-not-started']);
  });
});

it('does not start the days of a manual log', async () => {
  const world = await opened('manual');
  await (await world.scheduler()).start();
  expect(await world.days()).toEqual([]);
});
