import { type LimitSettings, usualLimits } from '../../../../libs/platform/limit-settings.js';
import type { KeyUse } from '../request/conditional-headers.js';
import type { FieldProblem } from '../validation/field-problem.js';
import type { ParameterReader, ParameterTexts } from '../validation/parameters.js';
import { parameterReader } from '../validation/parameters.js';
import type { BodyValidator, Validators } from '../validation/validators.js';
import type { RouteDeclaration } from './route-declaration.js';
import type { SecurityLog } from './security-log.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null for a request whose address has no route. */
    route: Route | null;
  }
}

/** The parts that all routes of a server share. */
export interface RouteSurroundings {
  /** Ends when the service stops. */
  readonly closing: AbortSignal;
  readonly limits?: LimitSettings;
  /**
   * The position up to which this process has read the log: the `Log-Position` of answers without
   * an outcome.
   */
  readonly logPosition?: (() => number | undefined) | undefined;
  readonly security?: SecurityLog;
}

/** A route as the server runs it: its declaration, and what was compiled from it at start. */
export class Route {
  private body: BodyValidator | undefined;
  private query: ParameterReader = noParameters;
  private path: ParameterReader = noParameters;
  readonly closing: AbortSignal;
  readonly limits: LimitSettings;
  readonly logPosition: () => number | undefined;
  readonly security: SecurityLog | undefined;

  constructor(
    readonly method: string,
    /** The path, with `:name` for parameters. */
    readonly url: string,
    readonly declaration: RouteDeclaration,
    surroundings: RouteSurroundings,
  ) {
    // Pages, health checks and metrics ignore query parameters, because links and probes may add
    // some. The routes of the API accept only their own parameters.
    if (!url.startsWith('/v1/')) this.query = anyParameters;
    this.closing = surroundings.closing;
    this.limits = surroundings.limits ?? usualLimits;
    this.security = surroundings.security;
    this.logPosition = surroundings.logPosition ?? (() => undefined);
  }

  /** `multipart` and similar types are refused before this. */
  get mediaTypes(): readonly string[] {
    return this.declaration.upload?.mediaTypes ?? onlyJson;
  }

  /** Reads change nothing. All other routes are commands. */
  get isCommand(): boolean {
    return this.method !== 'GET' && this.method !== 'HEAD';
  }

  /** A command that changes something. An eligibility check does not. */
  get isOperation(): boolean {
    return this.isCommand && this.declaration.permission !== 'check eligibility';
  }

  /** The name in the OpenAPI document and the log. */
  get operationId(): string {
    return this.declaration.name.replace(/Controller\./, '.');
  }

  /** Every command accepts an Idempotency-Key; some require one. */
  get keyUse(): KeyUse {
    return this.isCommand ? (this.declaration.idempotencyKey ?? 'accepted') : 'none';
  }

  compile(validators: Validators): void {
    const { body, query, path } = this.declaration;
    const schemas = validators.catalogue.schemas;
    if (body) this.body = validators.of(body);
    if (query)
      this.query = parameterReader(schemas[query.name] ?? {}, validators.of(query), 'query');
    if (path) this.path = parameterReader(schemas[path.name] ?? {}, validators.of(path), 'path');
  }

  bodyProblems(body: unknown, sizeBytes: number): readonly FieldProblem[] | undefined {
    if (body === undefined)
      return this.declaration.bodyOptional ? undefined : [{ path: '', code: 'required' }];
    return this.body?.(body, sizeBytes);
  }

  readQuery(texts: ParameterTexts): ReturnType<ParameterReader> {
    return this.query(texts);
  }

  readPath(texts: ParameterTexts): ReturnType<ParameterReader> {
    return this.path(texts);
  }
}

const anyParameters: ParameterReader = () => ({ value: {} });

const onlyJson = ['application/json'];

/** A route without declared parameters accepts none. */
const noParameters: ParameterReader = (texts) => {
  const unknown = Object.keys(texts).slice(0, 100);
  if (unknown.length === 0) return { value: {} };
  return {
    problems: unknown.map((name) => ({
      path: `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      code: 'unknown-field',
      in: 'query',
    })),
  };
};
