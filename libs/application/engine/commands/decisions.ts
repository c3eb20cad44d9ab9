import type { Proposed, Recorded } from '../../../domain/shared/event.js';
import type { CommandId, EventId, StreamName } from '../../../domain/shared/ids.js';
import { accept, type Result } from '../../../domain/shared/result.js';
import { currentVersion } from '../../../event-log/catalogue/catalogue.js';
import {
  CommandConflict,
  GuardMoved,
  LogUnavailable,
  OutcomeUnknown,
  WrongRevision,
} from '../../../event-log/errors.js';
import type { Guard, LoggedEvent, NewEvent } from '../../../event-log/event-log.js';
import { newEventId, stepCommandId } from '../../../event-log/identity.js';
import { recordOf } from '../../personal-data/subject.js';
import type { Fold, Loaded } from '../../records/folds.js';
import type { StateCache } from '../states/state-cache.js';
import { Admission, type InScope } from './admission.js';
import type { CommandContext, Outcome, Revisions } from './command-context.js';
import type { DecidedOn, DecisionLog } from './decision-log.js';
import { Contention, KeyReused, PreconditionFailed, RequestInFlight } from './failures.js';
import type { Fingerprints } from './request-fingerprints.js';
import { StreamQueues } from './stream-queues.js';
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

export type Decide<State, E extends Recorded, Refusal> = (
  home: Loaded<State>,
) => Promise<Result<Decided<E>, Refusal>> | Result<Decided<E>, Refusal>;

/** What a command is decided on, how, and by whose keys. */
interface Way<State, E extends Recorded, Refusal> {
  readonly fold: Fold<State>;
  readonly decide: Decide<State, E, Refusal>;
  readonly inScope: InScope<State> | undefined;
}

/**
 * What is in the log for a command; whether an order of it stands is asked last, outside the queue
 * of its home.
 */
interface Logged {
  readonly kind: 'logged';
  readonly events: readonly LoggedEvent[];
  readonly replayed: boolean;
  readonly erased: boolean;
}
type Ended<Refusal> = Logged | Exclude<Outcome<Refusal>, { kind: 'committed' }>;

const ATTEMPTS_AT_MOST = 8;
const TURN_WITHIN_MS = 15_000;
const NO_TURN = 'the command did not get its turn in time; nothing was appended';

/**
 * The way of every command: load and fold its home stream, decide, append with the revision that
 * the decision was made on. Queues, retries, idempotency and preconditions are here and nowhere
 * else.
 */
export class Decisions {
  private readonly queues = new StreamQueues();
  private readonly inFlight = new Set<CommandId>();
  private readonly admission: Admission;

  constructor(
    private readonly states: StateCache,
    private readonly decisionLog: DecisionLog,
    private readonly fingerprints: Fingerprints,
    private readonly head: LogHead,
  ) {
    this.admission = new Admission(states);
  }

  /**
   * `decide` may run several times: it takes the time anew each time. Without `inScope` the command
   * wants a key without a scope.
   */
  async commit<State, E extends Recorded, Refusal extends { readonly code: string }>(
    context: CommandContext,
    fold: Fold<State>,
    decide: Decide<State, E, Refusal>,
    inScope?: InScope<State>,
  ): Promise<Outcome<Refusal>> {
    this.head.assertClockIsUsable();
    this.decisionLog.assertCanJudge();
    const until = performance.now() + TURN_WITHIN_MS;
    // The scope comes before the key: a recorded answer is none of the business of whoever is
    // outside it.
    if (context.scope !== undefined) await this.admit(context, fold, inScope);
    if (this.inFlight.has(context.commandId)) throw new RequestInFlight(context.commandId);
    this.inFlight.add(context.commandId);
    try {
      const ended = await this.queues.run(fold.stream, () =>
        this.inTurn(until, () => this.attempts(context, { fold, decide, inScope })),
      );
      return ended.kind === 'logged' ? await this.answered(ended) : ended;
    } finally {
      this.inFlight.delete(context.commandId);
    }
  }

  /**
   * A secondary append of a command: the same way on another stream, under the command's id for
   * that stream and with the command as its cause. It has no precondition of its own.
   */
  commitStep<State, E extends Recorded, Refusal extends { readonly code: string }>(
    context: CommandContext,
    fold: Fold<State>,
    decide: Decide<State, E, Refusal>,
    inScope?: InScope<State>,
  ): Promise<Outcome<Refusal>> {
    return this.commit(stepContext(context, fold.stream), fold, decide, inScope);
  }

