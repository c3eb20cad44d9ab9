import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
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
import { eventsAfter, type StreamLookup } from './stream-lookup.js';

/** A command that this process has claimed and that has not ended. */
interface Own {
  readonly claimant: string;
  /** The first claim of the command; undefined until this one is known to have been granted. */
  first?: Pick<IdempotencyClaim, 'targetStream' | 'revision'>;
  /** Taken over from a claimant that may still be alive. */
  takenOver?: true;
  /** The revision of an append whose outcome is not known. */
  inDoubtAt?: number;
}

const OWN_AT_MOST = 10_000;
const NOTHING: readonly LoggedEvent[] = [];

/**
 * The claims of commands whose ids can come again (keys, steps, processes), for a log that checks
 * nothing but the stream's revision at an append. No command gets two decisions, even when a process
 * is slow, dies or resumes, because
 * - the first claim comes before any append of the command, and names the stream and the revision
 *   that the decision was made on;
 * - a process that appends at a later revision has read all events in between, after deciding;
 * - a claim is released only when no process can still append for it: by the only claimant there
 *   ever was, with no append in doubt.
 */
export class IdempotencyClaims {
  // A `max` would allocate its arrays at once, of this size.
  private readonly own = new LRUCache<CommandId, Own>({
    maxSize: OWN_AT_MOST,
    sizeCalculation: () => 1,
  });

  constructor(
    private readonly log: EventLog,
    private readonly fingerprints: Fingerprints,
    private readonly ages: ClaimAges,
  ) {}

  /**
   * Called before the command's events are appended. Returns the command's earlier result; returns
   * nothing after this process has claimed the command.
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
    // Remembered before it is sent: if the reply is lost, the claim is recognised by its claimant.
    this.own.set(commandId, own);
    const claimed = await this.log.claim(claim);
    if (claimed.outcome === 'granted') {
      own.first = { targetStream: on.stream, revision: on.expectedRevision };
      return NOTHING;
    }
    return this.meet(context, on, claim, claimed, own);
  }

  /** The events that the command has appended, found by its claim. */
  async lookUp(context: CommandContext): Promise<readonly LoggedEvent[]> {
    if (!canComeAgain(context)) return NOTHING;
    const { commandId } = context;
    const own = this.own.get(commandId);
    if (own?.first) return this.resultOf(commandId, own.first, own);
    const current = await this.log.claimOn(commandId);
    if (!current) return NOTHING;
    await this.requireSame(context, current.by);
    const result = await this.resultOf(commandId, current.by, own);
    if (result.length === 0 && current.by.claimant !== own?.claimant && !this.ages.isOver(current))
      throw new RequestInFlight(commandId);
    return result;
  }

  /** An append is sent: the claim stays until its outcome is known. */
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

  /** Releases the claim if no append for it is possible any more; else it stays, for a repeat. */
  async release({ commandId }: CommandContext): Promise<void> {
    const own = this.own.get(commandId);
    if (!own?.first || own.takenOver || own.inDoubtAt !== undefined) return;
    await this.log.releaseClaim(commandId, own.claimant);
    this.own.delete(commandId);
  }

  /** The command has another claim. */
  private async meet(
    context: CommandContext,
    on: DecidedOn,
    claim: IdempotencyClaim,
    current: TakenClaim,
    own: Own,
  ): Promise<readonly LoggedEvent[]> {
    const { commandId } = context;
    const isOwn = current.by.claimant === own.claimant;
    if (!isOwn) this.own.delete(commandId);
    await this.requireSame(context, current.by, on);
    const result = await this.resultOf(commandId, current.by, own, on.expectedRevision);
    if (result.length > 0) return result;
    if (!isOwn) await this.takeOver(claim, current, own);
    own.first = current.by;
    return NOTHING;
  }

  /** The new claim keeps the revision of the first, after which every claimant's result is. */
  private async takeOver(claim: IdempotencyClaim, current: TakenClaim, own: Own): Promise<void> {
    const { commandId } = claim;
    if (!this.ages.isOver(current)) throw new RequestInFlight(commandId);
    const { outcome } = await this.log.claim(
      { ...claim, revision: current.by.revision },
      current.by,
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
    const { events, through } = await claimedResult(this.log, first, commandId, decidedOn).catch(
      unknownResult,
    );
    if (events.length > 0) this.own.delete(commandId);
    // The stream has passed the revision of the append in doubt without it: it cannot happen now.
    else if (own?.inDoubtAt !== undefined && through > own.inDoubtAt) delete own.inDoubtAt;
    return events;
  }

  /** A key identifies one request while its claim exists, with or without a result. */
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
 * The events of a claimed command, which are after the revision of its first claim if there are any.
 * `atLeast`: the revision that the new decision was made on.
 */
export async function claimedResult(
  log: EventLog,
  { targetStream, revision }: Pick<IdempotencyClaim, 'targetStream' | 'revision'>,
  commandId: CommandId,
  atLeast: number,
): Promise<StreamLookup> {
  const { events, through } = await eventsAfter(
    log,
    { stream: targetStream, after: revision },
    ({ metadata }) => metadata.commandId === commandId,
  );
  // A read that ends before the revision decided on is stale: it proves nothing.
  if (events.length === 0 && through < atLeast)
    throw new LogUnavailable(`${targetStream} could be read up to ${through} only, not ${atLeast}`);
  return { events: events.toSorted((a, b) => a.metadata.index - b.metadata.index), through };
}

/** The command was claimed before, so it may have a result that cannot be read now. */
function unknownResult(error: unknown): never {
  if (!(error instanceof LogUnavailable)) throw error;
  throw new OutcomeUnknown('it is not known whether the command was recorded before', {
    cause: error,
  });
}

/** A command without a key has a random id, which never comes again: there is nothing to claim. */
const canComeAgain = ({ fingerprint, isStep }: CommandContext): boolean =>
  fingerprint !== undefined || isStep === true;
