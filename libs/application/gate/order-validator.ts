import { knownEvent, upcast } from '../../event-log/catalogue/catalogue.js';
import type { StreamName } from '../../domain/shared/ids.js';
import { CommitSignal } from '../../event-log/commits.js';
import { OutcomeUnknown } from '../../event-log/errors.js';
import type { EventLog, LoggedEvent, Position } from '../../event-log/event-log.js';
import { PositionNotReached, ReadModelBehind } from '../../read-models/errors.js';
import type { ProcessCheckpoints } from '../../read-models/opened-stores.js';
import type { OrderValidation } from '../../read-models/read-models.js';
import type { Snapshots } from '../../read-models/opened-stores.js';
import { LogFollower } from '../engine/processes/log-follower.js';
import { OrderedStates } from '../engine/states/ordered-states.js';
import { foldOf } from '../records/folds.js';
import type { Validator } from '../engine/commands/decision-log.js';
import { GateNotReady } from './failures.js';
import { type OrderDecidedEvent, validateOrder } from './order-judgement.js';
import type { PriceRows } from './price-rows.js';
import { RecentVoids } from './recent-voids.js';
import { ValidationCheckpoint } from './validation-checkpoint.js';
import type { ValidationReporter } from './validation-report.js';
import { type Verdict, Verdicts } from './verdicts.js';
import { voidedAfter, voidOrder } from './order-void.js';

export interface OrderValidatorParts {
  readonly checkpoints?: ProcessCheckpoints | undefined;
  readonly snapshots?: Snapshots | undefined;
  readonly report?: ValidationReporter | undefined;
}

/** How long `reach` waits for a position. */
const REACH_WITHIN_MS = 5_000;
/** How long the validator may fail before the service reports that it is not ready. */
const TROUBLE_AT_MOST_MS = 5_000;

const CANNOT_TELL = 'this build cannot judge the order, so it is not known whether it is confirmed';
const ENDS = 'the process is stopping; it is not known whether the order is confirmed';

/**
 * Confirms or voids each accepted order on a log without guards, even if its handler died. It
 * judges the order again on all events that precede it in the log. If the gate now refuses the
 * order, exactly one `OrderVoided` follows. Every process validates every order after the durable
 * checkpoint. While a store is unavailable, the validator waits. An event or a ruleset that this
 * build does not know stops it, and with it all commands.
 */
export class OrderValidator implements Validator {
  private readonly states: OrderedStates;
  private readonly verdicts = new Verdicts();
  private readonly voids = new RecentVoids();
  private readonly durable: ValidationCheckpoint;
  private readonly report: ValidationReporter;
  private readonly follower: LogFollower;
  private readonly moved = new CommitSignal();
  /**
   * The log's head when this process started. The process is not ready until the validator has
   * reached it.
   */
  private headAtStart: Position | undefined;
  private stoppedBy: Error | undefined;
  /** The event that is being processed. */
  private current: LoggedEvent | undefined;
  private judged: Position = -1;

  constructor(
    private readonly log: EventLog,
    private readonly priceRows: PriceRows,
    { checkpoints, snapshots, report = () => undefined }: OrderValidatorParts = {},
  ) {
    this.states = new OrderedStates(log, foldOf, { snapshots });
    this.durable = new ValidationCheckpoint(checkpoints, report);
    this.report = report;
    this.follower = new LogFollower({
      begin: () => this.begin(),
      follow: (signal) => this.follow(signal),
      isFatal: isUnknown,
      stopped: (error) => this.stopFor(error),
      failed: (error, retryInMs) =>
        report({
          kind: 'standing-failed',
          position: this.judged,
          reason: String(error),
          retryInMs,
        }),
    });
  }

  /** Every order up to this position has been confirmed or voided. */
  get checkpoint(): Position {
    return this.judged;
  }

  /**
   * Resolves after the first attempt to read the checkpoint. If it failed, the validator retries.
   */
  start(): Promise<void> {
    return this.follower.start();
  }

  async stop(): Promise<void> {
    await this.follower.stop();
    this.verdicts.fail(new OutcomeUnknown(ENDS));
    this.moved.close();
    await this.durable.stop();
  }

  validates({ type }: LoggedEvent): boolean {
    return type === 'OrderPlaced';
  }

  /**
   * Returns the order's verdict when it is known. The verdict on an older order is read from its
   * stream.
   */
  async verdictOn(order: LoggedEvent, withinMs: number): Promise<Verdict> {
    const known = this.verdicts.of(order);
    if (known) return known.verdict;
    if (order.position <= this.judged) return voidedAfter(this.log, order);
    if (this.stoppedBy) throw new OutcomeUnknown(CANNOT_TELL, { cause: this.stoppedBy });
    if (this.follower.isStopped) throw new OutcomeUnknown(ENDS);
    return this.verdicts.await(order, withinMs);
  }

