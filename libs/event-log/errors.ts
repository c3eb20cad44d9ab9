import type { CommandId, StreamName } from '../domain/shared/ids.js';

/** The stream has moved since the decision read it: load again, decide again. */
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

/** A guarded stream has moved since the decision read it: load again, decide again. */
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

/** The command has already appended another decision, which is its answer. */
export class CommandConflict extends Error {
  override readonly name = 'CommandConflict';
  constructor(readonly commandId: CommandId) {
    super(`command ${commandId} has already appended another decision`);
  }
}

/** An event that no log accepts: JSON cannot carry it, or it is too large. */
export class UnfitEvent extends Error {
  override readonly name = 'UnfitEvent';
}

/** The log is unavailable; nothing was appended. */
export class LogUnavailable extends Error {
  override readonly name = 'LogUnavailable';
}

/**
 * The log has another event, or none, where this process has seen one: it was restored from an
 * older copy. The state of this process belongs to a log that no longer exists, so the process must
 * end; the next start reads the log again.
 */
export class LogWentBack extends LogUnavailable {
  constructor(readonly evidence: string) {
    super(
      `${evidence}: the log was restored from an older copy while this process was running; this process must restart`,
    );
  }
}

/** Whether the events were appended is unknown; the same append can be repeated safely. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}
