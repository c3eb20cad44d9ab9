import type { Proposed, Recorded } from '../../domain/shared/event.js';
import type { CommandId, EventId, StreamName } from '../../domain/shared/ids.js';
import { accept, type Result } from '../../domain/shared/result.js';
import { currentVersion } from '../../event-log/catalogue/catalogue.js';
import { CommandConflict, GuardMoved, WrongRevision } from '../../event-log/errors.js';
import type { EventLog, Guard, LoggedEvent, NewEvent } from '../../event-log/event-log.js';
import { newEventId, stepCommandId } from '../../event-log/identity.js';
import type { Fold, Loaded } from '../states/fold.js';
import type { StateCache } from '../states/state-cache.js';
import type { CommandContext, Outcome } from './context.js';
import type { DecisionLog } from './decision-log.js';
import { Contention, KeyReused, PreconditionFailed, RequestInFlight } from './failures.js';
import type { Fingerprints } from './fingerprints.js';
import { HomeQueues } from './home-queues.js';
import type { LogHead } from './log-head.js';

/** What a decision came to before it is committed. No events: nothing changes. */
export interface Decided<E extends Recorded> {
  readonly events: readonly Proposed<E>[];
  /** Foreign streams that it looked at. */
  readonly guards?: readonly Guard[];
  /** What must have happened in other streams before this is appended; it may run several times. */
  readonly first?: () => Promise<void>;
  /** When nothing changes: the fact that already holds. */
  readonly held?: EventId | undefined;
}

const ATTEMPTS_AT_MOST = 8;

/**
 * The way of every command: load and fold its home stream, decide, append with the revision that the decision was made on. Queues,
 * retries, idempotency and preconditions are here and nowhere else.
 */
export class Decisions {
  private readonly queues = new HomeQueues();
  private readonly inFlight = new Set<CommandId>();

  constructor(
    private readonly log: EventLog,
    private readonly states: StateCache,
    private readonly decisionLog: DecisionLog,
    private readonly fingerprints: Fingerprints,
    private readonly head: LogHead,
  ) {}

  /** `decide` may run several times: it takes the time anew each time. */
  async commit<State, E extends Recorded, Refusal extends { readonly code: string }>(
    context: CommandContext,
    fold: Fold<State>,
    decide: (home: Loaded<State>) => Promise<Result<Decided<E>, Refusal>> | Result<Decided<E>, Refusal>,
  ): Promise<Outcome<Refusal>> {
    this.head.assertClockIsUsable();
    if (this.inFlight.has(context.commandId)) throw new RequestInFlight(context.commandId);
    this.inFlight.add(context.commandId);
    try {
      return await this.queues.run(fold.stream, () => this.attempts(context, fold, decide));
    } finally {
      this.inFlight.delete(context.commandId);
    }
  }

  /**
   * A secondary append of a command: the same way on another stream, under the command's id for that stream and with the command as
   * its cause. It has no precondition of its own.
   */
  commitStep<State, E extends Recorded, Refusal extends { readonly code: string }>(
    context: CommandContext,
    fold: Fold<State>,
    decide: (home: Loaded<State>) => Promise<Result<Decided<E>, Refusal>> | Result<Decided<E>, Refusal>,
  ): Promise<Outcome<Refusal>> {
    return this.commit(stepContext(context, fold.stream), fold, decide);
  }

  /** The first answer to a key, if it was used before; undefined when it is new. Throws KeyReused for another request. */
  async recorded(context: CommandContext): Promise<Extract<Outcome<never>, { kind: 'committed' }> | undefined> {
    const events = await this.log.eventsOfCommand(context.commandId);
    const [first] = events;
    if (!first) return undefined;

    const compared = await this.fingerprints.compare(context.fingerprint, first.metadata);
    if (compared === 'different') throw new KeyReused();
    return this.answered(events, { replayed: true, erased: compared === 'erased' });
  }

  private async attempts<State, E extends Recorded, Refusal extends { readonly code: string }>(
    context: CommandContext,
    fold: Fold<State>,
    decide: (home: Loaded<State>) => Promise<Result<Decided<E>, Refusal>> | Result<Decided<E>, Refusal>,
  ): Promise<Outcome<Refusal>> {
    for (let attempt = 0; attempt < ATTEMPTS_AT_MOST; attempt += 1) {
      const before = attempt > 0 || isLookedUpFirst(context) ? await this.recorded(context) : undefined;
      if (before) return before;

      const home = await this.states.load(fold);
      const decided = await decide(home);
      if (!decided.ok && isUnknownHome(decided.refusal)) return this.refused(context, decided.refusal);
      assertPrecondition(context, home);
      if (!decided.ok) return this.refused(context, decided.refusal);
      if (decided.value.events.length === 0) return this.unchanged(context, home, decided.value.held);

      await decided.value.first?.();
      const outcome = await this.append(context, fold.stream, home.revision, decided.value);
      if (outcome) return outcome;
    }
    await this.decisionLog.release(context);
    throw new Contention(fold.stream, ATTEMPTS_AT_MOST);
  }

