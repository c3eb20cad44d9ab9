import { createHash } from 'node:crypto';

/**
 * An upload's bytes, and the digest of all of them. A reader may stop early; the digest covers the
 * remaining bytes too.
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

  /**
   * Reads the remaining bytes, and returns the digest (SHA-256, base64url) in the form that
   * fingerprints use.
   */
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
