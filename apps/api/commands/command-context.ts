import type {
  CommandContext,
  RequestFingerprint,
} from '../../../libs/application/engine/commands/command-context.js';
import {
  digestOfBytes,
  plainFingerprint,
  sealedFingerprint,
} from '../../../libs/application/engine/commands/request-fingerprints.js';
import { partnerId } from '../../../libs/domain/shared/ids.js';
import { commandIdFrom, randomCommandId } from '../../../libs/event-log/identity.js';
import type { RequestContext } from '../http/request/request-context.js';

/**
 * The identity of a request's command. With an Idempotency-Key it is the same for every repeat of
 * the request.
 */
export function commandContext(request: RequestContext, personalDataOf?: string): CommandContext {
  const { principal, idempotencyKey, correlationId, traceparent, preconditions } = request;
  const caller = {
    actor: principal.id,
    ...(principal.partnerIds === undefined ? {} : { scope: principal.partnerIds.map(partnerId) }),
    correlationId,
    ...(traceparent === undefined ? {} : { traceparent }),
    ...preconditions,
  };
  if (idempotencyKey === undefined) return { ...caller, commandId: randomCommandId() };
  return {
    ...caller,
    commandId: commandIdFrom(principal.id, idempotencyKey),
    fingerprint: fingerprintOf(request, personalDataOf),
  };
}

/**
 * A fingerprint of the method, the path and the body as received; for an upload, of the digest of
 * its bytes.
 */
function fingerprintOf(
  { method, path, body }: RequestContext,
  personalDataOf: string | undefined,
): RequestFingerprint {
  const received = body instanceof Uint8Array ? digestOfBytes(body) : body;
  return personalDataOf === undefined
    ? plainFingerprint(method, path, received)
    : sealedFingerprint(method, path, received, personalDataOf);
}

/**
 * The same for an upload that is read as it arrives: its fingerprint is known only after its last
 * byte. Until then its command has an identity and no fingerprint.
 */
export function streamedContext(request: RequestContext): {
  readonly context: CommandContext;
  readonly fingerprintOf?: (bytesDigest: string) => RequestFingerprint;
} {
  const { fingerprint, ...context } = commandContext(request);
  if (!fingerprint) return { context };
  return {
    context,
    fingerprintOf: (bytesDigest) => plainFingerprint(request.method, request.path, bytesDigest),
  };
}
