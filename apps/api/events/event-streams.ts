import type { EventLog, Position } from '../../../libs/event-log/event-log.js';
import type { EventRange } from './event-selection.js';
import { asLine, asServerSentEvent } from './event-view.js';
import { EventStream } from './event-stream.js';
import { SharedSubscription } from './shared-subscription.js';
import { ReadQueue } from './read-queue.js';
import { StreamScheduler } from './stream-scheduler.js';
import { EventSelection } from './event-selection.js';

/** The interval of heartbeats on a quiet stream. */
const HEARTBEAT_MS = 15_000;
/** How many times in this interval the streams are checked. */
const LOOKS_A_BEAT = 5;

/**
 * Streams of the log. All open streams of this process share one subscription and one scheduler.
 */
export class EventStreams {
  private readonly tail: SharedSubscription;
  private readonly pump = new StreamScheduler();
  private readonly lanes = new ReadQueue();
  private readonly open = new Set<EventStream>();
  private beats: NodeJS.Timeout | undefined;

  constructor(
    private readonly log: EventLog,
    private readonly heartbeatMs = HEARTBEAT_MS,
  ) {
    this.tail = new SharedSubscription(log);
  }

  /** All events up to the head, one a line. */
  lines(wanted: EventRange, head: Position, signal: AbortSignal): EventStream {
    return this.opened(wanted, head, signal, false);
  }

  /**
   * Server-sent events: existing events, then new ones, until the client disconnects or the service
   * stops.
   */
  live(wanted: EventRange, head: Position, signal: AbortSignal): EventStream {
    return this.opened(wanted, head, signal, true);
  }

  private opened(
    { after, ...filter }: EventRange,
    head: Position,
    signal: AbortSignal,
    isLive: boolean,
  ): EventStream {
    const stream = new EventStream({
      log: this.log,
      pump: this.pump,
      lanes: this.lanes,
      wanted: new EventSelection(filter),
      form: isLive ? asServerSentEvent : asLine,
      after,
      head,
      ...(isLive ? { tail: this.tail } : {}),
    });
    if (isLive) this.beat(stream);
    if (signal.aborted) stream.ended();
    else signal.addEventListener('abort', () => stream.ended(), { once: true });
    return stream;
  }

  private beat(stream: EventStream): void {
    this.open.add(stream);
    this.beats ??= setInterval(() => {
      const nowMs = performance.now();
      for (const each of this.open) each.beat(nowMs, this.heartbeatMs);
    }, this.heartbeatMs / LOOKS_A_BEAT).unref();
    stream.once('close', () => {
      this.open.delete(stream);
      if (this.open.size > 0) return;
      clearInterval(this.beats);
      this.beats = undefined;
    });
  }
}
