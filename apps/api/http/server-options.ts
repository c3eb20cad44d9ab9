import type { FastifyHttpOptions } from 'fastify';
import type { Server } from 'node:http';
import { AnswerResponse } from './connection/answer-response.js';
import { answerConnectionError } from './connection/bare-answer.js';
import { originForm } from './connection/request-head.js';
import { sendProblem } from './response/send-problem.js';
import { parseQuery } from './validation/parameters.js';

/**
 * The options of the HTTP server: data of clients is not trusted, all resources have limits, and
 * all refusals are problem documents.
 */
export const serverOptions: FastifyHttpOptions<Server> = {
  http: {
    ServerResponse: AnswerResponse,
    // A request without Host gets a problem document like any other.
    requireHostHeader: false,
    // A client must send the headers of a request within this time. Node checks this every few
    // seconds.
    headersTimeout: 30_000,
    connectionsCheckingInterval: 5_000,
  },
  logger: false,
  trustProxy: false,
  // Long enough for 64 MiB on a slow line; bodies that are read while they arrive have another
  // limit. A connection without requests stays open for a minute.
  requestTimeout: 300_000,
  keepAliveTimeout: 65_000,
  forceCloseConnections: 'idle',
  // While the service stops, the authorization hook answers with a problem document.
  return503OnClosing: false,
  routerOptions: {
    ignoreTrailingSlash: false,
    caseSensitive: true,
    // Longer than any id, so that an id that is too long is reported as malformed and not as
    // unknown.
    // The id of a dry run contains its request.
    maxParamLength: 8192,
    querystringParser: (text) => parseQuery(text),
  },
  frameworkErrors: (error, request, reply) => {
    sendProblem(request, reply, error.statusCode === 414 ? 'uri-too-long' : 'malformed-request');
  },
  rewriteUrl: ({ url = '/' }) => originForm(url),
  clientErrorHandler: answerConnectionError,
};
