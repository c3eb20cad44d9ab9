import { within } from '../../../platform/time/within.js';
import { TooManyImports } from './failures.js';

/** Two cores' worth of reading and appending. */
const AT_ONCE = 2;
const WAITING_AT_MOST = 32;
/** A client that has not sent more by then is not waited for with a turn in hand. */
const WAITED_IN_TURN_MS = 50;
/** How long an import works while others wait. */
const WORKED_IN_TURN_MS = 1_000;

export interface ImportSlotsOptions {
  readonly atOnce?: number;
  readonly waitedInTurnMs?: number;
  readonly workedInTurnMs?: number;
}

/**
 * So many imports work at a time; the others wait in the order of their arrival. A turn is held by
 * work only: an import gives it back while its client keeps it waiting, and after a while of work
 * when others wait, so that no file keeps another from its turn.
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

  /** An import that is left while it waits for its first turn is not begun. */
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

  /** Receives the slot that another import releases; passes it on if this import has left. */
  take(signal: AbortSignal): Promise<void> {
    if (this.running < this.options.atOnce) {
      this.running += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(begin), 1);
        reject(signal.reason as Error); // an AbortSignal's reason
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

/** The turn of one import, which it holds, gives back and takes again. */
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
    // The import has failed while a piece of it was still waited for.
    if (this.hasEnded) this.giveBack();
    this.sinceMs = performance.now();
  }

  giveBack(): void {
    if (!this.isHeld) return;
    this.isHeld = false;
    this.turns.giveBack();
  }

  /** The import is over: nothing takes its turn again. */
  end(): void {
    this.hasEnded = true;
    this.giveBack();
  }

  /** The same pieces: each is given with the turn in hand, and waited for without it. */
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
