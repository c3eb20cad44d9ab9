import { upcast } from '../../event-log/catalogue/catalogue.js';
import { CommitSignal } from '../../event-log/commits.js';
import { OutcomeUnknown } from '../../event-log/errors.js';
import type { EventLog, LoggedEvent, Position } from '../../event-log/event-log.js';
import { PositionNotReached, ReadModelBehind } from '../../read-models/errors.js';
import type { ProcessCheckpoints } from '../../read-models/opened-stores.js';
import type { OrderValidation } from '../../read-models/read-models.js';
import type { Snapshots } from '../../read-models/opened-stores.js';
import { GateNotReady } from '../engine/commands/failures.js';
import { endedWithin } from '../engine/time/ended-within.js';
import { type OrderDecidedEvent, validateOrder } from './judge-order.js';
import type { PriceRows } from './price-rows.js';
import { RecentVoids } from './recent-voids.js';
import { Backoff } from '../engine/processes/backoff.js';
import { ValidationCheckpoint } from './validation-checkpoint.js';
import type { ValidationReporter } from './validation-report.js';
import { ValidationStates } from './validation-states.js';
import { type Verdict, Verdicts } from './verdicts.js';
import { voidedAfter, voidOrder } from './void-order.js';

export interface OrderValidatorParts {
  readonly checkpoints?: ProcessCheckpoints | undefined;
  readonly snapshots?: Snapshots | undefined;
  readonly report?: ValidationReporter | undefined;
}

/** A read that asks for a position waits for it so long (04-api.md). */
const REACH_WITHIN_MS = 5_000;
/** A store that is away for a moment does not take the service out of its readiness. */
const TROUBLE_AT_MOST_MS = 5_000;
const STOP_WITHIN_MS = 2_000;

const CANNOT_TELL = 'this build cannot tell whether the order stands';
const ENDS = 'the process ends; it is not known whether the order stands';

/**
 * Makes sure of each accepted order on a log without guards, whatever handler died: in the turn of
 * the order's own event it is judged by what precedes it; if it does not stand, exactly one
 * `OrderVoided` follows. Every process does this for every order from the durable checkpoint on. A
 * store that is away is waited for; what this build does not know stops it, and with it all
 * commands.
 */
export class OrderValidator {
  private readonly states: ValidationStates;
  private readonly verdicts = new Verdicts();
  private readonly voids = new RecentVoids();
  private readonly durable: ValidationCheckpoint;
  private readonly report: ValidationReporter;
  private readonly retries = new Backoff();
  private readonly moved = new CommitSignal();
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  /** The log's head when this process began: before it has got there it is not ready. */
  private headAtStart: Position | undefined;
  private stoppedBy: Error | undefined;
  private turnOf: LoggedEvent | undefined;
  private judged: Position = -1;

  constructor(
    private readonly log: EventLog,
    private readonly priceRows: PriceRows,
    { checkpoints, snapshots, report = () => undefined }: OrderValidatorParts = {},
  ) {
    this.states = new ValidationStates(log, snapshots);
    this.durable = new ValidationCheckpoint(checkpoints, report);
    this.report = report;
  }

  /** Everything up to this position has been judged, and what does not stand has been voided. */
  get checkpoint(): Position {
    return this.judged;
  }

  /**
   * Resolves when it is known where to go on, or why that could not be found out yet; it goes on
   * trying.
   */
  async start(): Promise<void> {
    const begun = new Promise<void>((resolve) => {
      this.running = this.run(resolve);
    });
    await begun;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    // Whatever is left undone is done by the next process.
    await endedWithin(this.running, STOP_WITHIN_MS);
    this.verdicts.fail(new OutcomeUnknown(ENDS));
    this.moved.close();
    await this.durable.stop();
  }

