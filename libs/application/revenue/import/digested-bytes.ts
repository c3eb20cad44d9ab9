import { createHash } from 'node:crypto';

/**
 * An upload's bytes with the digest of all of them, also of those that come after a reader has
 * given up. A reader that stops early does not end the source: the rest is still to be read.
 */
export class DigestedBytes implements AsyncIterable<Uint8Array> {
  private readonly hash = createHash('sha256');
  private readonly source: AsyncIterator<Uint8Array>;

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.source = bytes[Symbol.asyncIterator]();
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return { next: () => this.next() };
  }

  /** Reads what nobody has read. SHA-256, base64url, as fingerprints have it. */
  async digest(): Promise<string> {
    while (!(await this.next()).done);
    return this.hash.digest('base64url');
  }

  private async next(): Promise<IteratorResult<Uint8Array>> {
    const result = await this.source.next();
    if (!result.done) this.hash.update(result.value);
    return result;
  }
}
