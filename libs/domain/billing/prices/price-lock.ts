/** One publication of a month's prices. A list has them in the log's order. */
export interface PriceRevision {
  /** The UTC day on which it was published. */
  readonly publishedOn: string;
}

/**
 * The prices that a term is locked to: the last revision published by its first day, or else the
 * first one that was published for that month at all. Later revisions of the month do not count.
 */
export const lockedRevision = <Revision extends PriceRevision>(
  revisions: readonly Revision[],
  termStart: string,
): Revision | undefined =>
  revisions.findLast(({ publishedOn }) => publishedOn <= termStart) ?? revisions[0];
