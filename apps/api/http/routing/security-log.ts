import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from '../../../../libs/platform/authentication/authenticator.js';
import { anonymous, type Principal } from '../../../../libs/platform/authentication/principal.js';
import type { PeerAddresses } from '../../../../libs/platform/peer-address.js';
import type {
  SecurityEvent,
  SecurityEventKind,
  SecurityEvents,
} from '../../../../libs/platform/security-events.js';
import { earlyContext } from '../request/request-context.js';
import type { Route } from './route.js';

/**
 * Statuses that are reported as security events, whichever part of the service refused the request.
 */
const kindOf: Readonly<Record<number, SecurityEventKind>> = {
  401: 'unauthorized',
  403: 'forbidden',
  429: 'too-many-requests',
};
const DAY_MS = 86_400_000;
/** After this many keys in a day all are forgotten, so some are reported as first uses again. */
const KEYS_AT_MOST = 10_000;

/**
 * Turns requests into security events. An event has the principal's id, the declared route and the
 * peer, never a credential, an id from the request or a query.
 */
export class SecurityLog {
  /** The day of `seenToday`, in whole days since 1970 (UTC). */
  private day = -1;
  private readonly seenToday = new Set<string>();

  constructor(
    private readonly events: SecurityEvents,
    private readonly peers: PeerAddresses,
    private readonly authenticator: Pick<Authenticator, 'expiredKeyOf'>,
    private readonly nowMs: () => number = Date.now,
  ) {}

  /** Reports a problem document with this status, which is about to be sent. */
  answered(request: FastifyRequest, status: number): void {
    const kind = kindOf[status];
    if (kind) this.events.report({ ...this.about(request), kind, status });
  }

  /** Reports a recognised credential, whether its role is sufficient or not. */
  recognised(request: FastifyRequest, { id }: Principal): void {
    const day = Math.floor(this.nowMs() / DAY_MS);
    if (day !== this.day || this.seenToday.size >= KEYS_AT_MOST) this.seenToday.clear();
    this.day = day;
    if (this.seenToday.has(id)) return;
    this.seenToday.add(id);
    this.events.report({ ...this.about(request), kind: 'first-use' });
  }

  /** Reports an operator's command with its outcome, when it is answered or its client is gone. */
  entered(request: FastifyRequest, reply: FastifyReply, route: Route, { roles }: Principal): void {
    if (!route.isOperation || !roles.includes('operator')) return;
    const about = this.about(request);
    reply.raw.once('close', () => {
      const { statusCode: status, writableFinished } = reply.raw;
      const outcome = !writableFinished
        ? 'client-left'
        : status < 400
          ? 'done'
          : status < 500
            ? 'refused'
            : 'failed';
      const event: SecurityEvent = {
        ...about,
        kind: 'operator-command',
        command: route.operationId,
        outcome,
      };
      this.events.report(writableFinished ? { ...event, status } : event);
    });
  }

  unverifiable(request: FastifyRequest, error: unknown): void {
    const { cause } = error instanceof Error ? error : {};
    const reason = `${String(error)}${cause === undefined ? '' : ` (${String(cause)})`}`.slice(
      0,
      500,
    );
    this.events.report({ ...this.about(request), kind: 'credentials-unverifiable', reason });
  }

  /** Reports an answer that was cut because its credential ended. */
  ended(request: FastifyRequest): void {
    this.events.report({ ...this.about(request), kind: 'credentials-ended' });
  }

  private about(request: FastifyRequest): Omit<SecurityEvent, 'kind'> {
    const { principal, correlationId } = earlyContext(request);
    const key =
      principal === anonymous
        ? this.authenticator.expiredKeyOf(request.headers.authorization)
        : principal.id;
    return {
      key: key ?? 'unknown',
      peer: this.peers.of(request.socket.remoteAddress, request.headers),
      method: request.route?.method ?? request.method,
      route: request.route?.url ?? 'unknown',
      correlationId,
    };
  }
}
