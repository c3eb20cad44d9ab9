import type { Command } from './command.js';
import type { Drafted } from './commands.js';

/** Numbers the run's commands: number, key and correlation id are one of a kind. */
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
