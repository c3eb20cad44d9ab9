import type { CommandId, Scope, StreamName } from '../../../domain/shared/ids.js';
import { stepCommandId } from '../../../event-log/identity.js';
import type { Fold, Loaded } from '../states/fold.js';

/** A command's id, caller, scope, preconditions and request fingerprint. */
export interface CommandContext {
  readonly commandId: CommandId;
  /**
   * With an Idempotency-Key: identifies the request, so that a repeat can be compared with it.
   * Without: nothing is compared.
   */
  readonly fingerprint?: RequestFingerprint;
  readonly actor: string;
  /**
   * The partners that the caller's key is limited to; absent: no limit. Judged in the command's
   * decision.
   */
  readonly scope?: Scope;
  readonly correlationId: string;
  /** The command that this append, or the event that this process's command, follows from. */
  readonly causationId?: string;
  /**
   * A command's append to another stream, or a process's command: an earlier attempt may have made
   * it already.
   */
  readonly isStep?: boolean;
  /** Every decision of this command is an event, a refusal too. */
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

/** Whether the target's revision meets If-Match and If-None-Match (RFC 9110, 13.2.2). */
export function meetsPreconditions<State>(
  { ifMatch, ifNoneMatch }: CommandContext,
  fold: Fold<State>,
  { state, revision }: Loaded<State>,
): boolean {
  const includes = (revisions: Revisions): boolean =>
    revisions === 'any'
      ? revision >= 0 && (fold.exists?.(state) ?? true)
      : revisions.includes(revision);
  return (
    (ifMatch === undefined || includes(ifMatch)) &&
    (ifNoneMatch === undefined || !includes(ifNoneMatch))
  );
}

/** The context of a command's append to another stream. It has no precondition. */
export function stepContext(of: CommandContext, stream: StreamName): CommandContext {
  const { commandId, actor, correlationId, scope, fingerprint, traceparent } = of;
  return {
    commandId: stepCommandId(commandId, stream),
    causationId: commandId,
    isStep: true,
    actor,
    correlationId,
    ...(scope === undefined ? {} : { scope }),
    ...(fingerprint ? { fingerprint } : {}),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}
