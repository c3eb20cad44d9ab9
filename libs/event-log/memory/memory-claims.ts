import { streamName, type CommandId, type StreamName } from '../../domain/shared/ids.js';
import type { IdempotencyClaim, ClaimOutcome, TakenClaim } from '../event-log.js';

type ClaimEvent =
  | {
      readonly type: 'CommandClaimed';
      readonly claim: IdempotencyClaim;
      readonly recordedAt: string;
    }
  | { readonly type: 'ClaimReleased' };

/** Claims in streams of their own, as in EventStoreDB: they are not events of the log. */
export class MemoryClaims {
  private readonly streams = new Map<StreamName, ClaimEvent[]>();

  claim(claim: IdempotencyClaim, recordedAt: string, over?: IdempotencyClaim): ClaimOutcome {
    const current = this.current(claim.commandId);
    if (current && !(over && current.by.claimant === over.claimant))
      return { outcome: 'taken', ...current };
    this.streamOf(claim.commandId).push({ type: 'CommandClaimed', claim, recordedAt });
    return { outcome: 'granted' };
  }

  current(commandId: CommandId): TakenClaim | undefined {
    const last = this.streamOf(commandId).at(-1);
    return last?.type === 'CommandClaimed'
      ? { by: last.claim, claimedAt: last.recordedAt }
      : undefined;
  }

  /** Releasing a claim that does not exist or is another claimant's changes nothing. */
  release(commandId: CommandId, claimant?: string): void {
    const current = this.current(commandId);
    if (!current || (claimant !== undefined && current.by.claimant !== claimant)) return;
    this.streamOf(commandId).push({ type: 'ClaimReleased' });
  }

  private streamOf(commandId: CommandId): ClaimEvent[] {
    const name = streamName(`command-${commandId}`);
    const stream = this.streams.get(name) ?? [];
    this.streams.set(name, stream);
    return stream;
  }
}
