import {
  ErrorType,
  isCommandError,
  NotLeaderError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { LogUnavailable } from '../errors.js';
import type { Host } from './connection-string.js';

/**
 * What an error of the client means. Its class alone does not say: some errors are plain ones with
 * gRPC's code, and names and messages can be empty or wrong. So type, code and details are all
 * examined.
 */
export type Failure =
  | { readonly kind: 'wrong-revision'; readonly actual: number }
  | { readonly kind: 'no-stream' }
  /** The server has refused the call; a retry gives the same answer. */
  | { readonly kind: 'refused'; readonly reason: string; readonly tooLarge: boolean }
  /**
   * Whether the call took effect is unknown, unless it was never sent. The same call again will
   * show.
   */
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly sent: boolean;
      readonly connection: ConnectionState;
    };

/** The state of the connection after the failure: lost, without an answer, or unharmed. */
export type ConnectionState =
  | { readonly is: 'lost'; readonly leader?: Host }
  | { readonly is: 'silent' }
  | { readonly is: 'unharmed' };

/** The server has sent nothing for too long. */
export class Silence extends Error {
  override readonly name = 'Silence';
}

/** The answer is older than what this process has seen: the node that gave it no longer leads. */
export class StaleNode extends Error {
  override readonly name = 'StaleNode';
  constructor(what: string) {
    super(
      `${what} ends before an event that was seen there: the node that answered no longer leads`,
    );
  }
}

/** gRPC's status codes (https://grpc.io/docs/guides/status-codes). */
const CANCELLED = 1;
const INVALID_ARGUMENT = 3;
const DEADLINE_EXCEEDED = 4;
const RESOURCE_EXHAUSTED = 8;
const UNAVAILABLE = 14;

/**
 * The texts of gRPC and the client for a call that was never sent because there was no connection.
 */
const NEVER_SENT =
  /No connection established|ECONNREFUSED|Name resolution failed|Waiting for LB pick|Failed to discover|Channel (has been shut down|closed before)/;

export function failureOf(error: unknown): Failure {
  const { code, text } = described(error);
  if (error instanceof StaleNode)
    return { kind: 'failed', reason: text, sent: false, connection: { is: 'lost' } };
  if (error instanceof LogUnavailable)
    return { kind: 'failed', reason: text, sent: false, connection: { is: 'unharmed' } };
  if (error instanceof WrongExpectedVersionError)
    return { kind: 'wrong-revision', actual: Number(revisionOf(error.actualVersion)) };
  if (error instanceof Error && isCommandError(error)) {
    if (error.type === ErrorType.STREAM_NOT_FOUND || error.type === ErrorType.NO_STREAM)
      return { kind: 'no-stream' };
    if (REFUSALS.has(error.type)) {
      return {
        kind: 'refused',
        reason: text,
        tooLarge: error.type === ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED,
      };
    }
  }
  if (code === INVALID_ARGUMENT) return { kind: 'refused', reason: text, tooLarge: false };
  if (code === RESOURCE_EXHAUSTED && /larger than/i.test(text))
    return { kind: 'refused', reason: text, tooLarge: true };

  return {
    kind: 'failed',
    reason: text,
    sent: !NEVER_SENT.test(text),
    connection: connectionState(error, code, text),
  };
}

const REFUSALS: ReadonlySet<ErrorType> = new Set([
  ErrorType.ACCESS_DENIED,
  ErrorType.STREAM_DELETED,
  ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED,
  ErrorType.INVALID_ARGUMENT,
]);

function connectionState(error: unknown, code: number | undefined, text: string): ConnectionState {
  if (error instanceof NotLeaderError) return { is: 'lost', leader: error.leader };
  if (error instanceof Silence || code === DEADLINE_EXCEEDED) return { is: 'silent' };
  if (
    code === UNAVAILABLE ||
    code === CANCELLED ||
    NEVER_SENT.test(text) ||
    text.includes('write after end')
  )
    return { is: 'lost' };
  return { is: 'unharmed' };
}

const revisionOf = (actual: unknown): bigint => (typeof actual === 'bigint' ? actual : -1n);

/** A readable message for any thrown value; some errors of the client have none. */
function described(error: unknown): { readonly code: number | undefined; readonly text: string } {
  if (!(error instanceof Error)) return { code: undefined, text: String(error) };
  const code = 'code' in error && typeof error.code === 'number' ? error.code : undefined;
  const type = isCommandError(error) ? error.type : error.name;
  return { code, text: error.message === '' ? type : error.message };
}
