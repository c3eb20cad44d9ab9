import { randomUUID } from 'node:crypto';
import { LogUnavailable } from '../errors.js';
import { StaleNode } from './errors.js';
import { comparePositions, type AllPosition } from './position-index.js';
import type { Attempts, AppendAttempts } from './append-attempts.js';
import type { ServerReads } from './server-reads.js';
import { wireEvent, type StreamNames } from './stored-form.js';
import { Backoff } from '../../platform/time/backoff.js';

/** A stored form. */
const LOG_BEGUN = 'LogBegun';

/**
 * The beginning of the log in `$all`: a marker event that the first process writes before anything
 * else. On a server full of other applications' events, neither counting nor the search for the
 * log's end has to go back further.
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
  // On a conflict another process has written the marker first, and its marker counts.
  await appends.untilKnown(
    { stream: names.origin, expectedRevision: -1, events: [event] },
    attempts,
  );
  const written = await server.lastOf(names.origin);
  if (!written?.position) throw new LogUnavailable('EventStoreDB does not return what was written');
  return written.position;
}

/**
 * The last event is nearly always one of this log. If other applications' events follow it, the
 * search reads growing pages backwards.
 */
const FIRST_PAGE = 4;
const PAGE_GROWTH = 8;
const LARGEST_PAGE = 500;

/**
 * Finds the end of the log on the server. Concurrent callers share a read of the leader, but only
 * one that began after their call.
 */
export class LogEnd {
  private running: Promise<AllPosition | undefined> | undefined;
  private next: Promise<AllPosition | undefined> | undefined;
  /**
   * The result of the last search: the log's last event at or before `top`. If other applications
   * write much, the next search need not go further back.
   */
  private searched:
    { readonly top: AllPosition; readonly own: AllPosition | undefined } | undefined;

  constructor(
    private readonly server: ServerReads,
    private readonly names: StreamNames,
  ) {}

  /** The position of the log's last event, claim or marker; undefined when there is none. */
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
   * If the node reports an end before the received position, it no longer leads: another node is
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
          'EventStoreDB returned an older end of the log than before; try again',
        );
      await deadline.wait(backoff.nextMs());
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
