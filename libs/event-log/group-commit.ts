import { LogUnavailable } from './errors.js';
import type { Appended } from './event-log.js';
import type { PreparedAppend } from './prepared-append.js';

/** Limits of one transaction: how long others wait for the log, and how much one fsync carries. */
const MAX_BATCH_APPENDS = 512;
const MAX_BATCH_BYTES = 8 * 1024 * 1024;
/** More waiting appends than this mean a client without flow control: further ones are refused. */
const MAX_WAITING_APPENDS = 100_000;

export type AppendOutcome = { readonly appended: Appended } | { readonly error: unknown };
/**
 * Commits a batch in one transaction; returns one outcome for each append, in order. Never throws.
 */
export type CommitBatch = (
  batch: readonly PreparedAppend[],
) => readonly AppendOutcome[] | Promise<readonly AppendOutcome[]>;

interface Waiting {
  readonly append: PreparedAppend;
  readonly settle: (outcome: AppendOutcome) => void;
}

/**
 * Appends that arrive during a commit share the next one. There is no timer: a single append never
 * waits for another, and under load a batch has the appends of one turn of the event loop.
 */
export class GroupCommit {
  private waiting: Waiting[] = [];
  private running = false;
  private idle: (() => void)[] = [];

  constructor(private readonly commit: CommitBatch) {}

  add(append: PreparedAppend): Promise<Appended> {
    if (this.waiting.length >= MAX_WAITING_APPENDS)
      throw new LogUnavailable(
        `${MAX_WAITING_APPENDS} appends are waiting already; try again later`,
      );
    return new Promise((resolve, reject) => {
      this.waiting.push({
        append,
        settle: (outcome) =>
          'appended' in outcome ? resolve(outcome.appended) : reject(outcome.error as Error),
      });
      this.schedule();
    });
  }

  /** Resolves when no append is waiting any more. */
  async drained(): Promise<void> {
    if (this.running) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private schedule(): void {
    if (this.running) return;
    this.running = true;
    setImmediate(() => void this.commitBatch());
  }

  private async commitBatch(): Promise<void> {
    const batch = this.takeBatch();
    const settled = this.commit(batch.map(({ append }) => append));
    // A commit on this thread is done already; awaiting it would cost each batch an event-loop
    // turn.
    const outcomes = settled instanceof Promise ? await settled : settled;
    batch.forEach(({ settle }, index) => {
      settle(outcomes[index] ?? { error: new LogUnavailable('the commit gave no outcome') });
    });

    this.running = false;
    if (this.waiting.length > 0) this.schedule();
    else for (const resolve of this.idle.splice(0)) resolve();
  }

  private takeBatch(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { append } of this.waiting) {
      if (count > 0 && (count === MAX_BATCH_APPENDS || bytes + append.bytes > MAX_BATCH_BYTES))
        break;
      bytes += append.bytes;
      count += 1;
    }
    const batch = this.waiting.slice(0, count);
    this.waiting = this.waiting.slice(count);
    return batch;
  }
}