  /**
   * For what precedes a decision (a look for the key's first answer, a sealed value). It replaces
   * no judgement inside. Throws OutsideScope.
   */
  async admit<State>(
    context: CommandContext,
    fold: Fold<State>,
    inScope: InScope<State> | undefined,
  ): Promise<void> {
    if (context.scope !== undefined) await this.admission.load(context, fold, inScope);
  }

  /** The same on the record as it is in the log now: for an answer that appends nothing. */
  admitPresent<State>(
    context: CommandContext,
    fold: Fold<State>,
    inScope: InScope<State> | undefined,
  ): Promise<void> {
    return this.admission.requirePresent(context, fold, inScope);
  }

  /**
   * The first answer to a key, if it was used before; undefined when it is new. Throws KeyReused
   * for another request.
   */
  async recorded(
    context: CommandContext,
  ): Promise<Extract<Outcome<never>, { kind: 'committed' }> | undefined> {
    const before = await this.earlier(context, await this.decisionLog.recorded(context));
    return before && this.answered(before);
  }

  /**
   * For commands that are refused before anything is decided on a stream: 412 comes before what a
   * rule says.
   */
  async requirePreconditions<State>(context: CommandContext, fold: Fold<State>): Promise<void> {
    const home = await this.states.load(fold);
    if (!isMet(context, fold, home)) throw new PreconditionFailed(home.revision);
  }

  /**
   * The same where the target stream is not known yet. Under a scope the key comes after it:
   * `commit` looks there.
   */
  async recordedUnscoped(
    context: CommandContext,
  ): Promise<Extract<Outcome<never>, { kind: 'committed' }> | undefined> {
    return context.fingerprint && context.scope === undefined ? this.recorded(context) : undefined;
  }

  /**
   * Where an append can take long, those that queued behind it are told in time, and not begun when
   * nobody waits any more.
   */
  private async inTurn<Value>(until: number, work: () => Promise<Value>): Promise<Value> {
    if (this.decisionLog.standing && performance.now() > until) throw new LogUnavailable(NO_TURN);
    return work();
  }

  private async attempts<State, E extends Recorded, Refusal extends { readonly code: string }>(
    context: CommandContext,
    way: Way<State, E, Refusal>,
  ): Promise<Ended<Refusal>> {
    try {
      for (let attempt = 0; attempt < ATTEMPTS_AT_MOST; attempt += 1) {
        const ended = await this.attempt(context, way, attempt);
        if (ended) return ended;
      }
      const before = await this.earlier(context, await this.decisionLog.endWithoutEvent(context));
      if (before) return before;
    } catch (error) {
      // Where the log does not answer nothing can be given back; a repeat of the command goes on
      // from there.
      if (!(error instanceof LogUnavailable || error instanceof OutcomeUnknown))
        await this.decisionLog.abandon(context);
      throw error;
    }
    throw new Contention(way.fold.stream, ATTEMPTS_AT_MOST);
  }

  /** Undefined: what the decision looked at has moved, decide again. */
  private async attempt<State, E extends Recorded, Refusal extends { readonly code: string }>(
    context: CommandContext,
    { fold, decide, inScope }: Way<State, E, Refusal>,
    attempt: number,
  ): Promise<Ended<Refusal> | undefined> {
    if (this.decisionLog.isLookedUpFirst(context, attempt)) {
      const before = await this.earlier(context, await this.decisionLog.recorded(context));
      if (before) return this.admission.again(before, context, fold, inScope);
    }
    const home = await this.admission.load(context, fold, inScope);
    const decided = await decide(home);
    const met = isMet(context, fold, home);
    const changes = decided.ok && met && decided.value.events.length > 0;
    if (!changes) {
      await this.admission.requirePresent(context, fold, inScope);
      return this.withoutEvent(context, home, met, decided);
    }

    const on = { stream: fold.stream, expectedRevision: home.revision };
    const before = await this.earlier(context, await this.decisionLog.begin(context, on));
    if (before) return this.admission.again(before, context, fold, inScope);
    await decided.value.first?.();
    return this.append(context, on, decided.value);
  }

