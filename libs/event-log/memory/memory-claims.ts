import { streamName, type CommandId, type StreamName } from '../../domain/shared/ids.js';
import type { Claim, ClaimOutcome } from '../event-log.js';

type ClaimEvent =
  { readonly type: 'CommandClaimed'; readonly claim: Claim; readonly recordedAt: string } | { readonly type: 'ClaimReleased' };

/** Claims in streams of their own, as EventStoreDB has them: no events of the log, not counted, not shown. */
export class MemoryClaims {
  private readonly streams = new Map<StreamName, ClaimEvent[]>();

  claim(claim: Claim, recordedAt: string): ClaimOutcome {
    const stream = this.streamOf(claim.commandId);
    const last = stream.at(-1);
    if (last?.type === 'CommandClaimed') return { outcome: 'taken', by: last.claim, claimedAt: last.recordedAt };
    stream.push({ type: 'CommandClaimed', claim, recordedAt });
    return { outcome: 'granted' };
  }

  /** Releasing what nobody holds changes nothing. */
  release(commandId: CommandId): void {
    const stream = this.streamOf(commandId);
    if (stream.at(-1)?.type === 'CommandClaimed') stream.push({ type: 'ClaimReleased' });
  }

  private streamOf(commandId: CommandId): ClaimEvent[] {
    const name = streamName(`command-${commandId}`);
    const stream = this.streams.get(name) ?? [];
    this.streams.set(name, stream);
    return stream;
  }
}
