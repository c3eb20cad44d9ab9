import type { EventId, StreamName } from '../../domain/shared/ids.js';
import type { LoggedEvent } from '../event-log.js';
import type { PreparedAppend } from '../prepared-append.js';

export interface HandedOver {
  readonly events: readonly LoggedEvent[];
  /** Whose append wrote them. */
  readonly writer: string;
}

/**
 * Gives the subscription's events to the appends that wait for them. Whoever expects events says
 * when it no longer does.
 */
export class HandOver {
  private readonly byEvent = new Map<EventId, readonly Expected[]>();

  expect({ stream, expectedRevision, events }: PreparedAppend): Expected {
    const ids = events.map(({ event }) => event.id);
    const expected = new Expected(stream, expectedRevision + 1, ids);
    for (const id of ids) this.byEvent.set(id, [...(this.byEvent.get(id) ?? []), expected]);
    return expected;
  }

  noLonger(expected: Expected): void {
    for (const id of expected.ids) {
      const others = this.byEvent.get(id)?.filter((each) => each !== expected) ?? [];
      if (others.length > 0) this.byEvent.set(id, others);
      else this.byEvent.delete(id);
    }
  }

  hand(event: LoggedEvent, writer: string): void {
    for (const expected of this.byEvent.get(event.id) ?? []) expected.take(event, writer);
  }

  get size(): number {
    return this.byEvent.size;
  }
}

/** The events of one append, until the last of them has been handed over. */
export class Expected {
  readonly complete: Promise<HandedOver>;
  /** What `complete` has resolved to, for who looks in the same turn. */
  handedOver: HandedOver | undefined;
  private readonly events: LoggedEvent[] = [];
  private settle: (handedOver: HandedOver) => void = () => undefined;

  constructor(
    private readonly stream: StreamName,
    private readonly firstRevision: number,
    readonly ids: readonly EventId[],
  ) {
    this.complete = new Promise((resolve) => (this.settle = resolve));
  }

  /**
   * The same id elsewhere is another event: only at its place in the stream it is the one that the
   * append has written.
   */
  take(event: LoggedEvent, writer: string): void {
    const place = this.events.length;
    if (
      event.stream !== this.stream ||
      event.revision !== this.firstRevision + place ||
      event.id !== this.ids[place]
    )
      return;
    this.events.push(event);
    if (this.events.length < this.ids.length) return;
    this.handedOver = { events: this.events, writer };
    this.settle(this.handedOver);
  }
}