  private async withoutEvent<E extends Recorded, Refusal extends { readonly code: string }>(
    context: CommandContext,
    home: Loaded<unknown>,
    met: boolean,
    decided: Result<Decided<E>, Refusal>,
  ): Promise<Ended<Refusal>> {
    const before = await this.earlier(context, await this.decisionLog.endWithoutEvent(context));
    if (before) return before;
    const { position } = this.head;
    if (!decided.ok && isUnknownHome(decided.refusal))
      return { kind: 'refused', refusal: decided.refusal, position };
    if (!met) throw new PreconditionFailed(home.revision);
    if (!decided.ok) return { kind: 'refused', refusal: decided.refusal, position };
    const { held } = decided.value;
    return {
      kind: 'unchanged',
      position,
      revision: home.revision,
      ...(held === undefined ? {} : { held }),
    };
  }

  private async append<E extends Recorded>(
    context: CommandContext,
    on: DecidedOn,
    { events, guards }: Decided<E>,
  ): Promise<Logged | undefined> {
    const proposed = await this.newEvents(context, on.stream, events);
    try {
      const { events: logged, repeated } = await this.decisionLog.commit(
        { ...on, events: proposed, ...(guards ? { guards } : {}) },
        context,
      );
      return { kind: 'logged', events: logged, replayed: repeated, erased: false };
    } catch (error) {
      if (error instanceof CommandConflict) return undefined;
      if (!(error instanceof WrongRevision || error instanceof GuardMoved)) throw error;
      this.states.forget(error.stream);
      return undefined;
    }
  }

  /** What the command has appended before, compared with what is asked now. */
  private async earlier(
    context: CommandContext,
    events: readonly LoggedEvent[],
  ): Promise<Logged | undefined> {
    const [first] = events;
    if (!first) return undefined;
    const compared = await this.fingerprints.compare(context.fingerprint, first.metadata);
    if (compared === 'different' || (compared === 'erased' && !isOfItsSubject(context, first)))
      throw new KeyReused();
    return { kind: 'logged', events, replayed: true, erased: compared === 'erased' };
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
  private async answered({
    events,
    replayed,
    erased,
  }: Logged): Promise<Extract<Outcome<never>, { kind: 'committed' }>> {
    const voided = await this.decisionLog.voidedBy(events);
    const last = voided ?? events[events.length - 1];
    if (!last) throw new Error('a commit without an event');
    const all = voided ? [...events, voided] : events;
    return {
      kind: 'committed',
      events: all,
      replayed,
      erased,
      position: last.position,
      revision: last.revision,
    };
  }
}

/**
 * What does not exist is told before a precondition is judged: 404, then 412 (the API's order of
 * answers).
 */
const isUnknownHome = ({ code }: { readonly code: string }): boolean =>
  code === 'partner-unknown' ||
  code === 'customer-unknown' ||
  code === 'order-unknown' ||
  code === 'application-unknown';

/**
 * A key that cannot be compared any more was erased with its person; that of another person was
 * never this request's.
 */
const isOfItsSubject = ({ fingerprint }: CommandContext, { stream }: LoggedEvent): boolean =>
  fingerprint?.kind === 'sealed' && recordOf(fingerprint.subject).fold.stream === stream;

/** RFC 9110, 13.2.2: both where both are stated. */
function isMet<State>(
  { ifMatch, ifNoneMatch }: CommandContext,
  fold: Fold<State>,
  { state, revision }: Loaded<State>,
): boolean {
  const includes = (revisions: Revisions): boolean =>
    revisions === 'any'
      ? revision >= 0 && (fold.exists?.(state) ?? true)
      : revisions.includes(revision);
  return (
    (ifMatch === undefined || includes(ifMatch)) &&
    (ifNoneMatch === undefined || !includes(ifNoneMatch))
  );
}

function stepContext(of: CommandContext, stream: StreamName): CommandContext {
  const { commandId, actor, correlationId, scope, fingerprint, traceparent } = of;
  return {
    commandId: stepCommandId(commandId, stream),
    causationId: commandId,
    isStep: true,
    actor,
    correlationId,
    ...(scope === undefined ? {} : { scope }),
    ...(fingerprint ? { fingerprint } : {}),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

/** A decision without refusals of its own that nothing foreign was looked at for. */
export const decided = <E extends Recorded>(
  events: readonly Proposed<E>[],
  guards?: readonly Guard[],
): Result<Decided<E>, never> => accept(guards ? { events, guards } : { events });
