import type { StreamName } from '../../../domain/shared/ids.js';

/**
 * Runs the commands of one target stream one at a time, in the order of their arrival; others do
 * not wait.
 */
export class StreamQueues {
  private readonly tails = new Map<StreamName, Promise<unknown>>();

  run<Value>(stream: StreamName, work: () => Promise<Value>): Promise<Value> {
    const before = this.tails.get(stream);
    const running = before ? before.then(work, work) : work();
    this.tails.set(stream, running);
    const leave = (): void => {
      if (this.tails.get(stream) === running) this.tails.delete(stream);
    };
    running.then(leave, leave);
    return running;
  }
}
