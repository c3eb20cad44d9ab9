import { streamName, type CommandId, type StreamName } from '../../domain/shared/ids.js';
import type { IdempotencyClaim, ClaimOutcome, TakenClaim } from '../event-log.js';

type ClaimEvent =
  | {
      readonly type: 'CommandClaimed';
      readonly claim: IdempotencyClaim;
      readonly recordedAt: string;
    }
  | { readonly type: 'ClaimReleased' };

/**
 * Claims in streams of their own, as EventStoreDB has them: no events of the log, not counted, not
 * shown.
 */
export class MemoryClaims {
  private readonly streams = new Map<StreamName, ClaimEvent[]>();

  claim(claim: IdempotencyClaim, recordedAt: string, over?: IdempotencyClaim): ClaimOutcome {
    const standing = this.standing(claim.commandId);
    if (standing && !(over && standing.by.claimant === over.claimant))
      return { outcome: 'taken', ...standing };
    this.streamOf(claim.commandId).push({ type: 'CommandClaimed', claim, recordedAt });
    return { outcome: 'granted' };
  }

  standing(commandId: CommandId): TakenClaim | undefined {
    const last = this.streamOf(commandId).at(-1);
    return last?.type === 'CommandClaimed'
      ? { by: last.claim, claimedAt: last.recordedAt }
      : undefined;
  }

  /** Releasing what nobody holds, or another, changes nothing. */
  release(commandId: CommandId, claimant?: string): void {
    const standing = this.standing(commandId);
    if (!standing || (claimant !== undefined && standing.by.claimant !== claimant)) return;
    this.streamOf(commandId).push({ type: 'ClaimReleased' });
  }

  private streamOf(commandId: CommandId): ClaimEvent[] {
    const name = streamName(`command-${commandId}`);
    const stream = this.streams.get(name) ?? [];
    this.streams.set(name, stream);
    return stream;
  }
}
