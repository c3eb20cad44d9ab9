import { comparePositions } from './all-position.js';
import type { AllPosition } from './log-index.js';

interface Waiting {
  readonly at: AllPosition;
  readonly settle: (passed: boolean) => void;
}

/**
 * How far the subscription has come in `$all`, and who waits for it. Each waits until its own
 * deadline.
 */
export class Passing {
  private reached: AllPosition | undefined;
  private readonly waiting = new Set<Waiting>();

  hasPassed(at: AllPosition): boolean {
    return this.reached !== undefined && comparePositions(at, this.reached) <= 0;
  }

  /** Whether it has been passed within so long. */
  async passed(at: AllPosition, withinMs: number): Promise<boolean> {
    if (this.hasPassed(at)) return true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => waiting.settle(false), withinMs);
      const waiting: Waiting = {
        at,
        settle: (passed) => {
          clearTimeout(timer);
          this.waiting.delete(waiting);
          resolve(passed);
        },
      };
      this.waiting.add(waiting);
    });
  }

  reach(at: AllPosition): void {
    if (this.hasPassed(at)) return;
    this.reached = at;
    for (const waiting of this.waiting) if (this.hasPassed(waiting.at)) waiting.settle(true);
  }

  /** Nothing more will come. */
  end(): void {
    for (const waiting of this.waiting) waiting.settle(false);
  }
}
