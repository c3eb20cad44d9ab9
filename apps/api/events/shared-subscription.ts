import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventLog, LoggedEvent, Position } from '../../../libs/event-log/event-log.js';
import { asServerSentEvent } from './event-view.js';
import type { EventSelection } from './event-selection.js';

/** The memory for the newest rendered events. A reader that needs older events reads the log. */
const REMEMBERED_BYTES = 4 * 1024 * 1024;
/** The most that one reader gets at a time. Readers at the same position share the chunk. */
const CHUNK_BYTES = 256 * 1024;
/** How many events are rendered before other work of the thread. */
const RENDERED_AT_ONCE = 32;

export interface SubscriptionReader {
  /** There are new events. */
  advanced(): void;
  /** No more events will come. */
  ended(error?: Error): void;
}

export interface EventChunk {
  /** Undefined if the reader wants none of the events. */
  readonly bytes?: Buffer;
  readonly through: Position;
}

interface RememberedEvent {
  readonly type: string;
  readonly stream: string;
  readonly bytes: Buffer;
}

/**
 * The end of the log for all live streams: one subscription, each event rendered once, the newest
 * kept in memory. It has no state of a reader: a reader requests the events after its own position.
 */
export class SharedSubscription {
  private readonly readers = new Set<SubscriptionReader>();
  private readonly shared = new Map<Position, EventChunk>();
  /** The events after `start`, up to `end`, without gaps. */
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

  /** The first reader starts the subscription after the head that it has seen. */
  add(reader: SubscriptionReader, head: Position): void {
    this.readers.add(reader);
    if (this.following) return;
    this.following = new AbortController();
    this.forget(head);
    void this.follow(head, this.following);
  }

  /** The last reader ends the subscription. */
  remove(reader: SubscriptionReader): void {
    if (!this.readers.delete(reader) || this.readers.size > 0) return;
    this.following?.abort();
    this.following = undefined;
    this.forget(-1);
  }

  /**
   * The events after the position, up to the chunk size; undefined if they are no longer in memory.
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
          // Requests come first, for example the answer to the order that was just recorded.
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
      // Positions have no gaps. A missing event would shift all later positions.
      if (event.position !== this.end + 1) this.forget(event.position - 1);
      const bytes = Buffer.from(asServerSentEvent(event));
      this.events.push({ type: event.type, stream: event.stream, bytes });
      this.bytes += bytes.length;
    }
    if (this.bytes > this.rememberedBytes) this.forgetOldest();
    this.shared.clear();
    for (const reader of this.readers) reader.advanced();
  }

  /**
   * Removes half of the events at once, so that this happens rarely. The newest event always stays.
   */
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
