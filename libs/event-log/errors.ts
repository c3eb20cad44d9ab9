import type { CommandId, StreamName } from '../domain/shared/ids.js';

/** The stream is not where the decision saw it: load again, decide again. */
export class WrongRevision extends Error {
  override readonly name = 'WrongRevision';
  constructor(
    readonly stream: StreamName,
    readonly expected: number,
    readonly actual: number,
  ) {
    super(`${stream} is at revision ${actual}, not at ${expected}`);
  }
}

/** A foreign stream that the decision looked at has moved: load again, decide again. */
export class GuardMoved extends Error {
  override readonly name = 'GuardMoved';
  constructor(
    readonly stream: StreamName,
    readonly expected: number,
    readonly actual: number,
  ) {
    super(`the guarded ${stream} is at revision ${actual}, not at ${expected}`);
  }
}

/** The command has already appended something else: its first decision is the answer. */
export class CommandConflict extends Error {
  override readonly name = 'CommandConflict';
  constructor(readonly commandId: CommandId) {
    super(`command ${commandId} has already appended another decision`);
  }
}

/** An event that no log may take: JSON cannot carry it, or it is too large. */
export class UnfitEvent extends Error {
  override readonly name = 'UnfitEvent';
}

/** The log could not do it now; nothing was appended. */
export class LogUnavailable extends Error {
  override readonly name = 'LogUnavailable';
}

/**
 * The log has another event, or none, where this process has seen one: it was restored from an
 * older copy. What this process remembers belongs to a log that no longer exists, so it must end;
 * the next start reads the log anew.
 */
export class LogWentBack extends LogUnavailable {
  constructor(readonly evidence: string) {
    super(
      `${evidence}: the log was restored from an older copy while this process was running; this process must restart`,
    );
  }
}

/** Nobody knows whether it was appended; the same append again is safe. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}
