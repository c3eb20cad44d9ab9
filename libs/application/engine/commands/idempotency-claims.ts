import { randomUUID } from 'node:crypto';
import type { CommandId } from '../../../domain/shared/ids.js';
import { LogUnavailable, OutcomeUnknown } from '../../../event-log/errors.js';
import type {
  IdempotencyClaim,
  EventLog,
  LoggedEvent,
  TakenClaim,
} from '../../../event-log/event-log.js';
import type { ClaimAges } from './claim-ages.js';
import type { CommandContext } from './command-context.js';
import type { DecidedOn } from './decision-log.js';
import { KeyReused, RequestInFlight } from './failures.js';
import type { Fingerprints } from './request-fingerprints.js';
import { lookBehind } from './result-lookup.js';
import { LatestUsed } from '../states/latest-used.js';

/** A command that this process has claimed and not yet ended. */
interface Own {
  readonly claimant: string;
  /** The first claim of the command; undefined until this one is known to have been granted. */
  first?: Pick<IdempotencyClaim, 'targetStream' | 'revision'>;
  /** The one it was taken from may still be alive. */
  takenOver?: true;
  /** The revision of an append whose outcome is not known. */
  inDoubtAt?: number;
}

const OWN_AT_MOST = 10_000;
const NOTHING: readonly LoggedEvent[] = [];

/**
 * The claims of commands whose ids can come again (keys, steps, processes) on a log where an append
 * is tied to nothing but its stream's revision. No command gets two decisions, whoever is slow,
 * dies or wakes up again, because
 * - the first claim comes before any append of the command, and names the stream and the revision
 *   decided on;
 * - whoever appends at a later revision has looked through all that lies in between, after
 *   deciding;
 * - a claim is given back only while nobody can still append for it: by the one claimant there ever
 *   was, with no append in doubt.
 */
export class IdempotencyClaims {
  private readonly own = new LatestUsed<CommandId, Own>(OWN_AT_MOST);

  constructor(
    private readonly log: EventLog,
    private readonly fingerprints: Fingerprints,
    private readonly ages: ClaimAges,
  ) {}

  /**
   * Before the command's events are appended at that revision: its result if it has one already,
   * else it is this process's.
   */
  async take(context: CommandContext, on: DecidedOn): Promise<readonly LoggedEvent[]> {
    if (!canComeAgain(context)) return NOTHING;
    const { commandId } = context;
    const own = this.own.get(commandId) ?? { claimant: randomUUID() };
    if (own.first) return this.resultOf(commandId, own.first, own, on.expectedRevision);

    const claim: IdempotencyClaim = {
      ...(await this.claimOf(context, on)),
      claimant: own.claimant,
    };
    // Remembered before it is sent: if the answer is lost, the claim is known again by its
    // claimant.
    this.own.set(commandId, own);
    const claimed = await this.log.claim(claim);
    if (claimed.outcome === 'granted') {
      own.first = { targetStream: on.stream, revision: on.expectedRevision };
      return NOTHING;
    }
    return this.meet(context, on, claim, claimed, own);
  }

  /** What the command has appended, found by its claim. */
  async lookUp(context: CommandContext): Promise<readonly LoggedEvent[]> {
    if (!canComeAgain(context)) return NOTHING;
    const { commandId } = context;
    const own = this.own.get(commandId);
    if (own?.first) return this.resultOf(commandId, own.first, own);
    const standing = await this.log.claimOn(commandId);
    if (!standing) return NOTHING;
    await this.requireSame(context, standing.by);
    const result = await this.resultOf(commandId, standing.by, own);
    if (
      result.length === 0 &&
      standing.by.claimant !== own?.claimant &&
      !this.ages.isOver(standing)
    )
      throw new RequestInFlight(commandId);
    return result;
  }

  /** An append is sent: until its outcome is known, the claim must stay. */
  sent({ commandId }: CommandContext, expectedRevision: number): void {
    const own = this.own.get(commandId);
    if (own) own.inDoubtAt = expectedRevision;
  }

