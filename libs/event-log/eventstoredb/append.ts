import { randomBytes } from 'node:crypto';
import type { EventId, StreamName } from '../../domain/shared/ids.js';
import { LogUnavailable, OutcomeUnknown, WrongRevision } from '../errors.js';
import type { Appended, LoggedEvent } from '../event-log.js';
import type { PreparedAppend } from '../prepared-append.js';
import type { AppendAnswer, AppendAttempts } from './append-attempts.js';
import type { LogReads } from './log-reads.js';
import type { RecordingClock } from './recording-clock.js';
import { toStored, type StreamNames } from './stored-form.js';
import type { SubscriptionWait } from './subscription.js';
import { endedWithin } from '../../platform/time/within.js';
import { Deadline, type Timeouts } from './timeouts.js';

/** More running appends than this mean a client without flow control: further ones are refused. */
const MAX_UNDER_WAY = 10_000;

export interface AppenderParts {
  readonly appends: AppendAttempts;
  readonly pending: PendingAppends;
  readonly wait: SubscriptionWait;
  readonly reading: LogReads;
  readonly queues: AppendQueues;
  readonly names: StreamNames;
  readonly clock: RecordingClock;
  readonly timeouts: Timeouts;
}

/**
 * Appends events and waits until this process's own subscription has delivered them: only then are
 * their positions known.
 */
export class Appender {
  private readonly process = randomBytes(6).toString('base64url');
  private appends = 0;
  private ended = false;
  private underWay = 0;
  private idle: (() => void)[] = [];

  constructor(private readonly parts: AppenderParts) {}

  /** Waits for running appends until the close timeout; after that none is retried. */
  async close(): Promise<void> {
    const idle =
      this.underWay === 0 ? undefined : new Promise<void>((resolve) => this.idle.push(resolve));
    await endedWithin(this.parts.timeouts.closeMs, idle, { ref: false });
    this.ended = true;
  }

  async append(append: PreparedAppend): Promise<Appended> {
    if (this.underWay >= MAX_UNDER_WAY)
      throw new LogUnavailable(`${MAX_UNDER_WAY} appends are running already; try again later`);
    const deadline = new Deadline(this.parts.timeouts.commandMs);
    this.underWay += 1;
    try {
      return await this.parts.queues.run(append.stream, (release) =>
        this.inQueue(append, deadline, release),
      );
    } finally {
      this.underWay -= 1;
      if (this.underWay === 0) for (const resolve of this.idle.splice(0)) resolve();
    }
  }

  private async inQueue(
    append: PreparedAppend,
    deadline: Deadline,
    release: () => void,
  ): Promise<Appended> {
    if (deadline.passed || this.ended)
      throw new LogUnavailable(
        'the append reached the front of its stream queue too late; nothing was appended',
      );
    const { pending, clock } = this.parts;
    this.appends += 1;
    const writer = `${this.process}.${this.appends.toString(36)}`;
    const expected = pending.add(append);
    try {
      const answering = this.send(append, writer, {
        deadline,
        stopped: () => this.ended || expected.received !== undefined,
      });
      const answered = answering.then((answer) =>
        this.received(append, answer, expected, deadline, release),
      );
      // If the answer to an append is lost, the arrival of its events shows that it succeeded.
      const { events, writer: firstWriter } = await Promise.race([answered, expected.complete]);
      return { events, repeated: firstWriter !== writer };
    } finally {
      pending.remove(expected);
      clock.forget(writer);
    }
  }

  private send(
    append: PreparedAppend,
    writer: string,
    attempts: Parameters<AppendAttempts['untilKnown']>[1],
  ): Promise<AppendAnswer> {
    const { names, clock, appends } = this.parts;
    const { stream, expectedRevision, events } = append;
    const stored = toStored(events, clock.nextRecordedAt(), writer);
    clock.sent(writer);
    return appends.untilKnown(
      { stream: names.onServer(stream), expectedRevision, events: stored },
      attempts,
    );
  }