  /**
   * Waits until all orders up to the position have been judged. Throws PositionNotReached,
   * ReadModelBehind.
   */
  async reach(position: Position, withinMs = REACH_WITHIN_MS): Promise<void> {
    if (this.judged >= position) return;
    const head = await this.log.head();
    if (position > head) throw new PositionNotReached(position, head);
    if (!(await this.passed(position, AbortSignal.timeout(withinMs))))
      throw new ReadModelBehind('standing', position, this.judged);
  }

  /**
   * The same without a time limit, for the processes that follow the log after the validator.
   * Returns false if the signal was aborted or the validator stopped.
   */
  async passed(position: Position, signal: AbortSignal): Promise<boolean> {
    while (this.judged < position) {
      const seen = this.moved.now();
      if (signal.aborted || this.moved.closed) return false;
      await this.moved.changedSince(seen, signal);
    }
    return true;
  }

  /** For a list of orders: which of them are pending, and which are voided. */
  seen(): OrderValidation {
    return { through: this.judged, voids: this.voids.all };
  }

  /** After an unknown event the validator judges no order, so no command may begin. */
  assertCanJudge(): void {
    if (this.stoppedBy) throw this.stoppedBy;
  }

  /**
   * For readiness: checks that the validator has reached the log's head of its start, and still
   * follows the log.
   */
  assertFollowing(): void {
    this.assertCanJudge();
    if (this.headAtStart === undefined || this.judged < this.headAtStart)
      throw new GateNotReady('earlier orders are still being validated');
    const { failure } = this.follower;
    if (failure && failure.forMs > TROUBLE_AT_MOST_MS)
      throw new GateNotReady('orders cannot be validated', { cause: failure.error });
  }

  /**
   * Finds the position to resume after. Verdicts before it that callers wait for are read from the
   * log.
   */
  private async begin(): Promise<void> {
    const head = await this.log.head();
    this.judged = await this.durable.start(this.log, head);
    this.states.resumeAfter(this.judged);
    for (const order of this.verdicts.awaited) {
      if (order.position <= this.judged)
        this.verdicts.tell(order, await voidedAfter(this.log, order));
    }
    this.headAtStart = head;
  }

  private async follow(signal: AbortSignal): Promise<void> {
    for await (const { events } of this.log.subscribe({ after: this.judged, signal })) {
      await this.states.prepare(streamsOfOrders(events));
      for (const event of events) {
        if (signal.aborted) return;
        await this.take(event);
      }
      this.moved.notify();
      if (this.follower.succeeded())
        this.report({ kind: 'standing-resumed', position: this.judged });
    }
  }

  private async take(event: LoggedEvent): Promise<void> {
    this.current = event;
    const known = upcast(event);
    if (known.type === 'OrderPlaced') this.verdicts.tell(event, await this.judge(known));
    this.states.follow(event);
    this.judged = event.position;
    this.durable.reached(event.position, event.id);
  }

  private async judge(order: OrderDecidedEvent): Promise<Verdict> {
    const decision = await validateOrder(order, this.states, this.priceRows);
    if (decision.outcome === 'accepted') return undefined;
    const voided = await voidOrder(this.log, order, decision);
    this.voids.add(order.position, voided.position);
    this.report({ kind: 'order-voided', orderId: order.data.orderId, position: voided.position });
    return voided;
  }

  /** The validator must not skip the event. The operator must run a release that knows it. */
  private stopFor(error: Error): void {
    this.stoppedBy = error;
    const { position = -1, id: eventId = '' } = this.current ?? {};
    this.report({ kind: 'standing-stopped', position, eventId, reason: error.message });
    this.verdicts.fail(new OutcomeUnknown(CANNOT_TELL, { cause: error }));
  }
}

/**
 * The target streams of a page's accepted orders and the read sets of their decisions: validation
 * reads the same. A stream that begins in the page is not read.
 */
function streamsOfOrders(page: readonly LoggedEvent[]): Set<StreamName> {
  const streams = new Set<StreamName>();
  for (const event of page) {
    if (event.type !== 'OrderPlaced' || !knownEvent(event.type, event.version)) continue;
    const order = upcast(event);
    if (order.type !== 'OrderPlaced') continue;
    streams.add(order.stream);
    for (const [stream] of order.data.decision.reads) streams.add(stream);
  }
  for (const { stream, revision } of page) if (revision === 0) streams.delete(stream);
  return streams;
}

const isUnknown = (error: unknown): error is Error =>
  error instanceof Error && (error.name === 'UnknownEvent' || error.name === 'UnknownRuleset');
