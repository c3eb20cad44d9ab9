import { TooManyImports } from './failures.js';

/** Two cores' worth of reading; whoever comes later waits, its upload not yet read. */
const AT_ONCE = 2;
const WAITING_AT_MOST = 32;

/** So many files are read at a time; the others wait their turn, in the order of their arrival, and take no memory meanwhile. */
export class ImportTurns {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly atOnce = AT_ONCE) {}

  /** Whoever goes away while waiting is not begun. */
  async run<Value>(signal: AbortSignal, work: () => Promise<Value>): Promise<Value> {
    signal.throwIfAborted();
    if (this.running >= this.atOnce) await this.turn(signal);
    else this.running += 1;
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }

  /** The turn is handed over by whoever ends; one that has been left by then is handed on. */
  private turn(signal: AbortSignal): Promise<void> {
    if (this.waiting.length >= WAITING_AT_MOST) throw new TooManyImports(WAITING_AT_MOST);
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
}
