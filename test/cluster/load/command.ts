import type { KeyRole } from '../stand/api-keys.js';

/**
 * A command as it is sent, however often: the body, the key and the correlation id are the same
 * each time.
 */
export interface Command {
  readonly number: number;
  readonly kind: string;
  readonly role: KeyRole;
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly body: object | string;
  readonly key: string;
  /** Sent along, and recorded with every event that comes of it. */
  readonly correlationId: string;
  readonly effect: Effect;
}

/**
 * The event that a success leaves, or, where it says that nothing changed, that was there before.
 */
export interface Effect {
  readonly stream: string;
  readonly types: readonly string[];
  /** What its data has at least. */
  readonly data: Readonly<Record<string, unknown>>;
  /**
   * The ETag is this stream's, if the command left an event there; else it is that of the event's
   * own stream.
   */
  readonly etagOf?: string;
  /** An earlier step, whose event is enough where somebody else was faster with the last one. */
  readonly orElse?: Effect;
}

/** The answer to one sending, as far as it is compared. */
export interface CommandAnswer {
  readonly status: number;
  /** Of a problem document: the last part of its type. */
  readonly problem?: string;
  /** Log-Position. */
  readonly position?: number;
  /** ETag. */
  readonly revision?: number;
  readonly replayed: boolean;
  readonly orderId?: string;
  readonly reasons?: readonly string[];
  readonly factId?: string;
  /** Of what nobody expects. */
  readonly text?: string;
}

/** One sending of a command to one life of one process. */
export interface Try {
  readonly process: string;
  readonly life: number;
  readonly sentAtMs: number;
  readonly endedAtMs: number;
  /** Absent: no answer came. */
  readonly answer?: CommandAnswer;
  /** Why none came. */
  readonly broken?: string;
}

export interface Asked {
  readonly command: Command;
  readonly tries: Try[];
  /** It was repeated for as long as anybody could ask, and nobody knows what came of it. */
  unsettled?: true;
}

/**
 * Whether the command was done: what counts as service. A refused order is a decision, recorded
 * like any other.
 */
export const isDone = ({ status, problem }: CommandAnswer): boolean =>
  status < 300 || problem === 'order-refused';

/** An answer after which there is nothing more to ask. */
export const isFinal = ({ status, problem }: CommandAnswer): boolean =>
  status < 500 && status !== 429 && problem !== 'request-in-flight' && problem !== 'contention';
