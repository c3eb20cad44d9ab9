import type { Position } from '../event-log/event-log.js';

/**
 * A projection met an event that it cannot fold. No event is skipped, so its reads fail until the
 * projection is fixed and rebuilt.
 */
export class ProjectionStopped extends Error {
  override readonly name = 'ProjectionStopped';
  constructor(
    readonly projection: string,
    readonly position: Position,
    readonly eventId: string,
    readonly reason: string,
  ) {
    super(`projection ${projection} stopped at position ${position} (event ${eventId}): ${reason}`);
  }
}

/** The log ends before the requested position. */
export class PositionNotReached extends Error {
  override readonly name = 'PositionNotReached';
  constructor(
    readonly position: Position,
    readonly head: Position,
  ) {
    super(`the log ends at position ${head}, before ${position}`);
  }
}

/**
 * The log has the position, but the read model did not reach it in time. The caller may try again.
 */
export class ReadModelBehind extends Error {
  override readonly name = 'ReadModelBehind';
  constructor(
    readonly projection: string,
    readonly position: Position,
    readonly reached: Position,
  ) {
    super(`${projection} has reached position ${reached}, not yet ${position}`);
  }
}

/** A cursor that no list has returned. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';
  constructor(readonly cursor: string) {
    super('the cursor is malformed');
  }
}

/** `limit` outside 1 to 500. */
export class InvalidLimit extends Error {
  override readonly name = 'InvalidLimit';
  constructor(readonly limit: number) {
    super(`limit must be a whole number from 1 to 500, not ${limit}`);
  }
}

export class UnknownProjection extends Error {
  override readonly name = 'UnknownProjection';
  constructor(readonly projection: string) {
    super(`there is no projection ${projection}`);
  }
}

/** The read models cannot answer now: closed, restarting, or too many requests are waiting. */
export class ReadModelsUnavailable extends Error {
  override readonly name = 'ReadModelsUnavailable';
}

/** Another process has taken the projector's lease; nothing was written. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/**
 * The store cannot store this row: a defect of the fold, or an event that the log should have
 * rejected.
 */
export class UnfitRow extends Error {
  override readonly name = 'UnfitRow';
  constructor(
    readonly buildId: number,
    table: string,
    key: string,
    options: ErrorOptions,
  ) {
    super(
      `the row ${key} of ${table} cannot be stored: ${String((options.cause as { message?: unknown } | undefined)?.message)}`,
      options,
    );
  }
}
