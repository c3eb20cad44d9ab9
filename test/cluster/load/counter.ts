import type { Command } from './command.js';
import type { Drafted } from './commands.js';

/** Numbers the commands of a run, so that number, key and correlation id are unique. */
export class Counter {
  private next = 0;

  constructor(private readonly run: string) {}

  number(draft: Drafted): Command {
    const number = this.next++;
    return {
      ...draft,
      number,
      key: `${this.run}-${number}`,
      correlationId: `${this.run}:${number}`,
    };
  }
}
