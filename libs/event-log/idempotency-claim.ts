import type { IdempotencyClaim, ClaimOutcome, LoggedEvent, TakenClaim } from './event-log.js';

/**
 * The claim of a command on a log whose appends check (commandId, index) themselves. Nothing is
 * reserved: of two claimants, one finds its append repeated or in conflict. Only events of the
 * command count as its claim.
 */
export function claimOutcome(commandEvents: readonly LoggedEvent[]): ClaimOutcome {
  const taken = claimFromEvents(commandEvents);
  return taken ? { outcome: 'taken', ...taken } : { outcome: 'granted' };
}

export function claimFromEvents([first]: readonly LoggedEvent[]): TakenClaim | undefined {
  if (first === undefined) return undefined;
  const { commandId, fingerprint, fingerprintGeneration } = first.metadata;
  const by: IdempotencyClaim = {
    commandId,
    targetStream: first.stream,
    revision: first.revision - 1,
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(fingerprintGeneration === undefined ? {} : { fingerprintGeneration }),
  };
  return { by, claimedAt: first.recordedAt };
}
