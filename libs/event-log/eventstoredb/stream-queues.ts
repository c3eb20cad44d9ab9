/**
 * Appends to one stream run one at a time, in the order they were given: side by side on the wire
 * they would be judged in any order. Other streams do not wait.
 */
export class StreamQueues {
  private readonly tails = new Map<string, Promise<undefined>>();

  /** `task` runs when its turn has come; it releases the queue by itself, or at its end. */
  async run<Result>(
    stream: string,
    task: (release: () => void) => Promise<Result>,
  ): Promise<Result> {
    const before = this.tails.get(stream);
    const turn = Promise.withResolvers<undefined>();
    this.tails.set(stream, turn.promise);
    const release = (): void => {
      if (this.tails.get(stream) === turn.promise) this.tails.delete(stream);
      turn.resolve(undefined);
    };
    if (before) await before;
    try {
      return await task(release);
    } finally {
      release();
    }
  }

  get size(): number {
    return this.tails.size;
  }
}
