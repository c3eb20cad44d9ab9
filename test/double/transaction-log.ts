import { type AppendVerdict, type Expected, judgeAppend } from './append-rules.js';
import type { LogCopy, ProposedEvent, StoredEvent, StreamState } from './log-records.js';
import { recordBytes } from './record-size.js';

export type { LogCopy, ProposedEvent, StoredEvent, StreamState };

export type AppendOutcome =
  | { readonly kind: 'appended' | 'repeated'; readonly revision: number; readonly position: number }
  | Exclude<AppendVerdict, { readonly kind: 'fits' | 'repeats' }>;

/** The size of the epoch's record, which no reader gets. */
const EPOCH_BYTES = 231;
export const EPOCHS = '$epoch-information';

const DEFAULT_LIMIT_BYTES = 1024 ** 3;
const DEFAULT_CHUNK_BYTES = 256 * 1024 ** 2;

/**
 * One log, in memory, that outlives its nodes. An event is visible when it is replicated, which is
 * at once unless replication is stalled; a stalled tail can be lost, like the tail of a deposed
 * leader.
 */
export class TransactionLog {
  readonly #events: StoredEvent[] = [];
  readonly #streams = new Map<string, StreamState>();
  /**
   * The server's memory of event ids for appends without a concrete revision; a restart clears it.
   */
  readonly #recentIds = new Map<string, StoredEvent>();
  readonly #listeners = new Set<() => void>();
  #waiting: { readonly count: number; readonly settle: (isReplicated: boolean) => void }[] = [];
  #replicatedCount = 0;
  #end = 0;
  #isStalled = false;

  constructor(
    private readonly limitBytes = DEFAULT_LIMIT_BYTES,
    private readonly chunkBytes = DEFAULT_CHUNK_BYTES,
  ) {}

  get replicatedCount(): number {
    return this.#replicatedCount;
  }

  /** The number of events that are written but not replicated. */
  get unreplicatedCount(): number {
    return this.#events.length - this.#replicatedCount;
  }

  /** Offset after the last record, replicated or not. */
  get end(): number {
    return this.#end;
  }

  /** Position of the last replicated event; -1 if none. */
  get lastPosition(): number {
    return this.#events[this.#replicatedCount - 1]?.position ?? -1;
  }

  /** Whether new events are replicated at once. */
  get isProceeding(): boolean {
    return !this.#isStalled;
  }

  get isFull(): boolean {
    return this.#end > this.limitBytes;
  }

  at(index: number): StoredEvent | undefined {
    return this.#events[index];
  }

  stream(name: string): StreamState | undefined {
    return this.#streams.get(name);
  }

  /** Index of the first event at or after an offset. */
  indexFrom(offset: number): number {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#events[middle]!.position < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Whether a record may begin or end here; elsewhere the server refuses to read. */
  isBoundary(offset: number): boolean {
    const next = this.indexFrom(offset);
    const before = this.#events[next - 1];
    return offset === 0 || offset >= (before?.end ?? 0);
  }

  /**
   * A new leader writes this first. The event is in its stream, and hidden from readers of `$all`.
   */
  beginEpoch(leaderId: string, createdMs: number): void {
    this.#end += EPOCH_BYTES;
    const previous = this.#streams.get(EPOCHS)?.events.at(-1)?.position ?? -1;
    const data = {
      epochId: crypto.randomUUID(),
      prevEpochPosition: previous,
      timeStamp: new Date(createdMs).toISOString().replace('Z', '0000Z'),
      leaderInstanceId: leaderId,
    };
    this.#write(EPOCHS, [system(EPOCHS, Buffer.from(JSON.stringify(data, null, 2)))], createdMs);
  }

  append(
    stream: string,
    expected: Expected,
    proposed: readonly ProposedEvent[],
    createdMs: number,
  ): AppendOutcome {
    const verdict = this.judge(stream, expected, proposed);
    switch (verdict.kind) {
      case 'fits':
        return this.#appended(stream, proposed, createdMs);
      case 'repeats':
        return this.#isReplicated(verdict.last)
          ? { kind: 'repeated', revision: verdict.last.revision, position: verdict.last.position }
          : { kind: 'repeats-unreplicated' };
      default:
        return verdict;
    }
  }

  /** The result of an append for a node that knows the log only up to a position; writes nothing. */
  judge(
    stream: string,
    expected: Expected,
    proposed: readonly ProposedEvent[],
    through = Number.POSITIVE_INFINITY,
  ): AppendVerdict {
    const state = this.#streams.get(stream);
    const isWhole = (state?.events.at(-1)?.position ?? -1) <= through;
    const known =
      state && !isWhole
        ? { ...state, events: state.events.filter(({ position }) => position <= through) }
        : state;
    return judgeAppend(known, expected, proposed, (id) => {
      const recent = this.#recentIds.get(id);
      return recent?.stream === stream && recent.position <= through ? recent : undefined;
    });
  }

  /** Deletes softly: the events are hidden, the next one gets the next revision. */
  delete(stream: string, createdMs: number): number {
    const state = this.#state(stream);
    const metadata = Buffer.from('{"$tb":9223372036854775807}');
    const { position } = this.#write(`$$${stream}`, [system('$metadata', metadata)], createdMs);
    state.truncatedBefore = state.events.length;
    state.isDeleted = true;
    return position;
  }

  /** Deletes for ever. */
  tombstone(stream: string, createdMs: number): number {
    const { position } = this.#write(stream, [system('$streamDeleted')], createdMs);
    this.#state(stream).isTombstoned = true;
    return position;
  }

  /** From now on nothing is replicated, so no new event is visible or acknowledged. */
  stall(): void {
    this.#isStalled = true;
  }

  /** Replicates the events written meanwhile, and replicates at once again. */
  proceed(): void {
    this.#isStalled = false;
    this.#showAll();
  }

  /**
   * Drops the events that were not replicated, as an election does, and replicates again. Returns
   * their number.
   */
  loseTail(): number {
    const lost = this.#events.splice(this.#replicatedCount);
    for (const event of lost.reverse()) {
      this.#streams.get(event.stream)?.events.pop();
      this.#recentIds.delete(event.id);
    }
    this.#end = this.#events.at(-1)?.end ?? 0;
    this.#isStalled = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { settle } of waiting) settle(false);
    return lost.length;
  }

  /** Its files, without events that are not replicated. */
  copy(): LogCopy {
    const events = this.#events.slice(0, this.#replicatedCount);
    const streams = [...this.#streams].map(([name, state]) => {
      const own = state.events.filter(({ position }) => position <= this.lastPosition);
      return [name, { ...state, events: own }] as const;
    });
    return { events, streams: new Map(streams) };
  }

