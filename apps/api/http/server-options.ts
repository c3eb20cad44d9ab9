import type { ConnectionError, FastifyHttpOptions } from 'fastify';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { isUploading } from './context/upload-stream.js';
import { LeanResponse } from './lean-response.js';
import { problemDocument } from './problems/problem.js';
import { type ProblemCode, problemKind } from './problems/problems.js';
import { sendProblem } from './problems/send-problem.js';
import { parseQuery } from './validation/parameters.js';

/** The HTTP server: nothing a client says of itself is trusted, everything has a limit, every refusal is a problem document. */
export const serverOptions: FastifyHttpOptions<Server> = {
  http: { ServerResponse: LeanResponse },
  logger: false,
  trustProxy: false,
  // Long enough for 64 MiB on a slow line (what is read as it comes has another limit); a connection that goes quiet between requests is kept for a minute.
  requestTimeout: 300_000,
  keepAliveTimeout: 65_000,
  forceCloseConnections: 'idle',
  // The gate answers while the service stops, with a problem document.
  return503OnClosing: false,
  routerOptions: {
    ignoreTrailingSlash: false,
    caseSensitive: true,
    // Longer than any id, so that a long one is told as malformed and not as unknown.
    maxParamLength: 1024,
    querystringParser: (text) => parseQuery(text),
  },
  frameworkErrors: (error, request, reply) => {
    sendProblem(request, reply, error.statusCode === 414 ? 'uri-too-long' : 'malformed-request');
  },
  clientErrorHandler(error, socket) {
    answerOnSocket(error, socket);
  },
};

/** What is no HTTP, too long, or too slow gets its answer on the bare socket (RFC 9112). */
function answerOnSocket(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && isUploading(socket)) return;
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const code: ProblemCode =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? 'headers-too-large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? 'request-timeout'
        : 'malformed-request';
  const { status, title } = problemKind(code);
  const body = JSON.stringify(problemDocument(code, {}, 'en', '/'));
  socket.end(
    `HTTP/1.1 ${status} ${title.en}\r\nContent-Type: application/problem+json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
