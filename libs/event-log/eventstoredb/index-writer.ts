import { setTimeout as delay } from 'node:timers/promises';
import type { EventId } from '../../domain/shared/ids.js';
import type { Position } from '../event-log.js';
import type { LocalLog, StartPoint } from './local-log.js';
import type { IndexRow, PositionIndex, AllPosition } from './position-index.js';
import type { LogReporter } from './report.js';
import type { SeenEvent } from './seen-log.js';
import type { ServerReads } from './server-reads.js';
import type { StreamNames } from './stored-form.js';
import type { AllSubscription } from './subscription.js';
import { Backoff } from '../../platform/time/backoff.js';
import { endedWithin } from '../../platform/time/within.js';
import type { Timeouts } from './timeouts.js';

const KEEPER_INTERVAL_MS = 100;
const READER_INTERVAL_MS = 1_000;
const STOP_MS = 1_000;
const ROWS_A_BATCH = 500;
/** Rows that stay in memory although the index has them: most queries are for recent ones. */
const ROWS_KEPT = 10_000;
/** When the index lacks this many rows, a process that is not its writer adds them. */
const ROWS_MISSING = 20_000;
/** With this many rows in memory the subscription is paused: the index cannot be written. */
const MAX_ROWS = 100_000;

export interface IndexWriterParts {
  readonly index: PositionIndex;
  readonly local: LocalLog;
  readonly subscription: Pick<AllSubscription, 'hold'>;
  readonly writesIndex: boolean;
  readonly report: LogReporter;
  /** The index is of another log or has lost rows: restarts the count from what it has. */
  readonly restartCount: () => Promise<IndexRow | undefined>;
}

/**
 * Moves recent rows from memory to the index, or drops them from memory when another process has
 * added them.
 */
export class IndexWriter {
  /** The last position that the index is known to have, and the event there. */
  private through: Position = -1;
  private eventId: EventId | undefined;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly parts: IndexWriterParts) {}

  start(from: IndexRow | undefined): void {
    this.beginAt(from);
    this.running = this.run();
  }

  /** Adds the remaining rows to the index, within a short time limit. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const rest = async (): Promise<void> => {
      await this.running;
      if (this.parts.writesIndex) await this.addRows();
    };
    // The next writer of the index counts missing rows again.
    await endedWithin(
      STOP_MS,
      rest().catch(() => undefined),
      { ref: false },
    );
  }

  private async run(): Promise<void> {
    const { writesIndex, report } = this.parts;
    const backoff = new Backoff(1_000, 30_000);
    let waitMs = 0;
    while (!this.stopping.signal.aborted) {
      await delay(waitMs, undefined, { signal: this.stopping.signal, ref: false }).catch(
        () => undefined,
      );
      try {
        await this.step();
        backoff.reset();
        waitMs = writesIndex ? KEEPER_INTERVAL_MS : READER_INTERVAL_MS;
      } catch (error) {
        waitMs = backoff.nextMs();
        report({ kind: 'log-index-failed', reason: String(error), retryInMs: waitMs });
      }
      this.parts.subscription.hold(this.parts.local.recentRows.size >= MAX_ROWS);
    }
  }

  private async step(): Promise<void> {
    const { local, writesIndex } = this.parts;
    if (local.recentRows.size === 0) return;
    const missing = local.recentRows.last - this.through;
    if (missing > 0 && (writesIndex || missing > ROWS_MISSING)) await this.addRows();
    else if (missing > 0) await this.look();
    local.recentRows.dropThrough(Math.min(this.through, local.recentRows.last - ROWS_KEPT));
  }

  private async addRows(): Promise<void> {
    const { recentRows } = this.parts.local;
    for (;;) {
      const rows = recentRows.between(this.through + 1, this.through + ROWS_A_BATCH);
      const last = rows.at(-1);
      if (!last) return;
      if ((await this.parts.index.add(rows, this.eventId)) === 'differs') return this.begin();
      this.beginAt(last);
      recentRows.dropThrough(Math.min(this.through, recentRows.last - ROWS_KEPT));
    }
  }

  /** Looks how far other processes have extended the index. */
  private async look(): Promise<void> {
    const { index, local } = this.parts;
    const last = await index.last();
    if (this.through >= 0 && (last?.position ?? -1) < this.through) return this.begin();
    if (!last || last.position <= this.through) return;
    const row =
      last.position <= local.recentRows.last ? last : await index.at(local.recentRows.last);
    if (!row) return;
    if (local.recentRows.at(row.position)?.eventId !== row.eventId) return this.begin();
    this.beginAt(row);
  }

  private async begin(): Promise<void> {
    this.parts.report({ kind: 'log-index-differs', position: this.through });
    this.beginAt(await this.parts.restartCount());
  }

  private beginAt(row: IndexRow | undefined): void {
    this.through = row?.position ?? -1;
    this.eventId = row?.eventId;
  }
}

