export type CallName =
  | 'append'
  | 'batchAppend'
  | 'readStream'
  | 'readAll'
  | 'subscribeToAll'
  | 'subscribeToStream'
  | 'delete'
  | 'tombstone'
  | 'supportedMethods'
  | 'gossip';

export interface Call {
  readonly name: CallName;
  /** The called stream, `$all`, or an empty name. */
  readonly stream: string;
  readonly requiresLeader: boolean;
}

const KEPT = 10_000;

/**
 * The calls that the server has received, so that a test can check exactly which calls something
 * costs.
 */
export class Calls {
  #counts = new Map<CallName, number>();
  #latest: Call[] = [];

  count(name: CallName): number {
    return this.#counts.get(name) ?? 0;
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Counts by name, without calls that were never made. */
  get counts(): Readonly<Partial<Record<CallName, number>>> {
    return Object.fromEntries(this.#counts);
  }

  /** The latest calls, oldest first; at most some thousands are kept. */
  get latest(): readonly Call[] {
    return this.#latest;
  }

  reset(): void {
    this.#counts = new Map();
    this.#latest = [];
  }

  record(call: Call): void {
    this.#counts.set(call.name, this.count(call.name) + 1);
    this.#latest.push(call);
    if (this.#latest.length >= 2 * KEPT) this.#latest = this.#latest.slice(-KEPT);
  }
}
