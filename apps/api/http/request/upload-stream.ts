import type { FastifyRequest, RequestPayload, preParsingHookHandler } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { type LimitSettings, usualLimits } from '../../../../libs/platform/limit-settings.js';
import { within } from '../../../../libs/platform/time/within.js';
import { contentEncoding, gunzipped } from './gzip-body.js';
import { ProblemException } from '../problems/problem.js';

/** The rest of a body that is no longer read is dropped for this long. */
const DROPPED_WITHIN_MS = 60_000;

/**
 * Sockets on which an upload is read as it comes. Its silence has a limit of its own; how long the
 * whole takes has none.
 */
const uploading = new WeakSet<Socket>();
export const isUploading = (socket: Socket): boolean => uploading.has(socket);

/**
 * A body that is read as it comes, at the pace of its reader. A reader that stops early does not
 * end the connection.
 */
export class UploadStream implements AsyncIterable<Uint8Array> {
  private bytes = 0;
  /** Of the present window: how long the client was waited for, and what it gave. */
  private waitedMs = 0;
  private given = 0;
  private readonly pieces: AsyncIterator<Uint8Array>;

  constructor(
    private readonly request: IncomingMessage,
    readonly mediaType: string,
    private readonly maxBytes: number,
    private readonly floor: LimitSettings['uploadFloor'] = usualLimits.uploadFloor,
  ) {
    const { socket } = request;
    uploading.add(socket);
    request.once('close', () => uploading.delete(socket));
    this.pieces = request.iterator({ destroyOnReturn: false });
  }

  /** The bytes as they were before compression. */
  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const isGzip = contentEncoding(this.request.headers) === 'gzip';
    return isGzip
      ? gunzipped({ [Symbol.asyncIterator]: () => this.sent() }, this.maxBytes)
      : this.sent();
  }

  private async *sent(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const { done, value } = await this.withinWindow(this.pieces.next());
        if (done) return;
        this.bytes += value.length;
        this.given += value.length;
        if (this.bytes > this.maxBytes) throw new ProblemException('payload-too-large');
        yield value;
      }
    } finally {
      this.end();
    }
  }

  /** Whatever becomes of the request, its connection has the ordinary limits again. */
  end(): void {
    const { request } = this;
    uploading.delete(request.socket);
    if (request.readableEnded || request.destroyed) return;
    void this.pieces.return?.();
    const drop = setTimeout(() => request.socket.destroy(), DROPPED_WITHIN_MS).unref();
    request.once('close', () => clearTimeout(drop));
  }

  /**
   * Only the time that the service waits for the client counts. If the connection breaks, no answer
   * can be delivered.
   */
  private async withinWindow(
    next: Promise<IteratorResult<Uint8Array>>,
  ): Promise<IteratorResult<Uint8Array>> {
    const piece = next.catch(brokenOff);
    for (;;) {
      const sinceMs = performance.now();
      const came = await within(this.floor.windowMs - this.waitedMs, piece, () => undefined, {
        ref: false,
      });
      this.waitedMs += performance.now() - sinceMs;
      if (this.waitedMs >= this.floor.windowMs) {
        if (!came && this.given < this.floor.bytes)
          throw new ProblemException('request-timeout', { headers: { connection: 'close' } });
        this.waitedMs = 0;
        this.given = 0;
      }
      if (came) return came;
    }
  }
}

const brokenOff = (cause: unknown): never => {
  throw new ProblemException('malformed-request', { cause });
};

/**
 * The body stays in the request for its route to read; the server's parsers get an empty one in its
 * place.
 */
export const leaveBody: preParsingHookHandler = (request, _reply, _payload, done) => {
  const nothing: RequestPayload = Readable.from([]);
  // What the parser compares with Content-Length.
  nothing.receivedEncodedLength = Number(request.headers['content-length'] ?? 0);
  done(null, nothing);
};

export const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** The media type alone; the authorization hook has checked its parameters. */
export const mediaTypeOf = (contentType: string | undefined): string =>
  (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
