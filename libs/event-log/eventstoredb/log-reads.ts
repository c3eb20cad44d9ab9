import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RecordedEvent } from '@eventstore/db-client';
import type { StreamName } from '../../domain/shared/ids.js';
import { LogUnavailable } from '../errors.js';
import type { LoggedEvent, Page, ReadAll, ReadStream, Position } from '../event-log.js';
import { type EventFetch, fitting, type IndexRows } from './event-lookup.js';
import type { LocalLog } from './local-log.js';
import { comparePositions, type AllPosition } from './position-index.js';
import { MAX_PAGE_BYTES, MAX_PAGE_EVENTS, type ServerReads } from './server-reads.js';
import { fromStored, type StreamNames, approximateBytes } from './stored-form.js';
import type { SubscriptionWait } from './subscription.js';

/**
 * If a filter matches at least this share of the log, the log is scanned; else the events are read
 * one by one.
 */
const DENSE_SHARE = 0.1;

export interface LogReadsParts {
  readonly server: ServerReads;
  readonly local: LocalLog;
  readonly rows: IndexRows;
  readonly scan: LogScan;
  readonly fetch: EventFetch;
  readonly wait: SubscriptionWait;
  readonly names: StreamNames;
}

/**
 * Reads streams from the leader, and the log from memory where it is recent, else from the server.
 * In pages of bounded size.
 */
export class LogReads {
  constructor(private readonly parts: LogReadsParts) {}

  async *streamPages(
    stream: StreamName,
    options: ReadStream,
  ): AsyncIterable<readonly LoggedEvent[]> {
    const { direction = 'forwards', limit = Infinity, upTo = Infinity } = options;
    const forwards = direction === 'forwards';
    let { from } = options;
    let left = upTo < 0 ? 0 : limit;
    while (left > 0) {
      const cut = { direction, from, limit: left };
      const { events: recorded, atEnd } = await this.parts.server.streamPage(
        this.parts.names.onServer(stream),
        cut,
      );
      const last = recorded.at(-1);
      if (!last) return;
      const events = await this.positioned(stream, recorded);
      const within = events.filter(({ position }) => position <= upTo);
      left -= within.length;
      if (within.length > 0) yield within;
      from = Number(last.revision) + (forwards ? 1 : -1);
      if (atEnd || from < 0 || (forwards && within.length < events.length)) return;
    }
  }

  async lastRevision(stream: StreamName): Promise<number> {
    const last = await this.parts.server.lastOf(this.parts.names.onServer(stream));
    return last ? Number(last.revision) : -1;
  }

  /** Up to the local head at the time of the call. */
  async *pages(options: ReadAll): AsyncIterable<Page> {
    const { local } = this.parts;
    const end = Math.min(options.upTo ?? Infinity, local.head);
    const filtered = options.types !== undefined || options.streams !== undefined;
    let through = Math.max(options.after, -1);
    let left = options.limit ?? Infinity;
    while (through < end && left > 0) {
      const inMemory = local.recent.covers(through);
      const source = (cut: Cut) =>
        inMemory
          ? this.recentPages(cut)
          : filtered
            ? this.filteredPages(cut)
            : this.scannedPages(cut);
      for await (const page of source({ ...options, after: through, upTo: end, limit: left })) {
        through = page.through;
        left -= page.events.length;
        yield page;
        if (through >= end || left <= 0) return;
        await nextTurn();
        if (!inMemory && local.recent.covers(through)) break;
      }
    }
  }

  /** One page of recent events from memory. */
  private *recentPages({ after, upTo, limit, ...filter }: Cut): Iterable<Page> {
    const passed = this.parts.local.recent.page(after, upTo, MAX_PAGE_EVENTS, MAX_PAGE_BYTES);
    yield pageOf(passed, filter, limit, passed.at(-1)?.position ?? upTo);
  }

  private async *scannedPages({ after, upTo, limit, ...filter }: Cut): AsyncIterable<Page> {
    for await (const passed of this.parts.scan.pages(after, upTo)) {
      yield pageOf(passed, filter, limit, passed.at(-1)?.position ?? upTo);
    }
  }

