import type { Proposed, Recorded } from '../../../domain/shared/event.js';
import type { CommandId, StreamName } from '../../../domain/shared/ids.js';
import type { Result } from '../../../domain/shared/result.js';
import {
  CommandConflict,
  GuardMoved,
  LogUnavailable,
  OutcomeUnknown,
  WrongRevision,
} from '../../../event-log/errors.js';
import type { LoggedEvent, NewEvent } from '../../../event-log/event-log.js';
import type { Fold, Loaded } from '../states/fold.js';
import type { StateCache } from '../states/state-cache.js';
import { ScopeCheck, type InScope } from './scope-check.js';
import { type CommandContext, meetsPreconditions, stepContext } from './command-context.js';
import type { Committed, Decide, Decided, DecisionsOptions, Logged, Outcome } from './decision.js';
import type { DecidedOn, DecisionLog } from './decision-log.js';
import { Contention, KeyReused, PreconditionFailed, RequestInFlight } from './failures.js';
import type { LogHead } from './log-head.js';
import { newEvent } from './new-event.js';
import type { Fingerprints } from './request-fingerprints.js';
import { StreamQueues } from './stream-queues.js';

/** A command's target, its decision, and the scopes that may give it. */
interface Task<State, E extends Recorded, Refusal> {
  readonly fold: Fold<State, E>;
  readonly decide: Decide<State, E, Refusal>;
  readonly inScope: InScope<State> | undefined;
}

/** A command's events in the log. Whether they are confirmed is asked outside the stream queue. */
interface AppendedEvents {
  readonly kind: 'appended';
  readonly events: readonly LoggedEvent[];
  readonly replayed: boolean;
  readonly erased: boolean;
}
type Ended<Refusal> = AppendedEvents | Exclude<Outcome<Refusal>, { kind: 'committed' }>;

const ATTEMPTS_AT_MOST = 8;
const SLOT_WITHIN_MS = 15_000;

/**
 * Commits every command: loads and folds its target stream, decides, and appends at the revision
 * that the decision was made on. Queues, retries, idempotency and preconditions are handled here
 * and nowhere else.
 */
export class Decisions {
  private readonly queues = new StreamQueues();
  private readonly inFlight = new Set<CommandId>();
  private readonly scopeCheck: ScopeCheck;

  constructor(
    private readonly states: StateCache,
    private readonly decisionLog: DecisionLog,
    private readonly fingerprints: Fingerprints,
    private readonly head: LogHead,
    private readonly options: DecisionsOptions,
  ) {
    this.scopeCheck = new ScopeCheck(states);
  }

  /**
   * Commits a command. `decide` may run several times, and reads the clock again each time. Without
   * `inScope` the command needs an unscoped key.
   */
  async commit<State, E extends Recorded, Refusal extends { readonly code: string }>(
    context: CommandContext,
    fold: Fold<State, E>,
    decide: Decide<State, E, Refusal>,
    inScope?: InScope<State>,
  ): Promise<Outcome<Refusal, E>> {
    this.head.assertClockIsUsable();
    this.decisionLog.assertCanJudge();
    const until = performance.now() + SLOT_WITHIN_MS;
    // The scope comes before the key: a recorded answer is not disclosed outside its scope.
    if (context.scope !== undefined) await this.admit(context, fold, inScope);
    if (this.inFlight.has(context.commandId)) throw new RequestInFlight(context.commandId);
    this.inFlight.add(context.commandId);
    try {
      const ended = await this.queues.run(fold.stream, () =>
        this.inSlot(until, () => this.attempts(context, { fold, decide, inScope })),
      );
      return ended.kind === 'appended' ? await this.committed<E>(ended) : ended;
    } finally {
      this.inFlight.delete(context.commandId);
    }
  }

  /**
   * Commits a command's append to another stream, under a separate id and with the command as its
   * cause. It has no precondition.
   */
  commitStep<State, E extends Recorded, Refusal extends { readonly code: string }>(
    context: CommandContext,
    fold: Fold<State, E>,
    decide: Decide<State, E, Refusal>,
    inScope?: InScope<State>,
  ): Promise<Outcome<Refusal, E>> {
    return this.commit(stepContext(context, fold.stream), fold, decide, inScope);
  }

  /**
   * Checks the scope before a decision begins (before the key is looked up, or a value sealed).
   * `commit` checks it again. Throws OutsideScope.
   */
  async admit<State>(
    context: CommandContext,
    fold: Fold<State>,
    inScope: InScope<State> | undefined,
  ): Promise<void> {
    if (context.scope !== undefined) await this.scopeCheck.load(context, fold, inScope);
  }

  /** The same on the record as it is in the log now: for an answer without an append. */
  admitPresent<State>(
    context: CommandContext,
    fold: Fold<State>,
    inScope: InScope<State> | undefined,
  ): Promise<void> {
    return this.scopeCheck.requirePresent(context, fold, inScope);
  }

  /**
   * The first answer to a key that was used before; undefined when the key is new. `E` is the event
   * union of the command's target stream. Throws KeyReused for another request.
   */
  async recorded<E extends Recorded>(context: CommandContext): Promise<Committed<E> | undefined> {
    const earlier = await this.earlier(context, await this.decisionLog.recorded(context));
    return earlier && this.committed<E>(earlier);
  }

  /**
   * The same where the target stream is not known yet. For a scoped key the scope comes first, so
   * `commit` looks there.
   */
  async recordedUnscoped<E extends Recorded>(
    context: CommandContext,
  ): Promise<Committed<E> | undefined> {
    return context.fingerprint && context.scope === undefined
      ? this.recorded<E>(context)
      : undefined;
  }

