import type { RecordedEvent } from '@eventstore/db-client';
import type { EventId, StreamName } from '../../domain/shared/ids.js';
import { CommitSignal, CommitListeners } from '../commits.js';
import type { LoggedEvent, Position } from '../event-log.js';
import {
  comparePositions,
  isPlausible,
  type AllPosition,
  type IndexedEvent,
} from './position-index.js';
import { RecentEvents, RecentRows } from './recent-events.js';
import type { LogReporter } from './report.js';
import { FurthestEvent, seenEventOf, type SeenLog } from './seen-log.js';
import { fromStored, type StoredEvent, type StreamNames } from './stored-form.js';

/** Where counting begins: behind this event. */
export interface StartPoint {
  readonly row: IndexedEvent | undefined;
  /** Where the log begins, if it is counted from there. */
  readonly origin: AllPosition;
  readonly recordedAt?: string;
}

/**
 * `gap`: something before this event was left out; nothing was taken, the subscription has to go
 * back. `contradiction`: another event was seen where this one is; nothing was taken, the log went
 * back in time.
 */
export type Taken = 'taken' | 'ignored' | 'gap' | 'contradiction';

/**
 * The log as this process knows it: what its subscription has brought so far, counted densely, in
 * order. Everything here happens in the turn of the event's arrival, so that whoever looks between
 * two turns sees a whole state.
 */
export class LocalLog implements SeenLog {
  readonly recent: RecentEvents;
  readonly tail = new RecentRows();
  readonly listeners = new CommitListeners();
  readonly commits = new CommitSignal();
  readonly passing = new SubscriptionProgress();
  readonly furthest = new FurthestEvent();
  /** Called when an answer of the server does not fit what is known. */
  onCheckRequested: () => void = () => undefined;
  /** How far followers have been told; behind it the log may be counted again for the index. */
  head: Position = -1;
  lastEventId: EventId | undefined;
  lastRecordedAt: string | undefined;
  recordedThroughMs = 0;
  /** Counts whatever arrives, so that a silent subscription can be told from a busy one. */
  receivedCount = 0;
  /** Behind what the subscription goes on. */
  countedAt: AllPosition | undefined;
  private counted: Position = -1;
  private countedThroughMs = 0;
  private readonly heads = new StreamHeads();
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

  /** Counts on from here. What followers have been told already they are not told again. */
  begin({ row, origin, recordedAt }: StartPoint): void {
    this.counted = row?.position ?? -1;
    this.countedAt = row ?? origin;
    this.countedThroughMs = row?.recordedThroughMs ?? 0;
    this.tail.clear();
    this.heads.clear();
    this.passing.reach(this.countedAt);
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

  /** In the order of `$all`; what comes again or from before is ignored. */
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
    // A stream's revisions only rise, also after it was deleted: a lower one further on is the
    // second of its number.
    if (stream !== undefined && revision < (this.heads.next(stream) ?? 0)) return 'contradiction';
    if (stream !== undefined && this.leavesGap(stream, revision)) return 'gap';

    const stored = stream === undefined ? undefined : fromStored(recorded, stream);
    // Counted again for the index: what followers were told last has to be in its place.
    if (stored && this.counted + 1 === this.head && stored.event.id !== this.lastEventId)
      return 'contradiction';
    if (stream !== undefined) this.heads.move(stream, revision);
    if (stored) this.count(stored);
    else if (stream !== undefined) this.report({ kind: 'log-event-foreign', stream, revision });
    this.countedAt = at;
    this.furthest.see(seenEventOf(recorded));
    this.passing.reach(at);
    return stored ? 'taken' : 'ignored';
  }

  private count(stored: StoredEvent): void {
    const { event, at } = stored;
    const position = this.counted + 1;
    this.counted = position;
    this.countedThroughMs = Math.max(this.countedThroughMs, Date.parse(event.recordedAt));
    this.tail.add({
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
    if (position > this.head) this.tell({ position, ...event }, stored);
  }

  private tell(event: LoggedEvent, stored: StoredEvent): void {
    this.head = event.position;
    this.lastEventId = event.id;
    this.lastRecordedAt = event.recordedAt;
    this.recordedThroughMs = this.countedThroughMs;
    this.recent.add(event);
    this.listeners.tell([event]);
    this.received(event, stored);
    this.wakeFollowers();
  }

  /** Once a turn of the event loop: what has arrived together is read together. */
  private wakeFollowers(): void {
    if (this.woken) return;
    this.woken = true;
    setImmediate(() => {
      this.woken = false;
      this.commits.notify();
    });
  }

  /**
   * An event from before what was counted: is it the one that was counted there, as far as that is
   * remembered?
   */
  private contradictsEarlier(
    stream: StreamName,
    { id, revision, position }: RecordedEvent,
  ): boolean {
    const counted = this.tail.ofStream(stream).find((row) => row.revision === Number(revision));
    if (counted) return counted.eventId !== id || counted.commit !== position?.commit;
    return Number(revision) >= (this.heads.next(stream) ?? Number.POSITIVE_INFINITY);
  }

  /**
   * The server asked again gives the same: then it is the stream that has the gap, and not its
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
 * How far the subscription has come in `$all`, and who waits for it. Each waits until its own
 * deadline.
 */
export class SubscriptionProgress {
  private reached: AllPosition | undefined;
  private readonly waiting = new Set<Waiting>();

  hasPassed(at: AllPosition): boolean {
    return this.reached !== undefined && comparePositions(at, this.reached) <= 0;
  }

  /** Whether it has been passed within so long. */
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

  /** Nothing more will come. */
  end(): void {
    for (const waiting of this.waiting) waiting.settle(false);
  }
}

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
