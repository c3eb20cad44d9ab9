import type { FastifyRequest, RequestPayload, preParsingHookHandler } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { type LimitSettings, usualLimits } from '../../../../libs/platform/limit-settings.js';
import { within } from '../../../../libs/platform/time/within.js';
import { contentEncoding, gunzipped } from './gzip-body.js';
import { ProblemException } from '../problems/problem.js';

/** How long the rest of an abandoned body is read and dropped. */
const DROPPED_WITHIN_MS = 60_000;

/**
 * Sockets on which an upload is read while it arrives. Their silence has a separate limit; the
 * whole upload has none.
 */
const uploading = new WeakSet<Socket>();
export const isUploading = (socket: Socket): boolean => uploading.has(socket);

/**
 * A body that is read while it arrives, at the pace of its reader. A reader that stops early does
 * not close the connection.
 */
export class UploadStream implements AsyncIterable<Uint8Array> {
  private bytes = 0;
  /**
   * In the current window: how long the service has waited for the client, and how many bytes it
   * has sent.
   */
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

  /** The bytes after decompression. */
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

  /** In any case the connection gets its ordinary limits back. */
  end(): void {
    const { request } = this;
    uploading.delete(request.socket);
    if (request.readableEnded || request.destroyed) return;
    void this.pieces.return?.();
    const drop = setTimeout(() => request.socket.destroy(), DROPPED_WITHIN_MS).unref();
    request.once('close', () => clearTimeout(drop));
  }

  /**
   * Counts only the time that the service waits for the client. If the connection breaks, no answer
   * can be sent.
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

/** The body stays in the request for its route. The server's parsers get an empty body instead. */
export const leaveBody: preParsingHookHandler = (request, _reply, _payload, done) => {
  const nothing: RequestPayload = Readable.from([]);
  // The parser compares this with Content-Length.
  nothing.receivedEncodedLength = Number(request.headers['content-length'] ?? 0);
  done(null, nothing);
};

export const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** The media type without parameters, which the authorization hook has checked. */
export const mediaTypeOf = (contentType: string | undefined): string =>
  (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
