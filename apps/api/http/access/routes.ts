import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  HookHandlerDoneFunction,
  RouteOptions,
  onSendHookHandler,
} from 'fastify';
import { Readable } from 'node:stream';
import type { Authenticator } from '../../../../libs/platform/authentication/authenticator.js';
import type { Logger } from '../../../../libs/platform/logging.js';
import type { Metrics } from '../../../../libs/platform/metrics.js';
import type { HttpLimits } from '../limits/http-limits.js';
import { expandBody } from '../request/gzip-body.js';
import { earlyContext } from '../request/request-context.js';
import { leaveBody } from '../request/upload-stream.js';
import type { RouteDeclaration } from '../routing/route-declaration.js';
import { Route } from '../routing/route.js';
import type { SecurityLog } from '../routing/security-log.js';
import { Validators } from '../validation/validators.js';
import { authorize, maxJsonBytes, type OnFault } from './authorize.js';
import type { OpenAnswers } from './open-answers.js';

export interface RoutesOptions {
  readonly authenticator: Authenticator;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly limits: HttpLimits;
  readonly closing: AbortSignal;
  readonly security: SecurityLog;
  readonly openAnswers: OpenAnswers;
  readonly logPosition?: (() => number | undefined) | undefined;
}

/**
 * The routes of the server with their declarations. Fastify reports each route when it is
 * registered.
 */
export class Routes {
  readonly all: Route[] = [];
  readonly validators = new Validators();

  constructor(private readonly options: RoutesOptions) {}

  /**
   * Must be called before the controllers register their routes. A route without a permission fails
   * the start.
   */
  watch(server: FastifyInstance): void {
    server.decorateRequest('early', null);
    server.decorateRequest('route', null);
    server.decorateRequest('admission', null);
    server.addHook('onRoute', (options) => this.add(options));
  }

  /** Called once when all routes are known: compiles schemas and validators. */
  compile(): void {
    for (const { declaration } of this.all) {
      for (const dto of [declaration.body, declaration.query, declaration.path])
        if (dto) this.validators.add(dto);
    }
    this.validators.ready();
    for (const route of this.all) route.compile(this.validators);
  }

  /** The methods of an address. Called only for requests without a route. */
  methodsOf(path: string): readonly string[] {
    const matching = this.all.filter(({ url }) => patternOf(url).test(path));
    return [...new Set(matching.map(({ method }) => method))].sort();
  }

  private readonly watchOpenAnswers: onSendHookHandler = (request, reply, payload, done) => {
    if (payload instanceof Readable) this.options.openAnswers.add(request, reply);
    done(null, payload);
  };

  private add(options: RouteOptions): void {
    const declaration = declarationOf(options);
    const [method = '', ...others] = [options.method].flat();
    if (others.length > 0)
      throw new TypeError(`${options.url} is declared for several methods at once; declare each`);
    if (!declaration?.permission)
      throw new TypeError(
        `${method} ${options.url} (${declaration?.name ?? 'no controller'}) does not say who may call it: add @Allow(…)`,
      );
    const { authenticator, limits, logger, metrics, closing, logPosition, security } = this.options;
    const route = new Route(method, options.url, declaration, {
      closing,
      limits: limits.settings,
      logPosition,
      security,
    });
    this.all.push(route);
    const onFault: OnFault = (request, error, code) => {
      // This fault affects many requests at once, so the log shows only some of them.
      if (code !== 'internal-error') security.unverifiable(request, error);
      else logger.error({ err: error }, 'credentials could not be checked');
    };
    options.bodyLimit = declaration.upload?.maxBytes ?? maxJsonBytes;
    options.preParsing = [
      declaration.upload?.isStreamed ? leaveBody : expandBody(options.bodyLimit),
    ];
    options.onRequest = [
      authorize(route, declaration.permission, { authenticator, limits }, onFault),
    ];
    options.onSend =
      !route.isCommand && declaration.permission !== 'everyone'
        ? [answered, this.watchOpenAnswers]
        : [answered];
    options.onResponse = [observe(route, metrics, logger)];
  }
}

/** The request's work is finished. Its places are free when its answer has been sent. */
const answered: onSendHookHandler = (request, _reply, payload, done) => {
  request.admission?.answered();
  done(null, payload);
};

function declarationOf({ config }: RouteOptions): RouteDeclaration | undefined {
  const declared: unknown = config && Reflect.get(config, 'sekisho');
  return declared as RouteDeclaration | undefined; // only routeDeclaration() writes it
}

const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/:[A-Za-z]+/g, '[^/]+')}/?$`,
  );

/** Counts and times every answer, and logs it at level debug. */
export function observe(
  route: Route,
  metrics: Metrics,
  logger: Logger,
): (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => void {
  const count = metrics.route(route.method, route.url);
  const logged = logger.isLevelEnabled('debug');
  return (request, reply, done) => {
    const { startedAtMs, correlationId, principal } = earlyContext(request);
    const ms = performance.now() - startedAtMs;
    count(reply.statusCode, ms);
    // The route instead of the address, so that the log has no tenant ids and no query texts.
    if (logged) {
      logger.debug(
        {
          method: route.method,
          route: route.url,
          status: reply.statusCode,
          ms: Math.round(ms * 10) / 10,
          correlationId,
          principal: principal.id,
        },
        'request',
      );
    }
    done();
  };
}