  /**
   * For a command that is refused before its decision: 412 has precedence over a rule's refusal.
   */
  async requirePreconditions<State>(context: CommandContext, fold: Fold<State>): Promise<void> {
    const target = await this.states.load(fold);
    if (!meetsPreconditions(context, fold, target)) throw new PreconditionFailed(target.revision);
  }

  /** Where an append can take long, a command that has waited too long is not begun. */
  private async inSlot<Value>(until: number, work: () => Promise<Value>): Promise<Value> {
    if (this.decisionLog.validator && performance.now() > until)
      throw new LogUnavailable(
        'the command waited too long in the queue of its stream; nothing was appended',
      );
    return work();
  }

  private async attempts<State, E extends Recorded, Refusal extends { readonly code: string }>(
    context: CommandContext,
    task: Task<State, E, Refusal>,
  ): Promise<Ended<Refusal>> {
    try {
      for (let attempt = 0; attempt < ATTEMPTS_AT_MOST; attempt += 1) {
        const ended = await this.attempt(context, task, attempt);
        if (ended) return ended;
      }
      const earlier = await this.earlier(context, await this.decisionLog.endWithoutEvent(context));
      if (earlier) return earlier;
    } catch (error) {
      // While the log does not answer, nothing can be released; a repeat of the command resumes.
      if (!(error instanceof LogUnavailable || error instanceof OutcomeUnknown))
        await this.decisionLog.abandon(context);
      throw error;
    }
    throw new Contention(task.fold.stream, ATTEMPTS_AT_MOST);
  }

  /** Undefined: the streams that the decision read have moved, so it must be made again. */
  private async attempt<State, E extends Recorded, Refusal extends { readonly code: string }>(
    context: CommandContext,
    { fold, decide, inScope }: Task<State, E, Refusal>,
    attempt: number,
  ): Promise<Ended<Refusal> | undefined> {
    if (this.decisionLog.isLookedUpFirst(context, attempt)) {
      const earlier = await this.earlier(context, await this.decisionLog.recorded(context));
      if (earlier) return this.scopeCheck.again(earlier, context, fold, inScope);
    }
    const target = await this.scopeCheck.load(context, fold, inScope);
    const decided = await decide(target);
    const isMet = meetsPreconditions(context, fold, target);
    const changes = decided.ok && isMet && decided.value.events.length > 0;
    if (!changes) {
      await this.scopeCheck.requirePresent(context, fold, inScope);
      return this.withoutEvent(context, target, isMet, decided);
    }

    const on = { stream: fold.stream, expectedRevision: target.revision };
    const earlier = await this.earlier(context, await this.decisionLog.begin(context, on));
    if (earlier) return this.scopeCheck.again(earlier, context, fold, inScope);
    await decided.value.first?.();
    return this.append(context, on, decided.value);
  }

  private async withoutEvent<E extends Recorded, Refusal extends { readonly code: string }>(
    context: CommandContext,
    { revision }: Loaded<unknown>,
    isMet: boolean,
    decided: Result<Decided<E>, Refusal>,
  ): Promise<Ended<Refusal>> {
    const earlier = await this.earlier(context, await this.decisionLog.endWithoutEvent(context));
    if (earlier) return earlier;
    const { position } = this.head;
    const isUnknown = !decided.ok && this.options.unknownTargetCodes.has(decided.refusal.code);
    if (!isMet && !isUnknown) throw new PreconditionFailed(revision);
    if (!decided.ok) return { kind: 'refused', refusal: decided.refusal, position };
    const { held } = decided.value;
    return { kind: 'unchanged', position, revision, ...(held === undefined ? {} : { held }) };
  }

  private async append<E extends Recorded>(
    context: CommandContext,
    on: DecidedOn,
    { events, guards }: Decided<E>,
  ): Promise<AppendedEvents | undefined> {
    const proposed = await this.newEvents(context, on.stream, events);
    try {
      const { events: logged, repeated } = await this.decisionLog.commit(
        { ...on, events: proposed, ...(guards ? { guards } : {}) },
        context,
      );
      return { kind: 'appended', events: logged, replayed: repeated, erased: false };
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
    const fingerprint = await this.fingerprints.record(context.fingerprint);
    return events.map((event, index) => newEvent(event, context, stream, index, fingerprint));
  }

  /** The command's earlier events, if it has any, after the repeated request was compared. */
  private async earlier(
    context: CommandContext,
    events: readonly LoggedEvent[],
  ): Promise<AppendedEvents | undefined> {
    const [first] = events;
    if (!first) return undefined;
    const compared = await this.fingerprints.compare(context.fingerprint, first.metadata);
    if (compared === 'different' || (compared === 'erased' && !this.isOfSubject(context, first)))
      throw new KeyReused();
    return { kind: 'appended', events, replayed: true, erased: compared === 'erased' };
  }

  /**
   * A fingerprint that cannot be compared any more was erased with its person's data. If the event
   * is in another person's record, it was never this request's.
   */
  private isOfSubject({ fingerprint }: CommandContext, { stream }: LoggedEvent): boolean {
    return (
      fingerprint?.kind === 'sealed' && this.options.streamOfSubject(fingerprint.subject) === stream
    );
  }

  /** No caller gets an answer before the events are confirmed or voided. */
  private async committed<E extends Recorded>({
    events,
    replayed,
    erased,
  }: AppendedEvents): Promise<Committed<E>> {
    const voided = await this.decisionLog.voidedBy(events);
    const last = voided ?? events[events.length - 1];
    if (!last) throw new Error('a commit without an event');
    return {
      kind: 'committed',
      // The events are in the target stream, whose event union is E.
      events: (voided ? [...events, voided] : events) as readonly Logged<E>[],
      replayed,
      erased,
      position: last.position,
      revision: last.revision,
    };
  }
}
