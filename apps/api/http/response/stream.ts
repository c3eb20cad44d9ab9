import { StreamableFile } from '@nestjs/common';
import { Readable } from 'node:stream';
import type { RequestContext } from '../request/request-context.js';

/**
 * An answer that is written while its source produces it. If the client disconnects, the source is
 * ended (its `finally` runs). A source that waits must listen to `context.signal`, which is also
 * aborted when the service stops.
 */
export function streamed(
  context: RequestContext,
  mediaType: string,
  chunks: AsyncIterable<string | Uint8Array>,
): StreamableFile {
  const { reply } = context;
  reply.headers({
    'content-type': mediaType,
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  const readable =
    chunks instanceof Readable ? chunks : Readable.from(chunks, { objectMode: false });
  return new StreamableFile(readable, { type: mediaType });
}

/**
 * One event of a `text/event-stream` (WHATWG HTML, 9.2). The client sends `id` back as
 * Last-Event-ID.
 */
export const serverSentEvent = (data: unknown, id?: string, event?: string): string =>
  `${id === undefined ? '' : `id: ${id}\n`}${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`;

/**
 * A comment, which clients ignore. It sends the headers early, and keeps proxies from closing a
 * quiet stream.
 */
export const heartbeat = ': \n\n';
