import { setImmediate as nextTurn } from 'node:timers/promises';

/** So few read older events of the log at a time; the others wait in the order of their arrival. */
const LANES = 2;

/**
 * Reads of streams that are behind the end of the log: each in a turn of its own, so that orders
 * come in between.
 */
export class ReadQueue {
  private reading = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly lanes = LANES) {}

  async run(read: () => Promise<void>): Promise<void> {
    if (this.reading >= this.lanes) await new Promise<void>((begin) => this.waiting.push(begin));
    else this.reading += 1;
    try {
      await nextTurn();
      await read();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.reading -= 1;
    }
  }
}
