import { randomUUID } from 'node:crypto';
import { LogUnavailable } from '../errors.js';
import { StaleNode } from './errors.js';
import { comparePositions, type AllPosition } from './position-index.js';
import type { Attempts, AppendAttempts } from './append-attempts.js';
import type { ServerReads } from './server-reads.js';
import { wireEvent, type StreamNames } from './stored-form.js';
import { Backoff } from './timeouts.js';

/** A stored form. */
const LOG_BEGUN = 'LogBegun';

/**
 * Where the log begins in `$all`: at a mark that whoever opens it first writes before anything
 * else. On a server that is full of other applications' events nobody has to look at what lies
 * before, neither to count nor to find the log's end.
 */
export async function logOrigin(
  server: ServerReads,
  appends: AppendAttempts,
  names: StreamNames,
  attempts: Attempts,
): Promise<AllPosition> {
  const mark = await server.lastOf(names.origin);
  if (mark?.position) return mark.position;
  const event = wireEvent(randomUUID(), LOG_BEGUN, '{}', { version: 1 });
  // A conflict: another process was faster, and its mark is the one.
  await appends.untilKnown(
    { stream: names.origin, expectedRevision: -1, events: [event] },
    attempts,
  );
  const written = await server.lastOf(names.origin);
  if (!written?.position)
    throw new LogUnavailable('EventStoreDB does not give back what was written');
  return written.position;
}

/**
 * The last event is nearly always one of ours; behind other applications' events it is looked for
 * in growing pages.
 */
const FIRST_PAGE = 4;
const PAGE_GROWTH = 8;
const LARGEST_PAGE = 500;

/**
 * How far the log goes on the server. Callers share a read of the leader, but only one that began
 * after they came.
 */
export class LogEnd {
  private running: Promise<AllPosition | undefined> | undefined;
  private next: Promise<AllPosition | undefined> | undefined;
  /**
   * The last of ours at or before `top`, as a search has found: where others write much, none goes
   * further back than the one before.
   */
  private searched:
    { readonly top: AllPosition; readonly own: AllPosition | undefined } | undefined;

  constructor(
    private readonly server: ServerReads,
    private readonly names: StreamNames,
  ) {}

  /** Where the last event, claim or mark of ours lies; undefined when there is none. */
  find(): Promise<AllPosition | undefined> {
    if (!this.running) return this.begin();
    this.next ??= this.running.then(
      () => this.begin(),
      () => this.begin(),
    );
    return this.next;
  }

  private begin(): Promise<AllPosition | undefined> {
    this.next = undefined;
    const running = this.search().finally(() => {
      if (this.running === running) this.running = undefined;
    });
    this.running = running;
    return running;
  }

  /**
   * An end before what was handed over is that of a node that no longer leads: another one is
   * asked.
   */
  private async search(): Promise<AllPosition | undefined> {
    const { seen } = this.server;
    const deadline = this.server.deadline();
    for (const backoff = new Backoff(50, 1_000); ;) {
      const { allThrough } = seen;
      const own = await this.searchOnce();
      if (!allThrough || (own && comparePositions(own, allThrough) >= 0)) return own;
      this.searched = undefined;
      seen.requestCheck();
      this.server.distrust(new StaleNode('the log'));
      if (deadline.passed)
        throw new LogUnavailable(
          'EventStoreDB gives an older end of the log than before; try again',
        );
      await backoff.wait(deadline);
    }
  }

  private async searchOnce(): Promise<AllPosition | undefined> {
    let before: AllPosition | undefined;
    let top: AllPosition | undefined;
    for (let count = FIRST_PAGE; ; count = Math.min(count * PAGE_GROWTH, LARGEST_PAGE)) {
      const { events, atEnd } = await this.server.allBackwards(before, count);
      top ??= events[0]?.position;
      if (this.server.seen.furthest.isLeftOutOf(events)) this.server.seen.requestCheck();
      for (const { streamId, position } of events) {
        if (position === undefined) continue;
        if (this.names.isOurs(streamId)) return this.found(position, top);
        if (this.searched && comparePositions(position, this.searched.top) <= 0)
          return this.found(this.searched.own, top);
        before = position;
      }
      if (atEnd) return this.found(undefined, top);
    }
  }

  private found(
    own: AllPosition | undefined,
    top: AllPosition | undefined,
  ): AllPosition | undefined {
    if (top) this.searched = { top, own };
    return own;
  }
}
