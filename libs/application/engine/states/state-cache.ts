import type { StreamName } from '../../../domain/shared/ids.js';
import type { EventLog, LoggedEvent } from '../../../event-log/event-log.js';
import type { Snapshots } from '../../../read-models/opened-stores.js';
import type { Fold, FoldOf, Loaded } from './fold.js';
import { emptyState, type FoldedState, FoldedStates, foldOn, startOf } from './folded-states.js';
import { View } from './view.js';

const SNAPSHOT_EVERY_EVENTS = 64;

/**
 * The present states: folded states by stream, each at its revision, updated by every commit that
 * this process learns of. If a state is stale because another process has just appended, the
 * expected revision or the guards of the following append detect that.
 */
export class StateCache extends View {
  private readonly cached: FoldedStates;
  private readonly loading = new Map<StreamName, Promise<FoldedState>>();
  /** Streams that changed while they were being read. */
  private readonly moved = new Set<StreamName>();
  /**
   * If the log is on another machine, a stream is cached from its first event on, which
   * comes with the commits, and is never read.
   */
  private readonly cachesFromFirst: boolean;

  constructor(
    private readonly log: EventLog,
    private readonly foldOf: FoldOf,
    private readonly snapshots?: Snapshots,
    streamsAtMost?: number,
  ) {
    super();
    this.cached = new FoldedStates(streamsAtMost);
    this.cachesFromFirst = log.capabilities.guards === 'none';
    log.onCommitted((events) => {
      for (const event of events) this.follow(event);
    });
  }

  load<State>(fold: Fold<State>): Promise<Loaded<State>> | Loaded<State> {
    const cached =
      this.cached.get(fold.stream) ??
      this.loading.get(fold.stream) ??
      this.read(fold as Fold<unknown>);
    // A stream has one fold, so the cached state is of this fold.
    return cached as Promise<Loaded<State>> | Loaded<State>;
  }

  /** Learns of the commits of other processes. */
  catchUp(): Promise<void> {
    return this.log.catchUp();
  }

  /** Drops a state that an append has shown to be stale. */
  forget(stream: StreamName): void {
    this.cached.forget(stream);
  }

  private follow(event: LoggedEvent): void {
    if (this.loading.has(event.stream)) this.moved.add(event.stream);
    try {
      const folded = this.cached.follow(event, this.firstFold(event));
      if (folded) this.snapshotWhenDue(folded);
    } catch {
      // This build does not know the event: the next load throws to the command that needs it.
    }
  }

  private firstFold({ stream, revision }: LoggedEvent): Fold<unknown> | undefined {
    return this.cachesFromFirst && revision === 0 && !this.loading.has(stream)
      ? this.foldOf(stream)
      : undefined;
  }

  private read(fold: Fold<unknown>): Promise<FoldedState> {
    const reading = this.readThrough(fold).finally(() => {
      this.loading.delete(fold.stream);
      this.moved.delete(fold.stream);
    });
    this.loading.set(fold.stream, reading);
    return reading;
  }

  private async readThrough(fold: Fold<unknown>): Promise<FoldedState> {
    let folded = fold.revisionOnly
      ? emptyState(fold)
      : await startOf(this.log, this.snapshots, fold);
    do {
      this.moved.delete(fold.stream);
      folded = fold.revisionOnly
        ? { ...folded, revision: await this.log.revisionOf(fold.stream) }
        : await foldOn(this.log, folded);
    } while (this.moved.has(fold.stream));
    this.cached.set(folded);
    this.snapshotWhenDue(folded);
    return folded;
  }

  private snapshotWhenDue(folded: FoldedState): void {
    const { fold, state, revision, lastEventId, sinceSnapshot } = folded;
    if (
      fold.snapshotVersion === undefined ||
      lastEventId === undefined ||
      sinceSnapshot < SNAPSHOT_EVERY_EVENTS
    )
      return;
    this.snapshots?.put(fold.stream, fold.snapshotVersion, {
      revision,
      eventId: lastEventId,
      state: JSON.stringify(state),
    });
    this.cached.set({ ...folded, sinceSnapshot: 0 });
  }
}