export interface StartPointParts {
  readonly index: PositionIndex;
  readonly server: Pick<ServerReads, 'eventAt' | 'checkSeen'>;
  readonly names: StreamNames;
  readonly local: Pick<LocalLog, 'head' | 'lastEventId'>;
  readonly timeouts: Pick<Timeouts, 'missingMs' | 'readMs'>;
}

const CHECK_AGAIN_MS = 200;

/**
 * Finds where the count starts: after the index's last row, or after the local log's head if that
 * is earlier. The server must have that row's event and those of a sample of earlier rows in their
 * places. If not, the index is of another log or of one that was restored: it is cleared, with all
 * else that was derived from that log, and the count starts at the beginning.
 */
export async function startPoint(parts: StartPointParts, origin: AllPosition): Promise<StartPoint> {
  const { index, server, names, local } = parts;
  const last = await index.last();
  const row =
    last && local.head >= 0 && last.position > local.head ? await index.at(local.head) : last;
  const agrees =
    row !== undefined && (row.position !== local.head || row.eventId === local.lastEventId);
  if (row && agrees && (await isOfLog(parts, row)) && (await isSampleOfLog(parts, row))) {
    const recorded = await server.eventAt(names.onServer(row.stream), row.revision);
    return { row, origin, recordedAt: recordedAtOf(recorded?.metadata) };
  }
  if (last) await index.clear();
  return { row: undefined, origin };
}

/**
 * Samples rows at doubling distances from the end: finds any part of another log that is longer
 * than its distance to the end.
 */
async function isSampleOfLog(parts: StartPointParts, { position }: IndexRow): Promise<boolean> {
  const sampled: Promise<boolean>[] = [];
  for (let back = 1; back <= position; back *= 2) sampled.push(isRowOfLog(parts, position - back));
  return (await Promise.all(sampled)).every((agrees) => agrees);
}

async function isRowOfLog(parts: StartPointParts, position: number): Promise<boolean> {
  const row = await parts.index.at(position);
  return row !== undefined && isOfLog(parts, row);
}

/**
 * A former leader may lack the latest events for a moment: an event is missing only if it stays
 * missing for long. Throws LogUnavailable.
 */
async function isOfLog(
  { server, names, timeouts }: StartPointParts,
  row: IndexRow,
): Promise<boolean> {
  const seen: SeenEvent = {
    stream: names.onServer(row.stream),
    revision: row.revision,
    id: row.eventId,
    at: row,
  };
  for (const sinceMs = performance.now(); ; await delay(CHECK_AGAIN_MS)) {
    const forMs = performance.now() - sinceMs;
    try {
      const again = await server.checkSeen(seen);
      if (again !== 'missing') return again === 'same';
      if (forMs >= timeouts.missingMs) return false;
    } catch (error) {
      if (forMs >= timeouts.readMs) throw error;
    }
  }
}

const recordedAtOf = (metadata: unknown): string =>
  String((metadata as { readonly recordedAt?: unknown } | undefined)?.recordedAt);
