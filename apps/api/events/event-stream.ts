import { Readable } from 'node:stream';
import type { EventLog, LoggedEvent, Page, Position } from '../../../libs/event-log/event-log.js';
import { heartbeat } from '../http/response/stream.js';
import type { EventForm } from './event-view.js';
import type { SharedSubscription, SubscriptionReader } from './shared-subscription.js';
import type { ReadQueue } from './read-queue.js';
import type { ScheduledStream, StreamScheduler } from './stream-scheduler.js';
import type { EventSelection } from './event-selection.js';

/**
 * How much one read of older events returns. An idle stream needs at most about twice this memory.
 */
const CHUNK_CHARACTERS = 64 * 1024;
const FIRST_LIMIT = 16;
const LAST_LIMIT = 500;

export interface EventStreamOptions {
  readonly log: Pick<EventLog, 'readAll'>;
  readonly pump: StreamScheduler;
  readonly lanes: ReadQueue;
  readonly wanted: EventSelection;
  readonly form: EventForm;
  readonly after: Position;
  /** A live stream continues with new events after the end of the log; any other ends there. */
  readonly tail?: SharedSubscription;
  readonly head: Position;
}

/**
 * A stream of the events after a position, at the client's pace. It has no queue of its own, only
 * its position: when the client has read the last events, it gets the next ones from the
 * subscription that all live streams share, or from the log.
 */
export class EventStream extends Readable implements ScheduledStream, SubscriptionReader {
  private position: Position;
  private limit = FIRST_LIMIT;
  private isWanting = false;
  private isReading = false;
  private hasEnded = false;
  private lastPushedAtMs = performance.now();

  constructor(private readonly options: EventStreamOptions) {
    super();
    this.position = options.after;
    options.tail?.add(this, options.head);
    // Sends the headers, so that the client knows that it is connected.
    if (options.tail) this.push(heartbeat);
  }

  override _read(): void {
    this.isWanting = true;
    this.options.pump.add(this);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.options.tail?.remove(this);
    this.options.pump.remove(this);
    done(error);
  }

  advanced(): void {
    if (this.isWanting && !this.isReading) this.options.pump.add(this);
  }

  /**
   * No more events will come: the client gets the events that are rendered already, and then the
   * end.
   */
  ended(error?: Error): void {
    if (error) this.destroy(error);
    else if (!this.isGone()) this.push(null);
    this.hasEnded = true;
  }

  serve(): void {
    if (!this.isWanting || this.isReading || this.isGone()) return;
    const { tail, head, wanted } = this.options;
    if (!tail && this.position >= head) return this.ended();
    const chunk = tail?.after(this.position, wanted);
    if (!chunk) return this.readLog();
    this.position = chunk.through;
    if (chunk.bytes) this.give(chunk.bytes);
    else if (tail && this.position < tail.end) this.options.pump.add(this);
  }

  /** Writes a heartbeat to a quiet stream. */
  beat(nowMs: number, quietMs: number): void {
    if (
      this.isWanting &&
      !this.isReading &&
      !this.isGone() &&
      nowMs - this.lastPushedAtMs >= quietMs
    )
      this.give(heartbeat);
  }

  private give(chunk: Buffer | string): void {
    this.isWanting = false;
    this.lastPushedAtMs = performance.now();
    this.push(chunk);
  }

  private readLog(): void {
    this.isReading = true;
    this.options.lanes
      .run(() => this.readPage())
      .then(
        () => {
          this.isReading = false;
          if (this.isWanting) this.options.pump.add(this);
        },
        (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
      );
  }

  /** Renders only as many events as fit into the limit; the others are read again later. */
  private async readPage(): Promise<void> {
    if (this.isGone()) return;
    const { log, wanted, form, tail, head } = this.options;
    const upTo = tail?.end ?? head;
    const page = await firstOf(
      log.readAll({ ...wanted.filter, after: this.position, limit: this.limit, upTo }),
    );
    // The client may have disconnected during the read.
    if (this.isGone()) return;
    const { events, through } = page ?? { events: [], through: upTo };
    const { text, count, last } = rendered(events, form);
    this.position = count < events.length ? last : through;
    if (count < events.length) this.limit = Math.max(1, count);
    else if (text.length < CHUNK_CHARACTERS / 2) this.limit = Math.min(LAST_LIMIT, this.limit * 2);
    if (text !== '') this.give(text);
  }

  private isGone(): boolean {
    return this.destroyed || this.hasEnded;
  }
}

async function firstOf(pages: AsyncIterable<Page>): Promise<Page | undefined> {
  for await (const page of pages) return page;
  return undefined;
}

function rendered(
  events: readonly LoggedEvent[],
  form: EventForm,
): { readonly text: string; readonly count: number; readonly last: Position } {
  let text = '';
  let count = 0;
  let last: Position = -1;
  for (const event of events) {
    text += form(event);
    count += 1;
    last = event.position;
    if (text.length >= CHUNK_CHARACTERS) break;
  }
  return { text, count, last };
}
