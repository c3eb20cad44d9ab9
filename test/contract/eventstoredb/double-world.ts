import {
  EventStoreDbLog,
  type EventStoreDbLogOptions,
} from '../../../libs/event-log/eventstoredb/eventstoredb-log.js';
import { MemoryPositionIndex } from '../../../libs/event-log/eventstoredb/position-index.js';
import type { Timeouts } from '../../../libs/event-log/eventstoredb/timeouts.js';
import type { LogReport } from '../../../libs/event-log/eventstoredb/report.js';
import type { EventStoreDouble } from '../../double/event-store-double.js';

export const PREFIX = 'tested.';

/**
 * A tenth of the production timeouts of single calls, for a server on the same, possibly busy
 * machine.
 */
export const SHORT_TIMEOUTS: Timeouts = {
  callMs: 250,
  slackMs: 50,
  readMs: 4_000,
  commandMs: 8_000,
  subscriptionMs: 200,
  closeMs: 200,
  missingMs: 600,
  heartbeatMs: 60_000,
};

/** Opens logs on doubles and collects their reports. */
export class DoubleWorld {
  readonly reports: LogReport[] = [];
  readonly index = new MemoryPositionIndex();
  nowMs = Date.parse('2026-11-22T10:00:00.000Z');
  private readonly opened: EventStoreDbLog[] = [];

  async open(url: string, options: Partial<EventStoreDbLogOptions> = {}): Promise<EventStoreDbLog> {
    const log = await EventStoreDbLog.open({
      url,
      prefix: PREFIX,
      clock: () => this.nowMs,
      index: this.index,
      writesIndex: true,
      report: (report) => void this.reports.push(report),
      timeouts: SHORT_TIMEOUTS,
      ...options,
    });
    this.opened.push(log);
    return log;
  }

  kinds(): readonly LogReport['kind'][] {
    return this.reports.map(({ kind }) => kind);
  }

  async close(): Promise<void> {
    for (const log of this.opened.splice(0)) await log.close();
  }
}

/** The events of the log that the double stores, without claims and marks: `stream@revision`. */
export const stored = (double: EventStoreDouble): readonly string[] =>
  double
    .events()
    .filter(({ stream }) => stream.startsWith(PREFIX) && !stream.startsWith(`${PREFIX}command-`))
    .map(({ stream, revision }) => `${stream.slice(PREFIX.length)}@${revision}`);
