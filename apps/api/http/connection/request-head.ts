import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { malformed, ProblemException } from '../problems/problem.js';
import { sendProblem } from '../response/send-problem.js';
import { hostNameOf, type KnownHosts } from './hosts.js';

/**
 * Header fields that must have a single value. Of most repeated ones Node uses the first and drops
 * the rest, so a proxy and the service could use different values.
 */
const GIVEN_ONCE: ReadonlySet<string> = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'idempotency-key',
  'last-event-id',
]);

/**
 * Checks the head of a request before its credential: its host, and that the single-value fields
 * occur once.
 */
export const judgeRequestHead =
  (hosts: KnownHosts): onRequestHookHandler =>
  (request: FastifyRequest, reply: FastifyReply, done) => {
    const fault = repeatedField(request.raw) ?? addressFault(request, hosts);
    if (fault) return sendProblem(request, reply, fault.code, fault.details);
    done();
  };

function repeatedField({ rawHeaders }: IncomingMessage): ProblemException | undefined {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = String(rawHeaders[index]).toLowerCase();
    if (!GIVEN_ONCE.has(name)) continue;
    if (seen.has(name))
      return malformed({ path: `/${name}`, code: 'type', expected: 'once', in: 'header' });
    seen.add(name);
  }
  return undefined;
}

/**
 * RFC 9112, 3.2: HTTP/1.1 requires exactly one valid Host. A target that names a host is checked
 * too.
 */
function addressFault(
  { raw, originalUrl }: FastifyRequest,
  hosts: KnownHosts,
): ProblemException | undefined {
  const { host } = raw.headers;
  if (host === undefined && raw.httpVersion !== '1.0')
    return malformed({ path: '/host', code: 'required', in: 'header' });
  for (const authority of [host, authorityOf(originalUrl)]) {
    if (authority === undefined) continue;
    const name = hostNameOf(authority);
    if (name === undefined)
      return malformed({ path: '/host', code: 'format', expected: 'host', in: 'header' });
    if (!hosts.include(name))
      return new ProblemException('misdirected-request', { headers: { connection: 'close' } });
  }
  return undefined;
}

const ABSOLUTE = /^https?:\/\/([^/?#]*)/i;
const authorityOf = (target: string): string | undefined => ABSOLUTE.exec(target)?.[1];

/** `GET http://host/path` means `/path` (RFC 9112, 3.2.2). All code sees the second form. */
export function originForm(target: string): string {
  const authority = target.startsWith('/') ? null : ABSOLUTE.exec(target);
  if (!authority) return target;
  const rest = target.slice(authority[0].length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/**
 * Addresses that show the state of the process, so they are answered until it ends. Readiness asks
 * the log and reports that it is not ready.
 */
const ANSWERED: ReadonlySet<string> = new Set(['/metrics', '/health/live', '/health/ready']);

/**
 * When the log has gone back in time, no answer may use what this process has in memory or in its
 * read models.
 */
export const refuseWithoutLog =
  (isLost: () => boolean): onRequestHookHandler =>
  (request, reply, done) => {
    if (isLost() && !ANSWERED.has(request.url.split('?', 1)[0] ?? ''))
      return sendProblem(request, reply, 'log-unavailable', { headers: { connection: 'close' } });
    done();
  };