  /** Replaces its files with a copy; later events are lost. */
  restore({ events, streams }: LogCopy): void {
    this.loseTail();
    this.#events.splice(0, Infinity, ...events);
    this.#streams.clear();
    for (const [name, state] of streams)
      this.#streams.set(name, { ...state, events: [...state.events] });
    this.forgetRecentIds();
    this.#replicatedCount = events.length;
    this.#end = events.at(-1)?.end ?? 0;
  }

  /** Resolves when the events written now are replicated (true) or lost (false). */
  replicated(): Promise<boolean> {
    if (!this.#isStalled) return Promise.resolve(true);
    return new Promise((settle) => this.#waiting.push({ count: this.#events.length, settle }));
  }

  /** Calls the listener when more is replicated. Returns the function that removes it. */
  onMore(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A restart of the server clears its memory of ids. */
  forgetRecentIds(): void {
    this.#recentIds.clear();
  }

  #appended(
    stream: string,
    proposed: readonly ProposedEvent[],
    createdMs: number,
  ): ReturnType<TransactionLog['append']> {
    const state = this.#state(stream);
    const outcome = this.#write(stream, proposed, createdMs);
    if (!state.isDeleted) return outcome;
    state.isDeleted = false;
    this.#write(
      `$$${stream}`,
      [system('$metadata', Buffer.from(`{"$tb":${state.truncatedBefore}}`))],
      createdMs,
    );
    return outcome;
  }

  #write(
    stream: string,
    proposed: readonly ProposedEvent[],
    createdMs: number,
  ): { readonly kind: 'appended'; readonly revision: number; readonly position: number } {
    const state = this.#state(stream);
    const sizes = proposed.map((event) => recordBytes(stream, event));
    this.#end = this.#placed(
      proposed.length > 0
        ? sizes.reduce((sum, size) => sum + size, 0)
        : recordBytes(stream, NO_EVENT),
    );
    // An append without events is a record too.
    let position = this.#end;
    if (proposed.length === 0) this.#end += recordBytes(stream, NO_EVENT);
    for (const [index, event] of proposed.entries()) {
      position = this.#end;
      this.#end += sizes[index]!;
      const stored = {
        ...event,
        stream,
        revision: state.events.length,
        position,
        end: this.#end,
        createdMs,
      };
      state.events.push(stored);
      this.#events.push(stored);
      this.#recentIds.set(event.id, stored);
    }
    if (!this.#isStalled) this.#showAll();
    return { kind: 'appended', revision: state.events.length - 1, position };
  }

  /** The offset for records of this size: never across the end of a chunk. */
  #placed(bytes: number): number {
    const room = this.chunkBytes - (this.#end % this.chunkBytes);
    return bytes > room ? this.#end + room : this.#end;
  }

  #showAll(): void {
    this.#replicatedCount = this.#events.length;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { settle } of waiting) settle(true);
    for (const listener of this.#listeners) listener();
  }

  #isReplicated(event: StoredEvent): boolean {
    return event.position <= this.lastPosition;
  }

  #state(stream: string): StreamState {
    let state = this.#streams.get(stream);
    if (!state)
      this.#streams.set(
        stream,
        (state = { events: [], truncatedBefore: 0, isDeleted: false, isTombstoned: false }),
      );
    return state;
  }
}

const NOTHING = new Uint8Array();
const system = (type: string, data: Uint8Array = NOTHING): ProposedEvent => ({
  id: crypto.randomUUID(),
  type,
  isJson: data.length > 0,
  data,
  metadata: NOTHING,
});

const NO_EVENT: ProposedEvent = {
  id: '',
  type: '',
  isJson: false,
  data: NOTHING,
  metadata: NOTHING,
};
