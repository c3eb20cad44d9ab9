import type { RecordedEvent } from '@eventstore/db-client';
import { LRUCache } from 'lru-cache';
import type { EventId, StreamName } from '../../domain/shared/ids.js';
import { CommitSignal, CommitListeners } from '../commits.js';
import type { LoggedEvent, Position } from '../event-log.js';
import {
  comparePositions,
  isPlausible,
  type AllPosition,
  type IndexRow,
} from './position-index.js';
import { RecentEvents, RecentRows } from './recent-events.js';
import type { LogReporter } from './report.js';
import { FurthestEvent, seenEventOf, type SeenLog } from './seen-log.js';
import { fromStored, type StoredEvent, type StreamNames } from './stored-form.js';

/** The row after which the count starts. */
export interface StartPoint {
  readonly row: IndexRow | undefined;
  /** The beginning of the log, if there is no row. */
  readonly origin: AllPosition;
  readonly recordedAt?: string;
}

/**
 * `gap`: the server skipped an event before this one; nothing was taken, and the subscription must
 * go back. `contradiction`: another event was seen at this place; nothing was taken, and the log
 * went back in time.
 */
export type Taken = 'taken' | 'ignored' | 'gap' | 'contradiction';

/**
 * The log as far as this process's subscription has delivered it, counted densely and in order. All
 * changes happen in the event-loop turn of the event's arrival, so other code always sees a
 * consistent state.
 */
export class LocalLog implements SeenLog {
  readonly recent: RecentEvents;
  readonly recentRows = new RecentRows();
  readonly listeners = new CommitListeners();
  readonly commits = new CommitSignal();
  readonly progress = new SubscriptionProgress();
  readonly furthest = new FurthestEvent();
  /** Called when an answer of the server contradicts the local log. */
  onCheckRequested: () => void = () => undefined;
  /**
   * The last position that subscribers were given. Positions up to it may be counted again for the
   * index.
   */
  head: Position = -1;
  lastEventId: EventId | undefined;
  lastRecordedAt: string | undefined;
  recordedThroughMs = 0;
  /** Counts all arrivals, to distinguish a silent subscription from a busy one. */
  receivedCount = 0;
  /** The subscription resumes after this position. */
  countedAt: AllPosition | undefined;
  private counted: Position = -1;
  private countedThroughMs = 0;
  private readonly heads = new StreamRevisions();
  private acceptedGap: string | undefined;
  private woken = false;

  constructor(
    private readonly names: StreamNames,
    private readonly report: LogReporter,
    private readonly received: (event: LoggedEvent, stored: StoredEvent) => void,
    recentEvents?: number,
  ) {
    this.recent = new RecentEvents(recentEvents);
  }

  /**
   * Continues the count from here. Events that subscribers already have are not delivered again.
   */
  begin({ row, origin, recordedAt }: StartPoint): void {
    this.counted = row?.position ?? -1;
    this.countedAt = row ?? origin;
    this.countedThroughMs = row?.recordedThroughMs ?? 0;
    this.recentRows.clear();
    this.heads.clear();
    this.progress.reach(this.countedAt);
    if (row)
      this.furthest.see({
        stream: this.names.onServer(row.stream),
        revision: row.revision,
        id: row.eventId,
        at: row,
      });
    if (this.counted <= this.head || row === undefined) return;
    this.head = this.counted;
    this.lastEventId = row.eventId;
    this.lastRecordedAt = recordedAt;
    this.recordedThroughMs = this.countedThroughMs;
  }

  revisionOf(serverName: string): number {
    const stream = this.names.ofLog(serverName);
    return (stream === undefined ? 0 : (this.heads.next(stream) ?? 0)) - 1;
  }

  get allThrough(): AllPosition | undefined {
    return this.countedAt;
  }

  requestCheck(): void {
    this.onCheckRequested();
  }

  /**
   * Takes the next event in the order of `$all`; ignores one that arrives again or from before the
   * start.
   */
  take(recorded: RecordedEvent): Taken {
    const at = recorded.position;
    this.receivedCount += 1;
    if (at === undefined || !isPlausible(at)) return 'ignored';
    const stream = this.names.ofLog(recorded.streamId);
    const revision = Number(recorded.revision);
    if (this.countedAt && comparePositions(at, this.countedAt) <= 0) {
      return stream !== undefined && this.contradictsEarlier(stream, recorded)
        ? 'contradiction'
        : 'ignored';
    }
    // A stream's revisions only rise, even after a deletion: a lower one later in `$all` is the
    // second of its number.
    if (stream !== undefined && revision < (this.heads.next(stream) ?? 0)) return 'contradiction';
    if (stream !== undefined && this.leavesGap(stream, revision)) return 'gap';

    const stored = stream === undefined ? undefined : fromStored(recorded, stream);
    // When the log is counted again for the index, the last event given to subscribers must be in
    // its place.
    if (stored && this.counted + 1 === this.head && stored.event.id !== this.lastEventId)
      return 'contradiction';
    if (stream !== undefined) this.heads.move(stream, revision);
    if (stored) this.count(stored);
    else if (stream !== undefined) this.report({ kind: 'log-event-foreign', stream, revision });
    this.countedAt = at;
    this.furthest.see(seenEventOf(recorded));
    this.progress.reach(at);
    return stored ? 'taken' : 'ignored';
  }

