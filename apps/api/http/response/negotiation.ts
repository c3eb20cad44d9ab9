import type { FastifyReply } from 'fastify';
import Negotiator from 'negotiator';
import { ProblemException } from '../problems/problem.js';
import type { RequestContext } from '../request/request-context.js';

/**
 * The media type that the client prefers (RFC 9110, 12.5.1); the first one without a preference;
 * 406 if the client accepts none. `Vary` names `Accept` in either case.
 */
export function acceptedType<Type extends string>(
  { request, reply }: Pick<RequestContext, 'request' | 'reply'>,
  types: readonly [Type, ...Type[]],
): Type {
  variesBy(reply, 'accept');
  const accept = request.headers.accept ?? '';
  const [first] = types;
  if (accept.trim() === '') return first;
  // All texts here are UTF-8, so a charset parameter of the client changes nothing.
  const ranges = accept.replaceAll(/;[ \t]*charset[ \t]*=[ \t]*"?utf-?8"?[ \t]*(?=[;,]|$)/gi, '');
  const best = new Negotiator({ headers: { accept: ranges } }).mediaType([...types]);
  const found = types.find((type) => type === best);
  if (found !== undefined) return found;
  throw new ProblemException('not-acceptable', { extensions: { mediaTypes: types } });
}

/** Adds to an existing Vary header. */
export function variesBy(reply: FastifyReply, ...fields: readonly string[]): void {
  const before = String(reply.getHeader('vary') ?? '');
  const all = new Set(
    [...before.split(',').map((field) => field.trim()), ...fields].filter((field) => field !== ''),
  );
  reply.header('vary', [...all].join(', '));
}
