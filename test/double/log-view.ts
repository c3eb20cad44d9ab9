import type { TransactionLog } from './transaction-log.js';

/**
 * A node's view of the log: all replicated events, or, in `$all`, only those replicated some time
 * ago, or before the node was cut off.
 */
export class LogView {
  readonly #listeners = new Set<() => void>();
  #count: number;
  #lagMs = 0;
  #frozenAt: number | undefined;

  constructor(private readonly log: TransactionLog) {
    this.#count = log.replicatedCount;
    log.onMore(() => this.#follow());
  }

  /** How many events are shown in `$all`. */
  get count(): number {
    return this.#count;
  }

  /** Position of the last event shown in `$all`; -1 if none. */
  get lastPosition(): number {
    return this.log.at(this.#count - 1)?.position ?? -1;
  }

  /** Position of the last event shown in a stream; -1 if none. */
  get lastPositionInStreams(): number {
    return this.#frozenAt === undefined ? this.log.lastPosition : this.#frozenAt;
  }

  /** True: the node does not hear from the others. */
  get isFrozen(): boolean {
    return this.#frozenAt !== undefined;
  }

  /** Delays new events in `$all` by this time. */
  set lagMs(lagMs: number) {
    this.#lagMs = lagMs;
    if (lagMs === 0) this.#follow();
  }

  /** Hides new events until thawed. */
  freeze(): void {
    this.#frozenAt ??= this.log.lastPosition;
  }

  thaw(): void {
    this.#frozenAt = undefined;
    this.#follow();
  }

  /** Shows the log after it was restored from a copy. */
  showRestored(): void {
    this.#frozenAt = undefined;
    this.#count = this.log.replicatedCount;
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
    if (this.#frozenAt !== undefined || count <= this.#count) return;
    this.#count = count;
    for (const listener of this.#listeners) listener();
  }
}
