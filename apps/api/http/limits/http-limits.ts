import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Server } from 'node:http';
import type { Principal } from '../../../../libs/platform/authentication/principal.js';
import { type LimitSettings, usualLimits } from '../../../../libs/platform/limit-settings.js';
import type { Metrics } from '../../../../libs/platform/metrics.js';
import { PeerAddresses } from '../../../../libs/platform/peer-address.js';
import { ProblemException } from '../problems/problem.js';
import { hasBody } from '../request/upload-stream.js';
import { sendProblem } from '../response/send-problem.js';
import type { Route } from '../routing/route.js';
import { Admission } from './admission.js';
import { callerAddress } from './callers.js';
import { Connections } from './connections.js';
import { type LimitName, limitProblem } from './limit-reached.js';
import { RequestLimits } from './request-limits.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The places that the request occupies; null if no limit applies. */
    admission: Admission | null;
  }
}

/** Applies the limits to the server. Every refusal and every closed connection is counted here. */
export class HttpLimits {
  readonly requests: RequestLimits;
  readonly connections: Connections;

  constructor(
    readonly settings: LimitSettings = usualLimits,
    metrics: Metrics | undefined,
    nowMs?: () => number,
    /** Finds the caller's address. Behind a proxy it is not the peer of the connection. */
    private readonly peers: PeerAddresses = new PeerAddresses(),
  ) {
    const onReached = metrics?.counter(
      'sekisho_limit_reached_total',
      'Requests and connections that a limit refused, by limit',
      ['limit'],
    );
    const onDisconnected = metrics?.counter(
      'sekisho_clients_disconnected_total',
      'Connections that the service closed because of a slow client, by reason',
      ['reason'],
    );
    const clock = nowMs ? { nowMs } : {};
    const count = (limit: LimitName): void => onReached?.({ limit });
    this.requests = new RequestLimits(settings, { ...clock, onReached: count });
    this.connections = new Connections(settings, {
      ...clock,
      onDropped: () => count('connections'),
      onDisconnected: (reason) => onDisconnected?.({ reason }),
    });
    metrics?.gauge('sekisho_connections', 'Open connections', [], () => [
      { value: this.connections.count },
    ]);
    metrics?.gauge('sekisho_live_streams', 'Open event streams', [], () => [
      { value: this.requests.liveStreams },
    ]);
  }

  watch(server: Server): void {
    this.connections.watch(server);
  }

  /**
   * Admits the request, or answers it before its body is read. Health checks have no limit, so that
   * a supervisor can judge the service under load.
   */
  admit(
    route: Route,
    principal: Principal | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): boolean {
    if (route.url.startsWith('/health/')) return true;
    const { upload, countsRefusals = false } = route.declaration;
    const work = { isUpload: upload !== undefined && hasBody(request), isOrder: countsRefusals };
    const admission = this.requests.enter(principal?.id ?? this.callerOf(request), work);
    if (!(admission instanceof Admission)) {
      sendProblem(request, reply, 'too-many-requests', limitProblem(admission));
      return false;
    }
    request.admission = admission;
    this.connections.hold(request.raw, reply.raw, admission);
    if (route.isCommand && !upload?.isStreamed && hasBody(request)) this.expectBody(request, reply);
    return true;
  }

  /**
   * Counts a request without a valid credential. Returns false if its address has sent too many;
   * then the request is answered.
   */
  allowsUnauthorized(request: FastifyRequest, reply: FastifyReply): boolean {
    const reached = this.requests.unauthorized(this.callerOf(request));
    if (reached) sendProblem(request, reply, 'too-many-requests', limitProblem(reached));
    return !reached;
  }

  private callerOf({ socket, headers }: FastifyRequest): string {
    return callerAddress(this.peers.of(socket.remoteAddress, headers));
  }

  close(): void {
    this.connections.close();
  }

  private expectBody(request: FastifyRequest, reply: FastifyReply): void {
    this.connections.expectBody(request.raw, () => {
      if (reply.sent) request.raw.destroy();
      else sendProblem(request, reply, 'request-timeout', { headers: { connection: 'close' } });
    });
  }
}

/** Takes one of the caller's places for live streams, or ends the request with 429. */
export function openLiveStream({ admission }: FastifyRequest): void {
  const reached = admission?.openStream();
  if (reached) throw new ProblemException('too-many-requests', limitProblem(reached));
}
