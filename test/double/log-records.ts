/** A stored event. Positions are byte offsets in the log, as in the real server. */
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
  /** Earlier events are hidden: the stream was deleted (softly) at this revision. */
  truncatedBefore: number;
  isDeleted: boolean;
  isTombstoned: boolean;
}

/** A backup of a log's files. */
export interface LogCopy {
  readonly events: readonly StoredEvent[];
  readonly streams: ReadonlyMap<string, StreamState>;
}
