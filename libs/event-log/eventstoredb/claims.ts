import { randomUUID } from 'node:crypto';
import type { CommandId } from '../../domain/shared/ids.js';
import { canonicalJson } from '../canonical.js';
import { LogUnavailable } from '../errors.js';
import type { Claim, ClaimOutcome, TakenClaim } from '../event-log.js';
import { Deadline } from './deadline.js';
import type { Timeouts } from './timeouts.js';
import type { RecordingClock } from './recording-clock.js';
import type { ServerReading } from './server-reading.js';
import { wireEvent } from './stored-event.js';
import type { StreamNames } from './stream-names.js';
import type { StreamQueues } from './stream-queues.js';
import type { UnaryAppends } from './unary-append.js';
import type { WireEvent } from './unary-call.js';

/** A stored form: types of the events in a command's stream. */
export const CLAIMED = 'Claimed';
const RELEASED = 'ClaimReleased';

export interface ClaimsParts {
  readonly appends: UnaryAppends;
  readonly server: ServerReading;
  readonly queues: StreamQueues;
  readonly names: StreamNames;
  readonly clock: RecordingClock;
  readonly patience: Timeouts;
  readonly closed: () => boolean;
}

/** The end of a command's stream, and the claim that stands there, if one does. */
interface Standing {
  readonly revision: number;
  readonly claim: TakenClaim | undefined;
}

/**
 * Claims of idempotency keys: a stream a command, where of several claimants one can write the next
 * event.
 */
export class Claims {
  constructor(private readonly parts: ClaimsParts) {}

  claim(claim: Claim, over?: Claim): Promise<ClaimOutcome> {
    const stream = this.parts.names.claimOf(claim.commandId);
    return this.parts.queues.run(stream, () => this.inTurn(stream, claim, over));
  }

  async standing(commandId: CommandId): Promise<TakenClaim | undefined> {
    return (await this.endOf(this.parts.names.claimOf(commandId))).claim;
  }

  async release(commandId: CommandId, claimant?: string): Promise<void> {
    const stream = this.parts.names.claimOf(commandId);
    const { revision, claim } = await this.endOf(stream);
    if (!claim || (claimant !== undefined && claim.by.claimant !== claimant)) return;
    const event = claimEvent(RELEASED, { commandId }, this.parts.clock.nextRecordedAt());
    // A conflict says that another has taken over in the meantime: then there is nothing to give
    // back.
    await this.append(stream, revision, event, new Deadline(this.parts.patience.commandMs));
  }

  private async inTurn(
    stream: string,
    claim: Claim,
    over: Claim | undefined,
  ): Promise<ClaimOutcome> {
    const deadline = new Deadline(this.parts.patience.commandMs);
    const recordedAt = this.parts.clock.nextRecordedAt();
    // A new command has no stream: only who takes over looks before.
    let end: Standing = over ? await this.endOf(stream) : { revision: -1, claim: undefined };
    for (;;) {
      if (end.claim && !(over && end.claim.by.claimant === over.claimant))
        return { outcome: 'taken', ...end.claim };
      const event = claimEvent(CLAIMED, claim, recordedAt);
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

  private async endOf(stream: string): Promise<Standing> {
    const last = await this.parts.server.lastOf(stream);
    if (!last) return { revision: -1, claim: undefined };
    const revision = Number(last.revision);
    if (last.type !== CLAIMED) return { revision, claim: undefined };
    // Streams of this name are written here only.
    const { recordedAt } = last.metadata as unknown as { readonly recordedAt: string };
    return { revision, claim: { by: last.data as unknown as Claim, claimedAt: recordedAt } };
  }
}

/**
 * The id is random, one for all attempts of one claimant: were it derived from the command, a
 * second claimant's append would be taken for a repetition of the first one's, and both would be
 * granted.
 */
export const claimEvent = (
  type: typeof CLAIMED | typeof RELEASED,
  data: object,
  recordedAt: string,
): WireEvent => wireEvent(randomUUID(), type, canonicalJson(data), { recordedAt, version: 1 });
