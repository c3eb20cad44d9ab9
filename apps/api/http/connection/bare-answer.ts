import type { Language } from '../../../../libs/domain/gate/reason-texts.js';
import type { ConnectionError, FastifyInstance } from 'fastify';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { problemDocument } from '../problems/problem.js';
import { type ProblemCode, problemKind } from '../problems/problems.js';
import { preferredLanguage } from '../request/preferences.js';
import { isUploading } from '../request/upload-stream.js';
import { securityHeaders } from './answer-response.js';
import { originForm } from './request-head.js';

interface BareAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * A problem document for input that never becomes a request of the framework. It closes the
 * connection.
 */
function bareAnswer(code: ProblemCode, language: Language = 'en', target = '/'): BareAnswer {
  const path = originForm(target).split('?', 1)[0] ?? '/';
  const body = JSON.stringify(problemDocument(code, {}, language, path.slice(0, 2048)));
  const headers = {
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'content-language': language,
    vary: 'accept-language',
    'cache-control': 'no-store',
    connection: 'close',
  };
  return { status: problemKind(code).status, headers, body };
}

/**
 * Answers cases that Node would answer without a body: an expectation that cannot be met (RFC 9110,
 * 10.1.1), and a request for a tunnel.
 */
export function answerUnservedRequests({ server }: FastifyInstance): void {
  server.on('checkExpectation', ({ headers, url }: IncomingMessage, response: ServerResponse) => {
    const {
      status,
      headers: answered,
      body,
    } = bareAnswer('expectation-failed', preferredLanguage(headers['accept-language']), url);
    response.writeHead(status, answered).end(body);
  });
  server.on('connect', ({ headers }: IncomingMessage, socket: Duplex) => {
    writeOn(
      socket,
      bareAnswer('method-not-allowed', preferredLanguage(headers['accept-language'])),
      { allow: 'GET, HEAD' },
    );
  });
}

/** Answers malformed, oversized or slow requests directly on the socket (RFC 9112). */
export function answerConnectionError(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && isUploading(socket)) return;
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable || isAnswered(socket)) {
    socket.destroy();
    return;
  }
  writeOn(socket, bareAnswer(codes[error.code ?? ''] ?? 'malformed-request'));
}

const codes: Readonly<Record<string, ProblemCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'payload-too-large',
  HPE_HEADER_OVERFLOW: 'headers-too-large',
};

/** Whether an answer has begun: then a client would take another one for a part of its body. */
function isAnswered(socket: Socket): boolean {
  // Node itself checks this property before it answers such an error
  const answer: unknown = Reflect.get(socket, '_httpMessage');
  return (
    typeof answer === 'object' && answer !== null && Reflect.get(answer, 'headersSent') === true
  );
}

function writeOn(
  socket: Duplex,
  { status, headers, body }: BareAnswer,
  more: Readonly<Record<string, string>> = {},
): void {
  const all = { date: new Date().toUTCString(), ...securityHeaders, ...headers, ...more };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
}