  /**
   * If the filter matches much, its range is scanned; if little, its events are read one by one.
   */
  private async *filteredPages(cut: Cut): AsyncIterable<Page> {
    const { after, upTo, limit } = cut;
    const most = Math.min(limit, MAX_PAGE_EVENTS);
    const rows = await this.parts.rows.matching(cut, after, upTo, most);
    const through = rows.length === most ? (rows.at(-1)?.position ?? upTo) : upTo;
    if (rows.length >= (through - after) * DENSE_SHARE)
      yield* this.scannedPages({ ...cut, upTo: through });
    else yield* this.parts.fetch.pages(rows, through);
  }

  /** Adds the positions, which the subscription counts: waits until it has reached these events. */
  private async positioned(
    stream: StreamName,
    recorded: readonly RecordedEvent[],
  ): Promise<readonly LoggedEvent[]> {
    const stored = recorded
      .map((event) => fromStored(event, stream))
      .filter((event) => event !== undefined);
    const [first, last] = [stored[0], stored.at(-1)];
    if (!first || !last) return [];
    const at = comparePositions(first.at, last.at) > 0 ? first.at : last.at;
    if (!(await this.parts.wait.forRead(at))) {
      throw new LogUnavailable(
        'the subscription to EventStoreDB has not reached the events read yet; try again',
      );
    }
    const revisions = [first.event.revision, last.event.revision];
    const rows = await this.parts.rows.ofStream(
      stream,
      Math.min(...revisions),
      Math.max(...revisions),
    );
    const positions = new Map(
      rows.map(({ eventId, revision, position }) => [`${revision} ${eventId}`, position]),
    );
    return stored.map(({ event }) => {
      const position = positions.get(`${event.revision} ${event.id}`);
      if (position !== undefined) return { position, ...event };
      this.parts.local.requestCheck();
      throw new LogUnavailable(
        `the position of ${stream}@${event.revision} is being counted; try again`,
      );
    });
  }
}

/** `upTo` is at most the local head. */
type Cut = ReadAll & Required<Pick<ReadAll, 'upTo' | 'limit'>>;

function pageOf(
  passed: readonly LoggedEvent[],
  filter: Pick<ReadAll, 'types' | 'streams'>,
  limit: number,
  through: number,
): Page {
  const fits = filter.types || filter.streams ? fitting(filter) : () => true;
  const events = passed.filter(fits);
  if (events.length < limit) return { events, through };
  const within = events.slice(0, limit);
  return { events: within, through: within.at(-1)?.position ?? through };
}

/**
 * Reads a contiguous part of the log from `$all` on the server and counts positions from its first
 * event.
 */
export class LogScan {
  constructor(
    private readonly server: ServerReads,
    private readonly rows: IndexRows,
    private readonly names: StreamNames,
    private readonly origin: () => AllPosition | undefined,
  ) {}

  /** All events after `after` up to `through`, which must be in the log. */
  async *pages(after: Position, through: Position): AsyncIterable<readonly LoggedEvent[]> {
    const start = after < 0 ? this.origin() : await this.rows.at(after);
    if (!start) throw new LogUnavailable(`position ${after} is being counted; try again`);
    let page: LoggedEvent[] = [];
    let bytes = 0;
    let position = after;
    for await (const recorded of this.server.after(start)) {
      const stream = this.names.ofLog(recorded.streamId);
      const stored = stream === undefined ? undefined : fromStored(recorded, stream);
      if (!stored) continue;
      position += 1;
      const event = { position, ...stored.event };
      page.push(event);
      bytes += approximateBytes(event);
      if (position < through && page.length < MAX_PAGE_EVENTS && bytes < MAX_PAGE_BYTES) continue;
      await this.check(event);
      yield page;
      if (position >= through) return;
      [page, bytes] = [[], 0];
    }
  }

  /** The count must match the index; if not, the server skipped an event. */
  private async check({ position, id }: LoggedEvent): Promise<void> {
    const row = await this.rows.at(position);
    if (row?.eventId === id) return;
    this.server.seen.requestCheck();
    throw new LogUnavailable(
      `EventStoreDB gave another event at position ${position} than before; try again`,
    );
  }
}
