import { LRUCache } from 'lru-cache';
import type { StreamName } from '../../../domain/shared/ids.js';
import type { EventLog, LoggedEvent } from '../../../event-log/event-log.js';
import type { Snapshots } from '../../../read-models/opened-stores.js';
import type { Fold, FoldOf, Loaded } from './fold.js';
import { startOf } from './snapshot-start.js';
import { step, View } from './view.js';

interface Held extends Loaded<unknown> {
  readonly fold: Fold<unknown>;
  readonly lastEventId: LoggedEvent['id'] | undefined;
  /** Events folded since the last snapshot was read or written. */
  readonly sinceSnapshot: number;
}

const STREAMS_AT_MOST = 25_000;
const SNAPSHOT_EVERY_EVENTS = 64;

/**
 * The present: folded states by stream, each at its revision, updated by every commit that this
 * process learns of. A state that is stale all the same (another process was faster) is found by
 * the expected revision and the guards of the append that follows.
 */
export class StateCache extends View {
  private readonly held: LRUCache<StreamName, Held>;
  private readonly loading = new Map<StreamName, Promise<Held>>();
  /** Streams that moved while they were being read. */
  private readonly moved = new Set<StreamName>();
  /**
   * Where a read is a call to another machine, a stream is held from its first event on, which comes
   * with the commits, and is never read.
   */
  private readonly holdsFromFirst: boolean;

  constructor(
    private readonly log: EventLog,
    private readonly foldOf: FoldOf,
    private readonly snapshots?: Snapshots,
    streamsAtMost = STREAMS_AT_MOST,
  ) {
    super();
    // A `max` would allocate its arrays at once: 10 ms of a start.
    this.held = new LRUCache({ maxSize: streamsAtMost, sizeCalculation: () => 1 });
    this.holdsFromFirst = log.capabilities.guards === 'none';
    log.onCommitted((events) => {
      for (const event of events) this.follow(event);
    });
  }

  load<State>(fold: Fold<State>): Promise<Loaded<State>> | Loaded<State> {
    const held =
      this.held.get(fold.stream) ??
      this.loading.get(fold.stream) ??
      this.read(fold as Fold<unknown>);
    // A stream has one fold, so the state held for it is that fold's.
    return held as Promise<Loaded<State>> | Loaded<State>;
  }

  /** Learns of the commits of other processes. */
  catchUp(): Promise<void> {
    return this.log.catchUp();
  }

  /** Drops a state that an append has shown to be stale. */
  forget(stream: StreamName): void {
    this.held.delete(stream);
  }

  private follow(event: LoggedEvent): void {
    if (this.loading.has(event.stream)) this.moved.add(event.stream);
    const held = this.held.peek(event.stream) ?? this.fromFirst(event);
    if (!held || event.revision <= held.revision) return;
    if (event.revision > held.revision + 1) this.held.delete(event.stream);
    else this.hold(event.stream, held, event);
  }

  private fromFirst({ stream, revision }: LoggedEvent): Held | undefined {
    const fold =
      this.holdsFromFirst && revision === 0 && !this.loading.has(stream)
        ? this.foldOf(stream)
        : undefined;
    return (
      fold && { fold, state: fold.initial, revision: -1, lastEventId: undefined, sinceSnapshot: 0 }
    );
  }

  private hold(stream: StreamName, held: Held, event: LoggedEvent): void {
    try {
      this.held.set(stream, this.snapshotWhenDue(advance(held, event)));
    } catch {
      // This build does not know the event: the next load throws to the command that needs it.
      this.held.delete(stream);
    }
  }

  private read(fold: Fold<unknown>): Promise<Held> {
    const reading = this.readThrough(fold).finally(() => {
      this.loading.delete(fold.stream);
      this.moved.delete(fold.stream);
    });
    this.loading.set(fold.stream, reading);
    return reading;
  }

  private async readThrough(fold: Fold<unknown>): Promise<Held> {
    if (fold.revisionOnly) return this.readRevision(fold);
    let held: Held = { fold, sinceSnapshot: 0, ...(await startOf(this.log, this.snapshots, fold)) };
    do {
      this.moved.delete(fold.stream);
      for await (const page of this.log.readStream(fold.stream, { from: held.revision + 1 })) {
        for (const event of page) held = advance(held, event);
      }
    } while (this.moved.has(fold.stream));
    held = this.snapshotWhenDue(held);
    this.held.set(fold.stream, held);
    return held;
  }

  private async readRevision(fold: Fold<unknown>): Promise<Held> {
    let revision: number;
    do {
      this.moved.delete(fold.stream);
      revision = await this.log.revisionOf(fold.stream);
    } while (this.moved.has(fold.stream));
    const held: Held = {
      fold,
      state: fold.initial,
      revision,
      lastEventId: undefined,
      sinceSnapshot: 0,
    };
    this.held.set(fold.stream, held);
    return held;
  }

  private snapshotWhenDue(held: Held): Held {
    const { fold, state, revision, lastEventId, sinceSnapshot } = held;
    if (
      fold.snapshotVersion === undefined ||
      lastEventId === undefined ||
      sinceSnapshot < SNAPSHOT_EVERY_EVENTS
    )
      return held;
    this.snapshots?.put(fold.stream, fold.snapshotVersion, {
      revision,
      eventId: lastEventId,
      state: JSON.stringify(state),
    });
    return { ...held, sinceSnapshot: 0 };
  }
}

const advance = (held: Held, event: LoggedEvent): Held => ({
  fold: held.fold,
  state: step(held.fold, held.state, event),
  revision: event.revision,
  lastEventId: event.id,
  sinceSnapshot: held.sinceSnapshot + 1,
});
