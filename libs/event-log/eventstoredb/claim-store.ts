import { randomUUID } from 'node:crypto';
import type { CommandId, StreamName } from '../../domain/shared/ids.js';
import { canonicalJson } from '../canonical.js';
import { LogUnavailable } from '../errors.js';
import type { IdempotencyClaim, ClaimOutcome, TakenClaim } from '../event-log.js';
import { Deadline, type Timeouts } from './timeouts.js';
import type { RecordingClock } from './recording-clock.js';
import type { ServerReads } from './server-reads.js';
import { wireEvent, type StreamNames, type WireEvent } from './stored-form.js';
import type { AppendQueues } from './append.js';
import type { AppendAttempts } from './append-attempts.js';

/** A stored form: types of the events in a command's stream. */
const CLAIMED = 'Claimed';
const RELEASED = 'ClaimReleased';

/** A claim as EventStoreDB stores it: `homeStream` is the stored name of the target stream. */
type StoredClaim = Omit<IdempotencyClaim, 'targetStream'> & { readonly homeStream: StreamName };

export interface ClaimStoreParts {
  readonly appends: AppendAttempts;
  readonly server: ServerReads;
  readonly queues: AppendQueues;
  readonly names: StreamNames;
  readonly clock: RecordingClock;
  readonly timeouts: Timeouts;
  readonly closed: () => boolean;
}

/** The last revision of a command's stream, and its current claim unless that was released. */
interface ClaimStreamEnd {
  readonly revision: number;
  readonly claim: TakenClaim | undefined;
}

/**
 * Idempotency claims: each command has a stream of its own, and only one of several claimants can
 * append the next event to it.
 */
export class ClaimStore {
  constructor(private readonly parts: ClaimStoreParts) {}

  claim(claim: IdempotencyClaim, over?: IdempotencyClaim): Promise<ClaimOutcome> {
    const stream = this.parts.names.claimOf(claim.commandId);
    return this.parts.queues.run(stream, () => this.claimInQueue(stream, claim, over));
  }

  async current(commandId: CommandId): Promise<TakenClaim | undefined> {
    return (await this.endOf(this.parts.names.claimOf(commandId))).claim;
  }

  async release(commandId: CommandId, claimant?: string): Promise<void> {
    const stream = this.parts.names.claimOf(commandId);
    const { revision, claim } = await this.endOf(stream);
    if (!claim || (claimant !== undefined && claim.by.claimant !== claimant)) return;
    const event = claimEvent(RELEASED, { commandId }, this.parts.clock.nextRecordedAt());
    // A conflict means that another claimant has taken over: then there is nothing to release.
    await this.append(stream, revision, event, new Deadline(this.parts.timeouts.commandMs));
  }

  private async claimInQueue(
    stream: string,
    claim: IdempotencyClaim,
    over: IdempotencyClaim | undefined,
  ): Promise<ClaimOutcome> {
    const deadline = new Deadline(this.parts.timeouts.commandMs);
    const recordedAt = this.parts.clock.nextRecordedAt();
    // The stream of a new command does not exist: only a takeover reads it first.
    let end: ClaimStreamEnd = over ? await this.endOf(stream) : { revision: -1, claim: undefined };
    for (;;) {
      if (end.claim && !(over && end.claim.by.claimant === over.claimant))
        return { outcome: 'taken', ...end.claim };
      const event = claimedEvent(claim, recordedAt);
      if (await this.append(stream, end.revision, event, deadline)) return { outcome: 'granted' };
      if (deadline.passed)
        throw new LogUnavailable('the claim could not be made in time; nothing was appended');
      end = await this.endOf(stream);
    }
  }

  private async append(
    stream: string,
    expectedRevision: number,
    event: WireEvent,
    deadline: Deadline,
  ): Promise<boolean> {
    const attempts = { deadline, stopped: this.parts.closed };
    return (
      (await this.parts.appends.untilKnown({ stream, expectedRevision, events: [event] }, attempts))
        .outcome === 'appended'
    );
  }

  private async endOf(stream: string): Promise<ClaimStreamEnd> {
    const last = await this.parts.server.lastOf(stream);
    if (!last) return { revision: -1, claim: undefined };
    return { revision: Number(last.revision), claim: claimFromStored(last) };
  }
}

/** The claim that an event records; undefined for any other event. */
export function claimFromStored({
  type,
  data,
  metadata,
}: {
  readonly type: string;
  readonly data: unknown;
  readonly metadata?: unknown;
}): TakenClaim | undefined {
  if (type !== CLAIMED) return undefined;
  // Only this program writes events of this type to streams under the prefix.
  const { homeStream, ...claim } = data as StoredClaim;
  const { recordedAt } = metadata as { readonly recordedAt: string };
  return { by: { ...claim, targetStream: homeStream }, claimedAt: recordedAt };
}

export function claimedEvent(
  { targetStream, ...claim }: IdempotencyClaim,
  recordedAt: string,
): WireEvent {
  const stored: StoredClaim = { ...claim, homeStream: targetStream };
  return claimEvent(CLAIMED, stored, recordedAt);
}

/**
 * The id is random, and the same when one append is retried. If it were derived from the command, the
 * server would take a second claimant's append for a repetition of the first one's, and grant both.
 */
const claimEvent = (
  type: typeof CLAIMED | typeof RELEASED,
  data: object,
  recordedAt: string,
): WireEvent => wireEvent(randomUUID(), type, canonicalJson(data), { recordedAt, version: 1 });