  notAppended({ commandId }: CommandContext): void {
    delete this.own.get(commandId)?.inDoubtAt;
  }

  appended({ commandId }: CommandContext): void {
    this.own.delete(commandId);
  }

  /**
   * Gives the claim back if nothing can be appended for it any more; else it stays, for a repeat
   * here or a takeover elsewhere.
   */
  async release({ commandId }: CommandContext): Promise<void> {
    const own = this.own.get(commandId);
    if (!own?.first || own.takenOver || own.inDoubtAt !== undefined) return;
    await this.log.releaseClaim(commandId, own.claimant);
    this.own.delete(commandId);
  }

  /** Another claim of the command stands. */
  private async meet(
    context: CommandContext,
    on: DecidedOn,
    claim: IdempotencyClaim,
    standing: TakenClaim,
    own: Own,
  ): Promise<readonly LoggedEvent[]> {
    const { commandId } = context;
    const isOwn = standing.by.claimant === own.claimant;
    if (!isOwn) this.own.delete(commandId);
    await this.requireSame(context, standing.by, on);
    const result = await this.resultOf(commandId, standing.by, own, on.expectedRevision);
    if (result.length > 0) return result;
    if (!isOwn) await this.takeOver(claim, standing, own);
    own.first = standing.by;
    return NOTHING;
  }

  /** The new claim keeps the revision of the first: everybody's result lies behind it. */
  private async takeOver(claim: IdempotencyClaim, standing: TakenClaim, own: Own): Promise<void> {
    const { commandId } = claim;
    if (!this.ages.isOver(standing)) throw new RequestInFlight(commandId);
    const { outcome } = await this.log.claim(
      { ...claim, revision: standing.by.revision },
      standing.by,
    );
    if (outcome === 'taken') throw new RequestInFlight(commandId);
    own.takenOver = true;
    this.own.set(commandId, own);
  }

  private async resultOf(
    commandId: CommandId,
    first: Pick<IdempotencyClaim, 'targetStream' | 'revision'>,
    own: Own | undefined,
    decidedOn = first.revision,
  ): Promise<readonly LoggedEvent[]> {
    const { events, through } = await lookBehind(this.log, first, commandId, decidedOn).catch(
      unknownResult,
    );
    if (events.length > 0) this.own.delete(commandId);
    // The stream has gone past the revision of the append in doubt, without it: it can no longer
    // happen.
    else if (own?.inDoubtAt !== undefined && through > own.inDoubtAt) delete own.inDoubtAt;
    return events;
  }

  /**
   * A key stands for one request as long as its claim does, result or not: where another would
   * append, nobody would look.
   */
  private async requireSame(
    { fingerprint }: CommandContext,
    by: IdempotencyClaim,
    on?: DecidedOn,
  ): Promise<void> {
    const compared = await this.fingerprints.compare(fingerprint, by);
    if (compared === 'different' || (on && on.stream !== by.targetStream)) throw new KeyReused();
  }

  private async claimOf(
    { commandId, fingerprint }: CommandContext,
    { stream, expectedRevision }: DecidedOn,
  ): Promise<IdempotencyClaim> {
    return {
      commandId,
      targetStream: stream,
      revision: expectedRevision,
      ...(await this.fingerprints.record(fingerprint)),
    };
  }
}

/**
 * The command was claimed before: that its result cannot be read does not mean that nothing was
 * recorded.
 */
function unknownResult(error: unknown): never {
  if (!(error instanceof LogUnavailable)) throw error;
  throw new OutcomeUnknown('it is not known whether the command was recorded before', {
    cause: error,
  });
}

/** A command without a key has a random id, which nobody will ever give again: nothing to claim. */
const canComeAgain = ({ fingerprint, isStep }: CommandContext): boolean =>
  fingerprint !== undefined || isStep === true;
