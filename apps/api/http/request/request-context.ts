import type { Language } from '../../../../libs/domain/gate/reason-texts.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { partnerId } from '../../../../libs/domain/shared/ids.js';
import {
  anonymous,
  inScope,
  type Principal,
} from '../../../../libs/platform/authentication/principal.js';
import type { ScopeToday } from '../../../../libs/read-models/read-models.js';
import { ProblemException } from '../problems/problem.js';
import {
  idempotencyKey,
  type KeyUse,
  type Preconditions,
  preconditionsOf,
} from './conditional-headers.js';
import { preferredLanguage } from './preferences.js';

/** The parts of its route that a request's context uses. */
interface RouteOfRequest {
  readonly isCommand: boolean;
  readonly keyUse: KeyUse;
  /** Aborts when the service stops. */
  readonly closing: AbortSignal;
}

/**
 * Everything about a request except its body: the caller, the language, and the headers that affect
 * the answer.
 */
export class RequestContext {
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
  readonly correlationId: string;
  readonly language: Language;
  readonly principal: Principal;
  readonly traceparent?: string;
  readonly idempotencyKey?: string;
  /**
   * For a command: the revisions at which its target must be, and those at which it must not be.
   */
  readonly preconditions: Preconditions;
  private ends: AbortSignal | undefined;

  constructor(
    readonly request: FastifyRequest,
    readonly reply: FastifyReply,
    private readonly route: RouteOfRequest,
  ) {
    const { headers } = request;
    const early = earlyContext(request);
    this.method = request.method;
    this.path = pathOf(request.url);
    this.correlationId = early.correlationId;
    this.language = early.language;
    this.principal = early.principal;
    const trace = traceparent(headers['traceparent']);
    if (trace !== undefined) this.traceparent = trace;
    const key = idempotencyKey(headers['idempotency-key'], route.keyUse);
    if (key !== undefined) this.idempotencyKey = key;
    this.preconditions = route.isCommand ? preconditionsOf(headers) : {};
  }

  /** The body as received: parsed JSON, or the bytes of an upload; undefined if there is none. */
  get body(): unknown {
    return this.request.body;
  }

  /**
   * Aborted when the client disconnects or the service stops: for streams and long waits. Created
   * on first use.
   */
  get signal(): AbortSignal {
    if (!this.ends) {
      const gone = new AbortController();
      this.reply.raw.once('close', () => gone.abort());
      this.ends = AbortSignal.any([this.route.closing, gone.signal]);
    }
    return this.ends;
  }
}

/** The address without its query. */
export function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

/** The parts that the first hook needs. Controllers get the whole context. */
export interface EarlyContext {
  readonly correlationId: string;
  readonly language: Language;
  readonly startedAtMs: number;
  principal: Principal;
  /** The size of the body as received, known when it has been read. */
  bodyBytes: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    early: EarlyContext | null;
  }
}

/**
 * The early context. Created here for requests that no hook of a route has seen (unknown addresses,
 * malformed URLs).
 */
export function earlyContext(request: FastifyRequest): EarlyContext {
  return (request.early ??= {
    correlationId: correlationId(request.headers['x-correlation-id']),
    language: preferredLanguage(request.headers['accept-language']),
    startedAtMs: performance.now(),
    principal: anonymous,
    bodyBytes: 0,
  });
}

/** The client's own id if it can be logged and sent back unchanged; otherwise a new one. */
function correlationId(sent: string | string[] | undefined): string {
  return typeof sent === 'string' && /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/.test(sent)
    ? sent
    : randomUUID();
}

/**
 * W3C Trace Context. Version 00 must match completely; later versions must begin with the same
 * fields. Any other value is ignored, not refused.
 */
export function traceparent(sent: string | string[] | undefined): string | undefined {
  if (typeof sent !== 'string' || sent.length > 256) return undefined;
  const match = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/.exec(sent);
  if (!match) return undefined;
  const [, version, traceId = '', parentId = '', more] = match;
  if (
    version === 'ff' ||
    (version === '00' && more !== undefined) ||
    /^0+$/.test(traceId) ||
    /^0+$/.test(parentId)
  )
    return undefined;
  return sent;
}

/** 403 for a write that names a partner outside the principal's scope. */
export function requirePartnerScope(
  { principal }: Pick<RequestContext, 'principal'>,
  partnerId: string,
): void {
  if (!inScope(principal, partnerId)) throw outsideScope();
}

/** 403 for an operation that requires a key without a partner scope. */
export function requireUnscoped({ principal }: Pick<RequestContext, 'principal'>): void {
  if (principal.partnerIds !== undefined) throw outsideScope();
}

export const outsideScope = (): ProblemException => new ProblemException('outside-scope');

/** The scope of the answer, as of today (UTC); undefined for a key without a scope. */
export function scopeToday(
  { principal }: Pick<RequestContext, 'principal'>,
  on: string,
): ScopeToday | undefined {
  return principal.partnerIds && { partnerIds: principal.partnerIds.map(partnerId), on };
}
