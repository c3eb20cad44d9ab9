import type { TransactionLog } from './transaction-log.js';

/** What a node shows of the log in `$all`: all that is replicated, or only what was so a while ago. */
export class LogView {
  readonly #listeners = new Set<() => void>();
  #count: number;
  #lagMs = 0;

  constructor(private readonly log: TransactionLog) {
    this.#count = log.replicatedCount;
    log.onMore(() => this.#follow());
  }

  /** How many events are shown. */
  get count(): number {
    return this.#count;
  }

  /** Position of the last event shown; -1 if none. */
  get lastPosition(): number {
    return this.log.at(this.#count - 1)?.position ?? -1;
  }

  /** Lets new events appear that much later. */
  set lagMs(lagMs: number) {
    this.#lagMs = lagMs;
    if (lagMs === 0) this.#show(this.log.replicatedCount);
  }

  onMore(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #follow(): void {
    const count = this.log.replicatedCount;
    if (this.#lagMs === 0) return this.#show(count);
    setTimeout(() => this.#show(count), this.#lagMs).unref();
  }

  #show(count: number): void {
    if (count <= this.#count) return;
    this.#count = count;
    for (const listener of this.#listeners) listener();
  }
}
