import { setImmediate as nextTurn } from 'node:timers/promises';

/** The number of concurrent reads; the others wait in the order of their requests. */
const LANES = 2;

/** A queue for reads of older events, so that orders are handled in between. */
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