  private count(stored: StoredEvent): void {
    const { event, at } = stored;
    const position = this.counted + 1;
    this.counted = position;
    this.countedThroughMs = Math.max(this.countedThroughMs, Date.parse(event.recordedAt));
    this.recentRows.add({
      position,
      commit: at.commit,
      prepare: at.prepare,
      eventId: event.id,
      stream: event.stream,
      revision: event.revision,
      type: event.type,
      commandId: event.metadata.commandId,
      commandIndex: event.metadata.index,
      recordedThroughMs: this.countedThroughMs,
    });
    if (position > this.head) this.publish({ position, ...event }, stored);
  }

  private publish(event: LoggedEvent, stored: StoredEvent): void {
    this.head = event.position;
    this.lastEventId = event.id;
    this.lastRecordedAt = event.recordedAt;
    this.recordedThroughMs = this.countedThroughMs;
    this.recent.add(event);
    this.listeners.publish([event]);
    this.received(event, stored);
    this.wakeFollowers();
  }

  /**
   * Once for each turn of the event loop, so that events that arrived together are read together.
   */
  private wakeFollowers(): void {
    if (this.woken) return;
    this.woken = true;
    setImmediate(() => {
      this.woken = false;
      this.commits.notify();
    });
  }

  /**
   * Whether an event from before the counted position differs from the one counted there, as far as
   * remembered.
   */
  private contradictsEarlier(
    stream: StreamName,
    { id, revision, position }: RecordedEvent,
  ): boolean {
    const counted = this.recentRows
      .ofStream(stream)
      .find((row) => row.revision === Number(revision));
    if (counted) return counted.eventId !== id || counted.commit !== position?.commit;
    return Number(revision) >= (this.heads.next(stream) ?? Number.POSITIVE_INFINITY);
  }

  /**
   * If the server leaves out the same events again, the gap is in the stream and not in the
   * delivery.
   */
  private leavesGap(stream: StreamName, revision: number): boolean {
    const expected = this.heads.next(stream);
    if (expected === undefined || revision === expected) return false;
    const gap = `${stream}@${expected}-${revision}`;
    if (this.acceptedGap === gap) return false;
    this.acceptedGap = gap;
    this.report({ kind: 'log-subscription-gap', stream, expected, received: revision });
    return true;
  }
}

interface Waiting {
  readonly at: AllPosition;
  readonly settle: (passed: boolean) => void;
}

/**
 * How far the subscription has come in `$all`, and the callers that wait for a position, each until
 * its own deadline.
 */
export class SubscriptionProgress {
  private reached: AllPosition | undefined;
  private readonly waiting = new Set<Waiting>();

  hasPassed(at: AllPosition): boolean {
    return this.reached !== undefined && comparePositions(at, this.reached) <= 0;
  }

  /** Whether the position is reached within this time. */
  async passed(at: AllPosition, withinMs: number): Promise<boolean> {
    if (this.hasPassed(at)) return true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => waiting.settle(false), withinMs);
      const waiting: Waiting = {
        at,
        settle: (passed) => {
          clearTimeout(timer);
          this.waiting.delete(waiting);
          resolve(passed);
        },
      };
      this.waiting.add(waiting);
    });
  }

  reach(at: AllPosition): void {
    if (this.hasPassed(at)) return;
    this.reached = at;
    for (const waiting of this.waiting) if (this.hasPassed(waiting.at)) waiting.settle(true);
  }

  /** Ends all waits: nothing more will arrive. */
  end(): void {
    for (const waiting of this.waiting) waiting.settle(false);
  }
}

/** Enough for all streams that are written to at the same time. */
const MAX_STREAMS = 10_000;

/**
 * The last revision of each recently written stream. A revision that does not follow it shows that
 * an event is missing.
 */
class StreamRevisions {
  // A `max` would allocate its arrays at once, of this size.
  private readonly revisions = new LRUCache<string, number>({
    maxSize: MAX_STREAMS,
    sizeCalculation: () => 1,
  });

  /** The next revision of this stream; undefined if unknown. */
  next(stream: string): number | undefined {
    // Only events refresh an entry; a lookup must not.
    const last = this.revisions.peek(stream);
    return last === undefined ? undefined : last + 1;
  }

  move(stream: string, revision: number): void {
    this.revisions.set(stream, revision);
  }

  clear(): void {
    this.revisions.clear();
  }
}
