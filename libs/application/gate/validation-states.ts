import type { OrderDecided } from '../../domain/customer/customer.js';
import type { StreamName } from '../../domain/shared/ids.js';
import { knownEvent, upcast } from '../../event-log/catalogue/catalogue.js';
import type { EventLog, LoggedEvent, Position } from '../../event-log/event-log.js';
import type { Snapshots } from '../../read-models/opened-stores.js';
import type { Fold, Loaded } from '../engine/states/fold.js';
import { foldOf } from '../records/folds.js';
import { startOf } from '../engine/states/snapshot-start.js';
import { step, View } from '../engine/states/view.js';
import { LatestUsed } from '../engine/states/latest-used.js';

type Held = Loaded<unknown> & { readonly fold: Fold<unknown> };

const STREAMS_AT_MOST = 25_000;
const READS_AT_ONCE = 32;

/**
 * The validator's states. They advance in the log's order only, so that each state has exactly the
 * events before the one that is being processed. The state cache may already have later events, so
 * it is not used here. A state that is not in memory is read from the log up to that event.
 */
export class ValidationStates extends View {
  private readonly held = new LatestUsed<StreamName, Held>(STREAMS_AT_MOST);
  /** The position of the event that is being processed. */
  private turn: Position = -1;

  constructor(
    private readonly log: EventLog,
    private readonly snapshots?: Snapshots,
  ) {
    super();
  }

  override load<State>(fold: Fold<State>): Promise<Loaded<State>> | Loaded<State> {
    const loaded = this.held.get(fold.stream) ?? this.read(fold as Fold<unknown>, this.turn - 1);
    // a stream has one fold, so the state has the fold's type
    return loaded as Promise<Loaded<State>> | Loaded<State>;
  }

  /**
   * Before a page of events is processed: reads, in parallel, the states that its orders will be
   * judged on, as of the end of the previous page.
   */
  async prepare(page: readonly LoggedEvent[]): Promise<void> {
    const [first] = page;
    if (!first) return;
    const wanted = streamsOfOrders(page);
    for (const { stream, revision } of page) if (revision === 0) wanted.delete(stream);
    const folds = [...wanted].flatMap((stream) =>
      this.held.has(stream) ? [] : (foldOf(stream) ?? []),
    );
    await sideBySide(folds, READS_AT_ONCE, (fold) => this.read(fold, first.position - 1));
  }

  begin({ position }: LoggedEvent): void {
    this.turn = position;
  }

  /** Folds the event into its stream's state, after the event has been processed. */
  follow(event: LoggedEvent): void {
    const held = this.held.get(event.stream) ?? fromFirst(event);
    if (!held || event.revision <= held.revision) return;
    if (event.revision > held.revision + 1) this.held.delete(event.stream);
    else
      this.held.set(event.stream, {
        ...held,
        state: step(held.fold, held.state, event),
        revision: event.revision,
      });
  }

  private async read(fold: Fold<unknown>, upTo: Position): Promise<Held> {
    const { state, revision } = await startOf(this.log, this.snapshots, fold, upTo);
    let held: Held = { fold, state, revision };
    for await (const page of this.log.readStream(fold.stream, { from: revision + 1, upTo })) {
      for (const event of page)
        held = { fold, state: step(fold, held.state, event), revision: event.revision };
    }
    this.held.set(fold.stream, held);
    return held;
  }
}

/**
 * The target streams of a page's accepted orders, and the streams in their read sets: validation
 * loads the same streams.
 */
function streamsOfOrders(page: readonly LoggedEvent[]): Set<StreamName> {
  const streams = new Set<StreamName>();
  for (const event of page) {
    if (event.type !== 'OrderPlaced' || !knownEvent(event.type, event.version)) continue;
    streams.add(event.stream);
    const { decision } = upcast(event).data as OrderDecided; // checked by the catalogue
    for (const [stream] of decision.reads) streams.add(stream);
  }
  return streams;
}

/** A stream whose first event is in the page needs no read. */
function fromFirst({ stream, revision }: LoggedEvent): Held | undefined {
  const fold = revision === 0 ? foldOf(stream) : undefined;
  return fold && { fold, state: fold.initial, revision: -1 };
}

async function sideBySide<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
