import type { KeyRole } from '../deployment/api-keys.js';

/** A command. Body, key and correlation id are the same each time it is sent. */
export interface Command {
  readonly number: number;
  readonly kind: string;
  readonly role: KeyRole;
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly body: object | string;
  readonly key: string;
  /** Recorded with every event of the command. */
  readonly correlationId: string;
  readonly effect: Effect;
}

/** The event of a success, or the existing event if the answer says that nothing changed. */
export interface Effect {
  readonly stream: string;
  readonly types: readonly string[];
  /** A part of its data. */
  readonly data: Readonly<Record<string, unknown>>;
  /**
   * The stream of the ETag if the command appended an event there; otherwise the ETag is of the
   * event's own stream.
   */
  readonly etagOf?: string;
  /**
   * An earlier step, whose event is sufficient if another command completed the last step first.
   */
  readonly orElse?: Effect;
}

/** The compared parts of the answer to one sending. */
export interface CommandAnswer {
  readonly status: number;
  /** The last part of a problem document's type. */
  readonly problem?: string;
  /** The `Log-Position` header. */
  readonly position?: number;
  /** The `ETag` header. */
  readonly revision?: number;
  readonly replayed: boolean;
  readonly orderId?: string;
  readonly reasons?: readonly string[];
  readonly factId?: string;
  /** The text of an unexpected answer. */
  readonly text?: string;
}

/** One sending of a command to one process between two of its restarts. */
export interface Try {
  readonly process: string;
  readonly life: number;
  readonly sentAtMs: number;
  readonly endedAtMs: number;
  /** Absent if no answer came. */
  readonly answer?: CommandAnswer;
  /** Why no answer came. */
  readonly broken?: string;
}

export interface Asked {
  readonly command: Command;
  readonly tries: Try[];
  /** The command was repeated until the time limit, and its outcome is unknown. */
  unsettled?: true;
}

/** Whether the command was executed. A refused order counts: its decision is recorded. */
export const isDone = ({ status, problem }: CommandAnswer): boolean =>
  status < 300 || problem === 'order-refused';

/** A final answer. */
export const isFinal = ({ status, problem }: CommandAnswer): boolean =>
  status < 500 && status !== 429 && problem !== 'request-in-flight' && problem !== 'contention';
