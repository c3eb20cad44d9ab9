import type { RecordedEvent } from '@eventstore/db-client';
import type { EventId, StreamName } from '../../domain/shared/ids.js';
import { CommitSignal } from '../commit-signal.js';
import type { LoggedEvent, Position } from '../event-log.js';
import { CommitListeners } from '../listeners.js';
import { comparePositions, isPlausible } from './all-position.js';
import { HandOver } from './hand-over.js';
import type { AllPosition, IndexedEvent } from './log-index.js';
import { Passing } from './passing.js';
import { RecentEvents } from './recent-events.js';
import { FurthestSeen, seenEventOf } from './seen-event.js';
import type { LogReporter } from './report.js';
import { fromStored, type StoredEvent } from './stored-event.js';
import { StreamHeads } from './stream-heads.js';
import type { StreamNames } from './stream-names.js';
import { Tail } from './tail.js';
import type { WhatWasSeen } from './what-was-seen.js';

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
export class KnownLog implements WhatWasSeen {
  readonly recent: RecentEvents;
  readonly tail = new Tail();
  readonly handOver = new HandOver();
  readonly listeners = new CommitListeners();
  readonly commits = new CommitSignal();
  readonly passing = new Passing();
  readonly furthest = new FurthestSeen();
  /** Called when an answer of the server does not fit what is known. */
  doubted: () => void = () => undefined;
  /** How far followers have been told; behind it the log may be counted again for the index. */
  head: Position = -1;
  lastEventId: EventId | undefined;
  lastRecordedAt: string | undefined;
  recordedThroughMs = 0;
  /** Counts whatever arrives, so that a silent subscription can be told from a busy one. */
  arrivals = 0;
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
    private readonly arrived: (stored: StoredEvent) => void,
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

  doubt(): void {
    this.doubted();
  }

  /** In the order of `$all`; what comes again or from before is ignored. */
  take(recorded: RecordedEvent): Taken {
    const at = recorded.position;
    this.arrivals += 1;
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
    this.arrived(stored);
    this.handOver.hand(event, stored.writer);
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
