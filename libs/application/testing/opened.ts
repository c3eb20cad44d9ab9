import {
  MemoryEventLog,
  type MemoryEventLogOptions,
} from '../../event-log/memory/memory-event-log.js';
import type { LoggedEvent } from '../../event-log/event-log.js';
import type { StreamName } from '../../domain/shared/ids.js';
import { initialiseLog } from '../program/initialise-log.js';
import { LogClock } from '../engine/time/clock.js';
import { application, KnownKeys } from './application.js';
import { smallReferenceData } from './small-reference-data.js';

export const TODAY = '2026-11-22';

/**
 * An application over a log in memory that has had its first start. The time is 09:00 UTC on TODAY.
 */
export async function opened(gate?: MemoryEventLogOptions['barrier']) {
  let now = Date.parse(`${TODAY}T09:00:00.000Z`);
  const clock = new LogClock(() => now);
  const log = new MemoryEventLog({
    guards: 'atomic',
    clock: () => clock.now(),
    ...(gate ? { barrier: gate } : {}),
  });
  await initialiseLog(log, {
    logId: 'log',
    clock: 'system',
    now: clock.instant(),
    referenceData: smallReferenceData,
  });
  const keys = new KnownKeys();
  return {
    log,
    keys,
    clock,
    app: await application(log, clock, keys),
    /** Another process on the same log. */
    another: () => application(log, clock, keys),
    setNow: (instant: string) => {
      now = Date.parse(instant);
    },
    events: async (stream: StreamName): Promise<readonly LoggedEvent[]> => {
      const events: LoggedEvent[] = [];
      for await (const page of log.readStream(stream)) events.push(...page);
      return events;
    },
  };
}