  /** Undefined: what the decision looked at has moved, decide again. */
  private async append<E extends Recorded>(
    context: CommandContext,
    stream: StreamName,
    expectedRevision: number,
    { events, guards }: Decided<E>,
  ): Promise<Outcome<never> | undefined> {
    const proposed = await this.newEvents(context, stream, events);
    try {
      const { events: logged, repeated } = await this.decisionLog.commit(
        { stream, expectedRevision, events: proposed, ...(guards ? { guards } : {}) },
        context,
      );
      return await this.answered(logged, { replayed: repeated, erased: false });
    } catch (error) {
      if (error instanceof CommandConflict) return undefined;
      if (!(error instanceof WrongRevision || error instanceof GuardMoved)) throw error;
      this.states.forget(error.stream);
      return undefined;
    }
  }

  private async newEvents<E extends Recorded>(
    context: CommandContext,
    stream: StreamName,
    events: readonly Proposed<E>[],
  ): Promise<readonly NewEvent[]> {
    const { commandId, actor, correlationId, causationId, traceparent } = context;
    const recorded = await this.fingerprints.record(context.fingerprint);
    return events.map(({ type, data }, index) => {
      const version = currentVersion(type);
      return {
        id: newEventId({ commandId, index, stream, type, version, data }),
        type,
        version,
        data,
        metadata: {
          actor,
          ...(causationId === undefined ? {} : { causationId }),
          commandId,
          correlationId,
          ...recorded,
          index,
          ...(traceparent === undefined ? {} : { traceparent }),
        },
      };
    });
  }

  /** Nobody is told of an order before it is known to stand. */
  private async answered(
    events: readonly LoggedEvent[],
    told: { readonly replayed: boolean; readonly erased: boolean },
  ): Promise<Extract<Outcome<never>, { kind: 'committed' }>> {
    const voided = await this.decisionLog.voidedBy(events);
    const last = voided ?? events[events.length - 1];
    if (!last) throw new Error('a commit without an event');
    const all = voided ? [...events, voided] : events;
    return { kind: 'committed', events: all, ...told, position: last.position, revision: last.revision };
  }

  private async refused<Refusal>(context: CommandContext, refusal: Refusal): Promise<Outcome<Refusal>> {
    await this.decisionLog.release(context);
    return { kind: 'refused', refusal, position: this.head.position };
  }

  private async unchanged(context: CommandContext, home: Loaded<unknown>, held: EventId | undefined): Promise<Outcome<never>> {
    await this.decisionLog.release(context);
    return { kind: 'unchanged', position: this.head.position, revision: home.revision, ...(held === undefined ? {} : { held }) };
  }
}

/**
 * A command that always appends need not ask whether its key was used: the append finds what the key's first request wrote, and the
 * next attempt answers with it. Every other command asks first, and so does one with a precondition.
 */
const isLookedUpFirst = ({ fingerprint, isStep, alwaysAppends, ifMatch }: CommandContext): boolean =>
  isStep === true || (fingerprint !== undefined && !(alwaysAppends && ifMatch === undefined));

/** What does not exist is told before a precondition is judged: 404, then 412 (the API's order of answers). */
const isUnknownHome = ({ code }: { readonly code: string }): boolean =>
  code === 'partner-unknown' || code === 'customer-unknown' || code === 'order-unknown';

function assertPrecondition({ ifMatch }: CommandContext, { revision }: Loaded<unknown>): void {
  if (ifMatch === undefined) return;
  if (ifMatch === 'any' ? revision < 0 : ifMatch !== revision) throw new PreconditionFailed(revision);
}

function stepContext({ commandId, actor, correlationId, fingerprint, traceparent }: CommandContext, stream: StreamName): CommandContext {
  return {
    commandId: stepCommandId(commandId, stream),
    causationId: commandId,
    isStep: true,
    actor,
    correlationId,
    ...(fingerprint ? { fingerprint } : {}),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

/** A decision without refusals of its own that nothing foreign was looked at for. */
export const decided = <E extends Recorded>(events: readonly Proposed<E>[], guards?: readonly Guard[]): Result<Decided<E>, never> =>
  accept(guards ? { events, guards } : { events });
