import type { Claim, ClaimOutcome, LoggedEvent } from './event-log.js';

/**
 * The claim of a command on a log whose appends check (commandId, index) themselves: there is nothing to reserve, because of two
 * claimants one will find its append repeated or in conflict. Only what a command has appended already takes it.
 */
export function claimOf(commandEvents: readonly LoggedEvent[]): ClaimOutcome {
  const [first] = commandEvents;
  if (first === undefined) return { outcome: 'granted' };
  const { commandId, fingerprint } = first.metadata;
  const by: Claim = {
    commandId,
    homeStream: first.stream,
    revision: first.revision - 1,
    ...(fingerprint === undefined ? {} : { fingerprint }),
  };
  return { outcome: 'taken', by, claimedAt: first.recordedAt };
}