  /** The order's verdict, in its turn; what had its turn before is read from its stream. */
  async verdictOn(order: LoggedEvent, withinMs: number): Promise<Verdict> {
    const known = this.verdicts.of(order);
    if (known) return known.verdict;
    if (order.position <= this.judged) return voidedAfter(this.log, order);
    if (this.stoppedBy) throw new OutcomeUnknown(CANNOT_TELL, { cause: this.stoppedBy });
    if (this.stopping.signal.aborted) throw new OutcomeUnknown(ENDS);
    return this.verdicts.await(order, withinMs);
  }

  /**
   * Waits until everything up to the position has been judged. Throws PositionNotReached,
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
   * The same without end: for who follows the log behind this process. False: aborted, or this
   * process ended.
   */
  async passed(position: Position, signal: AbortSignal): Promise<boolean> {
    while (this.judged < position) {
      const turn = this.moved.now();
      if (signal.aborted || this.moved.closed) return false;
      await this.moved.changedSince(turn, signal);
    }
    return true;
  }

  /** What a list of orders must know to tell which are pending. */
  seen(): OrderValidation {
    return { through: this.judged, voids: this.voids.all };
  }

  /** A process that met what it does not know judges nothing: no command may count on it. */
  assertCanJudge(): void {
    if (this.stoppedBy) throw this.stoppedBy;
  }

  /** For readiness: it has got to the end of the log once, and follows it. */
  assertFollowing(): void {
    this.assertCanJudge();
    if (this.headAtStart === undefined || this.judged < this.headAtStart)
      throw new GateNotReady('orders of the past are still being judged');
    const { failure } = this.retries;
    if (failure && failure.forMs > TROUBLE_AT_MOST_MS)
      throw new GateNotReady('orders cannot be judged', { cause: failure.error });
  }

  private async run(begun: () => void): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        if (this.headAtStart === undefined) await this.goOn();
        begun();
        await this.follow(signal);
        if (!signal.aborted) throw new Error('the subscription ended');
      } catch (error) {
        begun();
        if (isUnknown(error)) return this.stopFor(error);
        const retryInMs = this.retries.failed(error);
        this.report({
          kind: 'standing-failed',
          position: this.judged,
          reason: String(error),
          retryInMs,
        });
        await this.retries.wait(retryInMs, signal);
      }
    }
  }

  /**
   * Behind the durable checkpoint. Who asked for a verdict on what lies before it, is told from the
   * log.
   */
  private async goOn(): Promise<void> {
    const head = await this.log.head();
    this.judged = await this.durable.start(this.log, head);
    for (const order of this.verdicts.awaited) {
      if (order.position <= this.judged)
        this.verdicts.tell(order, await voidedAfter(this.log, order));
    }
    this.headAtStart = head;
  }

  private async follow(signal: AbortSignal): Promise<void> {
    for await (const { events } of this.log.subscribe({ after: this.judged, signal })) {
      await this.states.prepare(events);
      for (const event of events) {
        if (signal.aborted) return;
        await this.take(event);
      }
      this.moved.notify();
      if (this.retries.succeeded())
        this.report({ kind: 'standing-resumed', position: this.judged });
    }
  }

  private async take(event: LoggedEvent): Promise<void> {
    this.turnOf = event;
    const known = upcast(event);
    this.states.begin(event);
    if (known.type === 'OrderPlaced')
      this.verdicts.tell(event, await this.judge(known as OrderDecidedEvent));
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

  /** Nothing is skipped: the operator runs a release that knows what this one does not. */
  private stopFor(error: Error): void {
    this.stoppedBy = error;
    const { position = -1, id: eventId = '' } = this.turnOf ?? {};
    this.report({ kind: 'standing-stopped', position, eventId, reason: error.message });
    this.verdicts.fail(new OutcomeUnknown(CANNOT_TELL, { cause: error }));
  }
}

const isUnknown = (error: unknown): error is Error =>
  error instanceof Error && (error.name === 'UnknownEvent' || error.name === 'UnknownRuleset');
