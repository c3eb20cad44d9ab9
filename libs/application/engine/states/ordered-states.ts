import type { StreamName } from '../../../domain/shared/ids.js';
import type { EventLog, LoggedEvent, Position } from '../../../event-log/event-log.js';
import type { Snapshots } from '../../../read-models/opened-stores.js';
import type { Fold, FoldOf, Loaded } from './fold.js';
import { FoldedStates, foldOn, startOf } from './folded-states.js';
import { RecordedView, View } from './view.js';

export interface OrderedStatesOptions {
  readonly snapshots?: Snapshots | undefined;
  readonly streamsAtMost?: number;
}

const READS_AT_ONCE = 32;

/**
 * The states of all streams for a reader of the whole log. They advance in the log's order only, so
 * that each state has exactly the events before the one that is being processed. The state cache may
 * already have later events, so it is not used here.
 */
export class OrderedStates extends View {
  private readonly states: FoldedStates;
  /** The last event that was followed. */
  private through: Position = -1;

  constructor(
    private readonly log: EventLog,
    private readonly foldOf: FoldOf,
    private readonly options: OrderedStatesOptions = {},
  ) {
    super();
    this.states = new FoldedStates(options.streamsAtMost);
  }

  override load<State>(fold: Fold<State>): Promise<Loaded<State>> | Loaded<State> {
    const loaded = this.states.get(fold.stream) ?? this.read(fold as Fold<unknown>);
    // A stream has one fold, so the state is of this fold.
    return loaded as Promise<Loaded<State>> | Loaded<State>;
  }

  /** Reads the states of these streams at the same time, before they are needed. */
  async prepare(streams: ReadonlySet<StreamName>): Promise<void> {
    const folds = [...streams].flatMap((stream) =>
      this.states.has(stream) ? [] : (this.foldOf(stream) ?? []),
    );
    const worker = async (): Promise<void> => {
      for (let fold = folds.pop(); fold; fold = folds.pop()) await this.read(fold);
    };
    await Promise.all(Array.from({ length: Math.min(READS_AT_ONCE, folds.length) }, worker));
  }

  /** The events up to here were followed by an earlier process. */
  resumeAfter(position: Position): void {
    this.through = position;
  }

  /** Folds the event into its stream's state, after it was processed. Throws what the fold throws. */
  follow(event: LoggedEvent): void {
    // The state of a stream whose first event has been followed is never read.
    this.states.follow(event, event.revision === 0 ? this.foldOf(event.stream) : undefined);
    this.through = event.position;
  }

  /** Each stream at a recorded revision: the cached state if it has that revision. */
  at(revisions: ReadonlyMap<StreamName, number>): View {
    return new CachedOrRecorded(this.states, revisions, new RecordedView(this.log, revisions));
  }

  private async read(fold: Fold<unknown>): Promise<Loaded<unknown>> {
    const start = await startOf(this.log, this.options.snapshots, fold, this.through);
    const folded = await foldOn(this.log, start, this.through);
    this.states.set(folded);
    return folded;
  }
}

class CachedOrRecorded extends View {
  constructor(
    private readonly states: Pick<FoldedStates, 'get'>,
    private readonly revisions: ReadonlyMap<StreamName, number>,
    private readonly recorded: RecordedView,
  ) {
    super();
  }

  load<State>(fold: Fold<State>): Promise<Loaded<State>> | Loaded<State> {
    const cached = this.states.get(fold.stream);
    const isAtRevision =
      cached !== undefined && cached.revision === this.revisions.get(fold.stream);
    // A stream has one fold, so the state is of this fold.
    return isAtRevision ? (cached as unknown as Loaded<State>) : this.recorded.load(fold);
  }
}
