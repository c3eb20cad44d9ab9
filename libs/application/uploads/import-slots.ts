import { within } from '../../platform/time/within.js';
import { TooManyImports } from './failures.js';

/** As many as keep two cores busy with reading and appending. */
const AT_ONCE = 2;
const WAITING_AT_MOST = 32;
/** How long an import keeps its slot while its client sends nothing. */
const WAITED_IN_TURN_MS = 50;
/** How long an import may work in its slot while others wait. */
const WORKED_IN_TURN_MS = 1_000;

export interface ImportSlotsOptions {
  readonly atOnce?: number;
  readonly waitedInTurnMs?: number;
  readonly workedInTurnMs?: number;
}

/**
 * A limited number of imports work at a time; the others wait in the order of arrival. An import
 * has a slot only while it works: it releases the slot while its client sends nothing, and after
 * some time of work if others wait. So no upload blocks another.
 */
export class ImportSlots {
  private readonly options: Required<ImportSlotsOptions>;
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor({
    atOnce = AT_ONCE,
    waitedInTurnMs = WAITED_IN_TURN_MS,
    workedInTurnMs = WORKED_IN_TURN_MS,
  }: ImportSlotsOptions = {}) {
    this.options = { atOnce, waitedInTurnMs, workedInTurnMs };
  }

  /** An import whose client disconnects while it waits for its first slot does not start. */
  async run<Value>(
    signal: AbortSignal,
    work: (turn: ImportSlot) => Promise<Value>,
  ): Promise<Value> {
    signal.throwIfAborted();
    if (this.running >= this.options.atOnce && this.waiting.length >= WAITING_AT_MOST)
      throw new TooManyImports(WAITING_AT_MOST);
    const turn = new ImportSlot(this, signal, this.options);
    await turn.take();
    try {
      signal.throwIfAborted();
      return await work(turn);
    } finally {
      turn.end();
    }
  }

  get othersWait(): boolean {
    return this.waiting.length > 0;
  }

  /**
   * Waits for the slot that another import releases. If this import has left, the slot goes to the
   * next one.
   */
  take(signal: AbortSignal): Promise<void> {
    if (this.running < this.options.atOnce) {
      this.running += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(begin), 1);
        reject(signal.reason as Error); // the reason of an AbortSignal is the error to throw
      };
      const begin = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      this.waiting.push(begin);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  giveBack(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.running -= 1;
  }
}

/** The slot of one import, which the import takes and releases repeatedly. */
export class ImportSlot {
  private isHeld = false;
  private hasEnded = false;
  private sinceMs = 0;

  constructor(
    private readonly turns: ImportSlots,
    private readonly signal: AbortSignal,
    private readonly options: Required<ImportSlotsOptions>,
  ) {}

  async take(): Promise<void> {
    this.signal.throwIfAborted();
    await this.turns.take(this.signal);
    this.isHeld = true;
    // The import failed while it was waiting for the slot.
    if (this.hasEnded) this.giveBack();
    this.sinceMs = performance.now();
  }

  giveBack(): void {
    if (!this.isHeld) return;
    this.isHeld = false;
    this.turns.giveBack();
  }

  /** The import has ended, and does not take the slot again. */
  end(): void {
    this.hasEnded = true;
    this.giveBack();
  }

  /** The same pieces. The import waits for a piece without the slot, and gets it with the slot. */
  async *over<Piece>(pieces: AsyncIterable<Piece>): AsyncGenerator<Piece> {
    const source = pieces[Symbol.asyncIterator]();
    try {
      for (;;) {
        if (
          this.isHeld &&
          this.turns.othersWait &&
          performance.now() - this.sinceMs >= this.options.workedInTurnMs
        )
          this.giveBack();
        const next = source.next();
        if (this.isHeld && !(await isSettledWithin(this.options.waitedInTurnMs, next)))
          this.giveBack();
        const { done, value } = await next;
        if (!this.isHeld) await this.take();
        if (done) return;
        yield value;
      }
    } finally {
      await source.return?.();
    }
  }
}

function isSettledWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const settled = (): boolean => true;
  return within(ms, work.then(settled, settled), () => false);
}
