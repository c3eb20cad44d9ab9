import { setTimeout as delay } from 'node:timers/promises';
import type { EventId } from '../../domain/shared/ids.js';
import type { Position } from '../event-log.js';
import type { LocalLog, StartPoint } from './local-log.js';
import type { IndexedEvent, LogIndex, AllPosition } from './position-index.js';
import type { LogReporter } from './report.js';
import type { SeenEvent } from './seen-log.js';
import type { ServerReads } from './server-reads.js';
import type { StreamNames } from './stored-form.js';
import type { AllSubscription } from './subscription.js';
import { Backoff, type Timeouts } from './timeouts.js';

const KEEPER_INTERVAL_MS = 100;
const READER_INTERVAL_MS = 1_000;
const STOP_MS = 1_000;
const ROWS_A_BATCH = 500;
/** Rows that stay in memory although the index has them: what is asked for is mostly recent. */
const ROWS_KEPT = 10_000;
/** So many that the index lacks, and a process that does not keep it adds them itself. */
const ROWS_MISSING = 20_000;
/** So many in memory, and the subscription waits: the index cannot be written. */
const MAX_ROWS = 100_000;

export interface IndexWriterParts {
  readonly index: LogIndex;
  readonly known: LocalLog;
  readonly subscription: Pick<AllSubscription, 'hold'>;
  readonly writesIndex: boolean;
  readonly report: LogReporter;
  /** The index is of another log, or has lost rows: begins to count again from what it has. */
  readonly restartCount: () => Promise<IndexedEvent | undefined>;
}

/**
 * Moves the rows of the log's end from memory to the index, or lets them go when another process
 * has.
 */
export class IndexWriter {
  /** How far the index is known to go, and the event there. */
  private through: Position = -1;
  private eventId: EventId | undefined;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly parts: IndexWriterParts) {}

  start(from: IndexedEvent | undefined): void {
    this.beginAt(from);
    this.running = this.run();
  }

  /** Brings what it can of the rest into the index, but does not wait long for it. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const rest = async (): Promise<void> => {
      await this.running;
      if (this.parts.writesIndex) await this.addRows();
    };
    // What is missing is counted again by whoever keeps the index next.
    await Promise.race([rest().catch(() => undefined), delay(STOP_MS, undefined, { ref: false })]);
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
        waitMs = Math.round(backoff.nextMs());
        report({ kind: 'log-index-failed', reason: String(error), retryInMs: waitMs });
      }
      this.parts.subscription.hold(this.parts.known.tail.size >= MAX_ROWS);
    }
  }

  private async step(): Promise<void> {
    const { known, writesIndex } = this.parts;
    if (known.tail.size === 0) return;
    const missing = known.tail.last - this.through;
    if (missing > 0 && (writesIndex || missing > ROWS_MISSING)) await this.addRows();
    else if (missing > 0) await this.look();
    known.tail.dropThrough(Math.min(this.through, known.tail.last - ROWS_KEPT));
  }

  private async addRows(): Promise<void> {
    const { tail } = this.parts.known;
    for (;;) {
      const rows = tail.between(this.through + 1, this.through + ROWS_A_BATCH);
      const last = rows.at(-1);
      if (!last) return;
      if ((await this.parts.index.add(rows, this.eventId)) === 'differs') return this.begin();
      this.beginAt(last);
      tail.dropThrough(Math.min(this.through, tail.last - ROWS_KEPT));
    }
  }

  /** How far others have brought the index. */
  private async look(): Promise<void> {
    const { index, known } = this.parts;
    const last = await index.last();
    if (this.through >= 0 && (last?.position ?? -1) < this.through) return this.begin();
    if (!last || last.position <= this.through) return;
    const row = last.position <= known.tail.last ? last : await index.at(known.tail.last);
    if (!row) return;
    if (known.tail.at(row.position)?.eventId !== row.eventId) return this.begin();
    this.beginAt(row);
  }

  private async begin(): Promise<void> {
    this.parts.report({ kind: 'log-index-differs', position: this.through });
    this.beginAt(await this.parts.restartCount());
  }

  private beginAt(row: IndexedEvent | undefined): void {
    this.through = row?.position ?? -1;
    this.eventId = row?.eventId;
  }
}

export interface StartPointParts {
  readonly index: LogIndex;
  readonly server: Pick<ServerReads, 'eventAt' | 'checkSeen'>;
  readonly names: StreamNames;
  readonly known: Pick<LocalLog, 'head' | 'lastEventId'>;
  readonly timeouts: Pick<Timeouts, 'missingMs' | 'readMs'>;
}

const LOOK_AGAIN_MS = 200;

/**
 * Where counting begins: after the index's last row, or after what is known already where that is
 * earlier, if the server has that row's event and those of a sample of the rows before it in their
 * places. An index that does not agree is of another log, or of one that was restored: it is
 * cleared, with all else that was derived from that log, and the log counted from its beginning.
 */
export async function startPoint(parts: StartPointParts, origin: AllPosition): Promise<StartPoint> {
  const { index, server, names, known } = parts;
  const last = await index.last();
  const row =
    last && known.head >= 0 && last.position > known.head ? await index.at(known.head) : last;
  const agrees =
    row !== undefined && (row.position !== known.head || row.eventId === known.lastEventId);
  if (row && agrees && (await isOfLog(parts, row)) && (await isSampleOfLog(parts, row))) {
    const recorded = await server.eventAt(names.onServer(row.stream), row.revision);
    return { row, origin, recordedAt: recordedAtOf(recorded?.metadata) };
  }
  if (last) await index.clear();
  return { row: undefined, origin };
}

/**
 * Rows nearer and nearer to the beginning: a part that belongs to another log is found wherever it
 * is longer than its distance to the end.
 */
async function isSampleOfLog(parts: StartPointParts, { position }: IndexedEvent): Promise<boolean> {
  const sampled: Promise<boolean>[] = [];
  for (let back = 1; back <= position; back *= 2) sampled.push(isRowOfLog(parts, position - back));
  return (await Promise.all(sampled)).every((agrees) => agrees);
}

async function isRowOfLog(parts: StartPointParts, position: number): Promise<boolean> {
  const row = await parts.index.at(position);
  return row !== undefined && isOfLog(parts, row);
}

/**
 * A node that has led may miss what came last for a moment: only what is missing for long is not
 * there. Throws LogUnavailable.
 */
async function isOfLog(
  { server, names, timeouts }: StartPointParts,
  row: IndexedEvent,
): Promise<boolean> {
  const seen: SeenEvent = {
    stream: names.onServer(row.stream),
    revision: row.revision,
    id: row.eventId,
    at: row,
  };
  for (const sinceMs = performance.now(); ; await delay(LOOK_AGAIN_MS)) {
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
