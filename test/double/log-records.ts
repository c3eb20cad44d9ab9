/**
 * An event as the double keeps it. Positions are byte offsets in the log, as the real server's are.
 */
export interface StoredEvent {
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
  /** Offset after the event's record: where the next record begins. */
  readonly end: number;
  readonly id: string;
  readonly type: string;
  readonly isJson: boolean;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
  readonly createdMs: number;
}

export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly isJson: boolean;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface StreamState {
  readonly events: StoredEvent[];
  /** Events below are not shown any more: the stream was deleted (softly) when it ended there. */
  truncatedBefore: number;
  isDeleted: boolean;
  isTombstoned: boolean;
}

/** A backup of a log's files. */
export interface LogCopy {
  readonly events: readonly StoredEvent[];
  readonly streams: ReadonlyMap<string, StreamState>;
}
