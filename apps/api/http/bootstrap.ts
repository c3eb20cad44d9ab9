import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import type { Authenticator } from '../../../libs/platform/authentication/authenticator.js';
import type { LimitSettings } from '../../../libs/platform/limit-settings.js';
import { type Logger, NestLog } from '../../../libs/platform/logging.js';
import { Metrics } from '../../../libs/platform/metrics.js';
import { PeerAddresses, type ProxySettings } from '../../../libs/platform/peer-address.js';
import { SecurityEvents } from '../../../libs/platform/security-events.js';
import { OpenAnswers } from './access/open-answers.js';
import { Routes } from './access/routes.js';
import { answerUnservedRequests } from './connection/bare-answer.js';
import { KnownHosts } from './connection/hosts.js';
import { judgeRequestHead, refuseWithoutLog } from './connection/request-head.js';
import { HttpLimits } from './limits/http-limits.js';
import { openApiDocument } from './pages/openapi-document.js';
import { ProblemsController } from './pages/problems.controller.js';
import { ApiDocument, ServiceController } from './pages/service.controller.js';
import { registerBodyParsers } from './request/body-parsers.js';
import { ProblemFilter } from './response/problem-filter.js';
import { SecurityLog } from './routing/security-log.js';
import { serverOptions } from './server-options.js';

export interface HttpOptions {
  readonly authenticator: Authenticator;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  /** The version of the release, for the OpenAPI document. */
  readonly version?: string;
  /** The address at which clients reach the service through a proxy on the same machine. */
  readonly publicUrl?: string | undefined;
  readonly limits?: LimitSettings;
  /** The proxies whose forwarded addresses are trusted. */
  readonly proxies?: ProxySettings;
  /** Called when the log went back in time; the process is about to end. */
  readonly logIsLost?: () => boolean;
  /** The position up to which this process has read the log. */
  readonly logPosition?: () => number | undefined;
}

/** The running service. */
export interface HttpService {
  readonly app: NestFastifyApplication;
  readonly routes: Routes;
  /** Returns the address. Port 0 takes any free port. */
  listen(host: string, port: number): Promise<string>;
  /**
   * Accepts no new requests, ends streams, waits up to `graceMs` for requests in progress, then
   * closes.
   */
  close(graceMs?: number): Promise<void>;
}

@Module({})
class HttpModule {}

/** Sets up Nest on Fastify, with connection checks, limits and authorization in Fastify's hooks. */
export async function createHttp(
  appModule: Type | DynamicModule,
  options: HttpOptions,
): Promise<HttpService> {
  const {
    authenticator,
    logger,
    metrics = new Metrics(),
    version = '0.0.0',
    logPosition,
  } = options;
  const closing = new AbortController();
  const peers = new PeerAddresses(options.proxies);
  const limits = new HttpLimits(options.limits, metrics, undefined, peers);
  const events = new SecurityEvents(logger, metrics);
  const security = new SecurityLog(events, peers, authenticator);
  const openAnswers = new OpenAnswers(authenticator, (request) => security.ended(request));
  const routes = new Routes({
    authenticator,
    limits,
    logger,
    metrics,
    closing: closing.signal,
    logPosition,
    security,
    openAnswers,
  });
  // Nest's middleware is not used. Without its engine every request has one hook less.
  const adapter = new FastifyAdapter({ ...serverOptions, skipMiddie: true, multipart: false });
  const server: FastifyInstance = adapter.getInstance();
  const hosts = new KnownHosts(options.publicUrl);
  answerUnservedRequests(server);
  registerBodyParsers(server);
  server.addHook('onRequest', judgeRequestHead(hosts));
  if (options.logIsLost) server.addHook('onRequest', refuseWithoutLog(options.logIsLost));
  routes.watch(server);
  limits.watch(server.server);
  // Node caches the address on the first read. It cannot be read after the connection is closed.
  server.server.on('connection', (socket) => void socket.remoteAddress);

  const document: ApiDocument = {
    get: () => openApiDocument(routes.all, routes.validators.catalogue.schemas, version),
  };
  const root: DynamicModule = {
    module: HttpModule,
    imports: [appModule],
    controllers: [ProblemsController, ServiceController],
    providers: [
      { provide: ApiDocument, useValue: document },
      { provide: Metrics, useValue: metrics },
    ],
  };
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: new NestLog(logger),
  });
  app.useGlobalFilters(new ProblemFilter(logger, (path) => routes.methodsOf(path)));
  await app.init();
  routes.compile();
  await server.ready();

  return {
    app,
    routes,
    async listen(host, port) {
      hosts.listeningOn(host);
      await app.listen(port, host);
      return addressOf(server.server.address());
    },
    async close(graceMs = 4000) {
      closing.abort();
      await drained(server, graceMs);
      limits.close();
      await app.close();
      events.flush();
    },
  };
}

/**
 * Resolves when the last connection is closed. Idle connections are closed at once, busy ones when
 * the time is over.
 */
async function drained({ server }: FastifyInstance, graceMs: number): Promise<void> {
  if (!server.listening) return;
  const gone = new Promise<void>((resolve) => server.close(() => resolve()));
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const end = setTimeout(() => server.closeAllConnections(), graceMs);
  server.closeIdleConnections();
  await gone;
  clearInterval(sweep);
  clearTimeout(end);
}

function addressOf(address: string | AddressInfo | null): string {
  if (address === null || typeof address === 'string') return address ?? '';
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}
