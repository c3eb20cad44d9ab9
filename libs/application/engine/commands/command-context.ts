import type { Scope } from '../../../domain/customer/customer-scope.js';
import type { CommandId, EventId } from '../../../domain/shared/ids.js';
import type { LoggedEvent, Position } from '../../../event-log/event-log.js';

/** Who gives a command, under which identity, and what a repeat of it must be equal to. */
export interface CommandContext {
  readonly commandId: CommandId;
  /**
   * With an Idempotency-Key: tells whether a recorded request was this one. Without: nothing is
   * compared.
   */
  readonly fingerprint?: RequestFingerprint;
  readonly actor: string;
  /**
   * The partners that the caller's key is limited to; absent: no limit. Judged in the command's
   * decision.
   */
  readonly scope?: Scope;
  readonly correlationId: string;
  /** A secondary append names the command that it belongs to. */
  readonly causationId?: string;
  /**
   * A secondary append of a command, or a process's: it may have been made before, by the attempt
   * that this one repeats.
   */
  readonly isStep?: boolean;
  /** Whatever is decided is an event (an order is placed or refused). */
  readonly alwaysAppends?: boolean;
  readonly traceparent?: string;
  /** The target must be at one of these revisions (its ETag); `any`: it must exist. */
  readonly ifMatch?: Revisions;
  /** The target must be at none of these revisions; `any`: it must not exist. */
  readonly ifNoneMatch?: Revisions;
}

export type Revisions = 'any' | readonly number[];

/**
 * `plain`: SHA-256 over the request. `sealed`: the request has personal data, so it is an HMAC
 * under the key of the person concerned, and cannot be guessed from the log.
 */
export type RequestFingerprint =
  | { readonly kind: 'plain'; readonly digest: string }
  | { readonly kind: 'sealed'; readonly subject: string; readonly request: string };

/**
 * What a command came to. Conflicts that the client can mend by itself are thrown (`failures.ts`).
 */
export type Outcome<Refusal> =
  | {
      readonly kind: 'committed';
      readonly events: readonly LoggedEvent[];
      /** The key had been used for this request before: these are the first answer's events. */
      readonly replayed: boolean;
      /**
       * The request had personal data that has been erased since, so the repeat could not be
       * compared.
       */
      readonly erased: boolean;
      /** Of the last event: what the answer's `Log-Position` and ETag say. */
      readonly position: Position;
      readonly revision: number;
    }
  /** `held`: the fact that already says what was stated. */
  | {
      readonly kind: 'unchanged';
      readonly position: Position;
      readonly revision: number;
      readonly held?: EventId;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly position: number };