  private async received(
    append: PreparedAppend,
    answer: AppendAnswer,
    expected: PendingAppend,
    deadline: Deadline,
    release: () => void,
  ): Promise<ReceivedAppend> {
    const { stream, expectedRevision } = append;
    // The stream's revision is settled: the next append to it need not wait for the subscription.
    release();
    if (answer.outcome === 'wrong-revision')
      throw new WrongRevision(stream, expectedRevision, answer.actual);
    if (answer.at && !expected.received && !(await this.parts.wait.of(answer.at, deadline))) {
      throw new OutcomeUnknown(
        'it was appended, but its position is not known yet; the same append can be repeated safely and shows the outcome',
      );
    }
    // Events that arrived before the append was registered are a repetition.
    return expected.received ?? { events: await this.recorded(append), writer: '' };
  }

  private async recorded({
    stream,
    expectedRevision,
    events,
  }: PreparedAppend): Promise<readonly LoggedEvent[]> {
    const recorded: LoggedEvent[] = [];
    try {
      for await (const page of this.parts.reading.streamPages(stream, {
        from: expectedRevision + 1,
        limit: events.length,
      }))
        recorded.push(...page);
    } catch (error) {
      throw new OutcomeUnknown(
        'it was appended, but could not be read; the same append can be repeated safely and shows the outcome',
        { cause: error },
      );
    }
    return recorded;
  }
}

export interface ReceivedAppend {
  readonly events: readonly LoggedEvent[];
  /** The id of the append that wrote the events first. */
  readonly writer: string;
}

/**
 * The appends that wait for their events. Passes events from the subscription to them. Every append
 * added must be removed when it ends.
 */
export class PendingAppends {
  private readonly byEvent = new Map<EventId, readonly PendingAppend[]>();

  add({ stream, expectedRevision, events }: PreparedAppend): PendingAppend {
    const ids = events.map(({ event }) => event.id);
    const expected = new PendingAppend(stream, expectedRevision + 1, ids);
    for (const id of ids) this.byEvent.set(id, [...(this.byEvent.get(id) ?? []), expected]);
    return expected;
  }

  remove(expected: PendingAppend): void {
    for (const id of expected.ids) {
      const others = this.byEvent.get(id)?.filter((each) => each !== expected) ?? [];
      if (others.length > 0) this.byEvent.set(id, others);
      else this.byEvent.delete(id);
    }
  }

  receive(event: LoggedEvent, writer: string): void {
    for (const expected of this.byEvent.get(event.id) ?? []) expected.receive(event, writer);
  }

  get size(): number {
    return this.byEvent.size;
  }
}

/** Collects the events of one append until the last of them has arrived. */
export class PendingAppend {
  readonly complete: Promise<ReceivedAppend>;
  /** The value that `complete` resolved to, for callers in the same event-loop turn. */
  received: ReceivedAppend | undefined;
  private readonly events: LoggedEvent[] = [];
  private settle: (received: ReceivedAppend) => void = () => undefined;

  constructor(
    private readonly stream: StreamName,
    private readonly firstRevision: number,
    readonly ids: readonly EventId[],
  ) {
    this.complete = new Promise((resolve) => (this.settle = resolve));
  }

  /** An event with the same id at another place is not the one that this append wrote. */
  receive(event: LoggedEvent, writer: string): void {
    const place = this.events.length;
    if (
      event.stream !== this.stream ||
      event.revision !== this.firstRevision + place ||
      event.id !== this.ids[place]
    )
      return;
    this.events.push(event);
    if (this.events.length < this.ids.length) return;
    this.received = { events: this.events, writer };
    this.settle(this.received);
  }
}

/**
 * Runs the appends to one stream one at a time, in the order given; if sent concurrently, the
 * server would judge them in any order. Other streams do not wait.
 */
export class AppendQueues {
  private readonly lastSlots = new Map<string, Promise<undefined>>();

  /**
   * `task` runs when it reaches the front of the stream's queue. It can release the queue early;
   * else its end does.
   */
  async run<Result>(
    stream: string,
    task: (release: () => void) => Promise<Result>,
  ): Promise<Result> {
    const before = this.lastSlots.get(stream);
    const slot = Promise.withResolvers<undefined>();
    this.lastSlots.set(stream, slot.promise);
    const release = (): void => {
      if (this.lastSlots.get(stream) === slot.promise) this.lastSlots.delete(stream);
      slot.resolve(undefined);
    };
    if (before) await before;
    try {
      return await task(release);
    } finally {
      release();
    }
  }

  get size(): number {
    return this.lastSlots.size;
  }
}
