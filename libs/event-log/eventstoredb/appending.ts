import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { LogUnavailable, OutcomeUnknown, WrongRevision } from '../errors.js';
import type { Appended, LoggedEvent } from '../event-log.js';
import type { PreparedAppend } from '../prepared-append.js';
import type { Arrival } from './arrival.js';
import { Deadline } from './deadline.js';
import type { Expected, HandedOver } from './hand-over.js';
import type { KnownLog } from './known-log.js';
import type { Timeouts } from './timeouts.js';
import type { Reading } from './reading.js';
import type { RecordingClock } from './recording-clock.js';
import { toStored } from './stored-event.js';
import type { StreamNames } from './stream-names.js';
import type { StreamQueues } from './stream-queues.js';
import type { AppendAnswer, UnaryAppends } from './unary-append.js';

/** More than this under way is a client without flow control: refused rather than kept. */
const MAX_UNDER_WAY = 10_000;

export interface AppendingParts {
  readonly appends: UnaryAppends;
  readonly known: KnownLog;
  readonly arrival: Arrival;
  readonly reading: Reading;
  readonly queues: StreamQueues;
  readonly names: StreamNames;
  readonly clock: RecordingClock;
  readonly patience: Timeouts;
}

/**
 * Appends, and waits until this process's own subscription has brought the events: only then are
 * their positions known.
 */
export class Appending {
  private readonly process = randomBytes(6).toString('base64url');
  private appends = 0;
  private ended = false;
  private underWay = 0;
  private idle: (() => void)[] = [];

  constructor(private readonly parts: AppendingParts) {}

  /**
   * Takes no more, and gives those under way so long to end well; then none of them is tried again.
   */
  async close(): Promise<void> {
    const idle =
      this.underWay === 0 ? undefined : new Promise<void>((resolve) => this.idle.push(resolve));
    await Promise.race([idle, delay(this.parts.patience.closeMs, undefined, { ref: false })]);
    this.ended = true;
  }

  async append(append: PreparedAppend): Promise<Appended> {
    if (this.underWay >= MAX_UNDER_WAY)
      throw new LogUnavailable(`${MAX_UNDER_WAY} appends are under way already; try later`);
    const deadline = new Deadline(this.parts.patience.commandMs);
    this.underWay += 1;
    try {
      return await this.parts.queues.run(append.stream, (release) =>
        this.inTurn(append, deadline, release),
      );
    } finally {
      this.underWay -= 1;
      if (this.underWay === 0) for (const resolve of this.idle.splice(0)) resolve();
    }
  }

  private async inTurn(
    append: PreparedAppend,
    deadline: Deadline,
    release: () => void,
  ): Promise<Appended> {
    if (deadline.passed || this.ended)
      throw new LogUnavailable('the append did not get its turn in time; nothing was appended');
    const { known, clock } = this.parts;
    this.appends += 1;
    const writer = `${this.process}.${this.appends.toString(36)}`;
    const expected = known.handOver.expect(append);
    try {
      const answering = this.send(append, writer, {
        deadline,
        stopped: () => this.ended || expected.handedOver !== undefined,
      });
      const answered = answering.then((answer) =>
        this.handedOver(append, answer, expected, deadline, release),
      );
      // An append whose answer is lost is known as well when its events arrive.
      const { events, writer: firstWriter } = await Promise.race([answered, expected.complete]);
      return { events, repeated: firstWriter !== writer };
    } finally {
      known.handOver.noLonger(expected);
      clock.forget(writer);
    }
  }

  private send(
    append: PreparedAppend,
    writer: string,
    attempts: Parameters<UnaryAppends['untilKnown']>[1],
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

  private async handedOver(
    append: PreparedAppend,
    answer: AppendAnswer,
    expected: Expected,
    deadline: Deadline,
    release: () => void,
  ): Promise<HandedOver> {
    const { stream, expectedRevision } = append;
    // The stream is where it is: the next append to it need not wait for the subscription.
    release();
    if (answer.outcome === 'wrong-revision')
      throw new WrongRevision(stream, expectedRevision, answer.actual);
    if (answer.at && !expected.handedOver && !(await this.parts.arrival.of(answer.at, deadline))) {
      throw new OutcomeUnknown(
        'it was appended, but its position is not known yet; the same append again is safe and will tell',
      );
    }
    // What arrived before it was expected is a repetition.
    return expected.handedOver ?? { events: await this.recorded(append), writer: '' };
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
        'it was appended, but could not be read; the same append again is safe and will tell',
        { cause: error },
      );
    }
    return recorded;
  }
}
