import type { IdempotencyClaim, ClaimOutcome, LoggedEvent, TakenClaim } from './event-log.js';

/**
 * The claim of a command on a log whose appends check (commandId, index) themselves: there is
 * nothing to reserve, because of two claimants one will find its append repeated or in conflict.
 * Only what a command has appended already takes it.
 */
export function claimOf(commandEvents: readonly LoggedEvent[]): ClaimOutcome {
  const taken = takenBy(commandEvents);
  return taken ? { outcome: 'taken', ...taken } : { outcome: 'granted' };
}

export function takenBy([first]: readonly LoggedEvent[]): TakenClaim | undefined {
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
