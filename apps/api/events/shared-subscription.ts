import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventLog, LoggedEvent, Position } from '../../../libs/event-log/event-log.js';
import { asServerSentEvent } from './event-view.js';
import type { EventSelection } from './event-selection.js';

/**
 * What the newest events may take, as they are sent; a reader that has fallen behind them reads the
 * log.
 */
const REMEMBERED_BYTES = 4 * 1024 * 1024;
/** What one reader is given in a turn. Readers at the same place share it. */
const CHUNK_BYTES = 256 * 1024;
/** Events that are rendered before others have the thread again. */
const RENDERED_AT_ONCE = 32;

export interface SubscriptionReader {
  /** There is something new. */
  advanced(): void;
  /** Nothing more will come. */
  ended(error?: Error): void;
}

export interface EventChunk {
  /** Undefined: none of the events is wanted. */
  readonly bytes?: Buffer;
  readonly through: Position;
}

interface RememberedEvent {
  readonly type: string;
  readonly stream: string;
  readonly bytes: Buffer;
}

/**
 * The end of the log for all live streams together: one subscription, each event rendered once, the
 * newest remembered. Nothing is kept for a reader: it asks for what comes after the position that
 * it has reached.
 */
export class SharedSubscription {
  private readonly readers = new Set<SubscriptionReader>();
  private readonly shared = new Map<Position, EventChunk>();
  /** Those after `start`, dense, up to `end`. */
  private events: RememberedEvent[] = [];
  private start: Position = -1;
  private bytes = 0;
  private following: AbortController | undefined;

  constructor(
    private readonly log: Pick<EventLog, 'subscribe'>,
    private readonly rememberedBytes = REMEMBERED_BYTES,
  ) {}

  get end(): Position {
    return this.start + this.events.length;
  }

  get readerCount(): number {
    return this.readers.size;
  }

  /** The first reader begins to follow the log, after the head that it has seen. */
  add(reader: SubscriptionReader, head: Position): void {
    this.readers.add(reader);
    if (this.following) return;
    this.following = new AbortController();
    this.forget(head);
    void this.follow(head, this.following);
  }

  /** With the last reader nobody follows. */
  remove(reader: SubscriptionReader): void {
    if (!this.readers.delete(reader) || this.readers.size > 0) return;
    this.following?.abort();
    this.following = undefined;
    this.forget(-1);
  }

  /**
   * What comes after the position, as far as one turn goes; undefined: it is not remembered (any
   * more).
   */
  after(position: Position, wanted: EventSelection): EventChunk | undefined {
    if (position < this.start) return undefined;
    if (position >= this.end) return { through: position };
    if (wanted.isFiltered) return this.chunk(position, wanted);
    const known = this.shared.get(position);
    if (known) return known;
    const chunk = this.chunk(position, wanted);
    this.shared.set(position, chunk);
    return chunk;
  }

  private chunk(position: Position, wanted: EventSelection): EventChunk {
    const pieces: Buffer[] = [];
    let length = 0;
    let through = position;
    for (
      let index = position - this.start;
      index < this.events.length && length < CHUNK_BYTES;
      index++
    ) {
      const event = this.events[index];
      if (event && wanted.includes(event)) {
        pieces.push(event.bytes);
        length += event.bytes.length;
      }
      through += 1;
    }
    const [only] = pieces;
    if (!only) return { through };
    return { through, bytes: pieces.length === 1 ? only : Buffer.concat(pieces, length) };
  }

  private async follow(after: Position, following: AbortController): Promise<void> {
    try {
      for await (const { events } of this.log.subscribe({ after, signal: following.signal })) {
        for (let from = 0; from < events.length; from += RENDERED_AT_ONCE) {
          // The answer to the order that has just been recorded goes out first.
          await nextTurn();
          if (following.signal.aborted) return;
          this.remember(events.slice(from, from + RENDERED_AT_ONCE));
        }
      }
      if (!following.signal.aborted) this.endReaders();
    } catch (error) {
      if (!following.signal.aborted)
        this.endReaders(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private remember(events: readonly LoggedEvent[]): void {
    for (const event of events) {
      // Positions are dense: whatever else came would be given under a wrong one.
      if (event.position !== this.end + 1) this.forget(event.position - 1);
      const bytes = Buffer.from(asServerSentEvent(event));
      this.events.push({ type: event.type, stream: event.stream, bytes });
      this.bytes += bytes.length;
    }
    if (this.bytes > this.rememberedBytes) this.forgetOldest();
    this.shared.clear();
    for (const reader of this.readers) reader.advanced();
  }

  /** Half of them, so that it is seldom done; the newest is always kept. */
  private forgetOldest(): void {
    let count = 0;
    while (this.bytes > this.rememberedBytes / 2 && count < this.events.length - 1) {
      this.bytes -= this.events[count]?.bytes.length ?? 0;
      count += 1;
    }
    this.events = this.events.slice(count);
    this.start += count;
  }

  private forget(start: Position): void {
    this.events = [];
    this.bytes = 0;
    this.start = start;
    this.shared.clear();
  }

  private endReaders(error?: Error): void {
    this.following = undefined;
    const readers = [...this.readers];
    this.readers.clear();
    for (const reader of readers) reader.ended(error);
  }
}
