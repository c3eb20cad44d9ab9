import { setTimeout as delay } from 'node:timers/promises';
import type { EventId } from '../../domain/shared/ids.js';
import type { Position } from '../event-log.js';
import type { AllSubscription } from './all-subscription.js';
import { Backoff } from './deadline.js';
import type { KnownLog } from './known-log.js';
import type { IndexedEvent, LogIndex } from './log-index.js';
import type { LogReporter } from './report.js';

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

export interface IndexKeepingParts {
  readonly index: LogIndex;
  readonly known: KnownLog;
  readonly subscription: Pick<AllSubscription, 'hold'>;
  readonly keepsIndex: boolean;
  readonly report: LogReporter;
  /** The index is of another log, or has lost rows: begins to count again from what it has. */
  readonly countAgain: () => Promise<IndexedEvent | undefined>;
}

/**
 * Moves the rows of the log's end from memory to the index, or lets them go when another process
 * has.
 */
export class IndexKeeping {
  /** How far the index is known to go, and the event there. */
  private through: Position = -1;
  private eventId: EventId | undefined;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly parts: IndexKeepingParts) {}

  start(from: IndexedEvent | undefined): void {
    this.beginAt(from);
    this.running = this.run();
  }

  /** Brings what it can of the rest into the index, but does not wait long for it. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const rest = async (): Promise<void> => {
      await this.running;
      if (this.parts.keepsIndex) await this.addRows();
    };
    // What is missing is counted again by whoever keeps the index next.
    await Promise.race([rest().catch(() => undefined), delay(STOP_MS, undefined, { ref: false })]);
  }

  private async run(): Promise<void> {
    const { keepsIndex, report } = this.parts;
    const backoff = new Backoff(1_000, 30_000);
    let waitMs = 0;
    while (!this.stopping.signal.aborted) {
      await delay(waitMs, undefined, { signal: this.stopping.signal, ref: false }).catch(
        () => undefined,
      );
      try {
        await this.step();
        backoff.reset();
        waitMs = keepsIndex ? KEEPER_INTERVAL_MS : READER_INTERVAL_MS;
      } catch (error) {
        waitMs = Math.round(backoff.nextMs());
        report({ kind: 'log-index-failed', reason: String(error), retryInMs: waitMs });
      }
      this.parts.subscription.hold(this.parts.known.tail.size >= MAX_ROWS);
    }
  }

  private async step(): Promise<void> {
    const { known, keepsIndex } = this.parts;
    if (known.tail.size === 0) return;
    const missing = known.tail.last - this.through;
    if (missing > 0 && (keepsIndex || missing > ROWS_MISSING)) await this.addRows();
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
    this.beginAt(await this.parts.countAgain());
  }

  private beginAt(row: IndexedEvent | undefined): void {
    this.through = row?.position ?? -1;
    this.eventId = row?.eventId;
  }
}
