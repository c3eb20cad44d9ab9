import { hash } from 'node:crypto';
import { isUnchanged } from '../response/answer.js';
import type { RequestContext } from '../request/request-context.js';

/** A text of the release that browsers may cache. */
export interface PublishedFile {
  readonly text: string;
  readonly contentType: string;
  readonly cacheControl: string;
  readonly etag: string;
}

export const filed = (text: string, contentType: string, cacheControl: string): PublishedFile => ({
  text,
  contentType,
  cacheControl,
  etag: `"${hash('sha256', text, 'base64url')}"`,
});

export function fileAnswer(
  { reply }: RequestContext,
  { text, contentType, cacheControl, etag }: PublishedFile,
): string {
  reply.headers({ etag, 'cache-control': cacheControl });
  if (isUnchanged(reply, etag)) {
    reply.code(304);
    return '';
  }
  reply.header('content-type', contentType);
  return text;
}
