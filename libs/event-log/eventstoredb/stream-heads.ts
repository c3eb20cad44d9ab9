/** Enough for every stream that is written to at the same time. */
const MAX_STREAMS = 10_000;

/**
 * The last revision that was seen of each recently written stream: a revision that does not follow
 * it means that something is missing.
 */
export class StreamHeads {
  private readonly revisions = new Map<string, number>();

  /** What must come next in this stream; undefined if that is not known. */
  next(stream: string): number | undefined {
    const last = this.revisions.get(stream);
    return last === undefined ? undefined : last + 1;
  }

  move(stream: string, revision: number): void {
    this.revisions.delete(stream);
    this.revisions.set(stream, revision);
    if (this.revisions.size <= MAX_STREAMS) return;
    const [oldest] = this.revisions.keys();
    if (oldest !== undefined) this.revisions.delete(oldest);
  }

  clear(): void {
    this.revisions.clear();
  }
}
