import { LRUCache } from 'lru-cache';
import {
  customerFold,
  type Fold,
  type Loaded,
  partnerFold,
  priceListFold,
  programFold,
} from '../../../libs/application/records/folds.js';
import {
  readState,
  RecordedView,
  step,
  View,
} from '../../../libs/application/engine/states/view.js';
import { partnerId, type StreamName, tenantId } from '../../../libs/domain/shared/ids.js';
import { programStream } from '../../../libs/domain/shared/streams.js';
import { upcast } from '../../../libs/event-log/catalogue/catalogue.js';
import type { EventLog, LoggedEvent, Position } from '../../../libs/event-log/event-log.js';

interface Held extends Loaded<unknown> {
  readonly fold: Fold<unknown>;
}

const STREAMS_AT_MOST = 50_000;

/**
 * Every state as the log's order gives it: before an event is folded, exactly what precedes it.
 * Rarely used streams are read again.
 */
export class ReplayedStates extends View {
  private readonly held = new LRUCache<StreamName, Held>({ max: STREAMS_AT_MOST });
  private folded: Position = -1;

  constructor(private readonly log: EventLog) {
    super();
  }

  async load<State>(fold: Fold<State>): Promise<Loaded<State>> {
    const held = this.held.get(fold.stream) ?? (await this.read(fold as Fold<unknown>));
    // A stream has one fold, named by its stream: what is held for it is that fold's state.
    return held as unknown as Loaded<State>;
  }

  /** Folds the next event of the log. Throws UnknownEvent for one that this build does not know. */
  async follow(event: LoggedEvent): Promise<void> {
    const fold = foldOf(event.stream);
    if (fold) {
      const held = this.held.get(event.stream) ?? (await this.read(fold));
      this.held.set(event.stream, {
        fold,
        state: step(fold, held.state, event),
        revision: event.revision,
      });
    } else {
      upcast(event);
    }
    this.folded = event.position;
  }

  /** Each stream at a recorded revision: the state that is held, if it stands there. */
  at(revisions: ReadonlyMap<StreamName, number>): View {
    return new HeldOrRecorded(this.held, revisions, new RecordedView(this.log, revisions));
  }

  private async read(fold: Fold<unknown>): Promise<Held> {
    const held = { fold, ...(await readState(this.log, fold, { upTo: this.folded })) };
    this.held.set(fold.stream, held);
    return held;
  }
}

class HeldOrRecorded extends View {
  constructor(
    private readonly held: Pick<LRUCache<StreamName, Held>, 'get'>,
    private readonly revisions: ReadonlyMap<StreamName, number>,
    private readonly recorded: RecordedView,
  ) {
    super();
  }

  load<State>(fold: Fold<State>): Promise<Loaded<State>> | Loaded<State> {
    const held = this.held.get(fold.stream);
    const isThere = held !== undefined && held.revision === this.revisions.get(fold.stream);
    // a stream has one fold, named by its stream
    return isThere ? (held as unknown as Loaded<State>) : this.recorded.load(fold);
  }
}

/**
 * A stream's name tells what it holds. Imports have no state of their own: their rows are read when
 * a judgement asks for them.
 */
function foldOf(stream: StreamName): Fold<unknown> | undefined {
  if (stream === programStream) return programFold as Fold<unknown>;
  if (stream.startsWith('partner-'))
    return partnerFold(partnerId(stream.slice('partner-'.length))) as Fold<unknown>;
  if (stream.startsWith('customer-'))
    return customerFold(tenantId(stream.slice('customer-'.length))) as Fold<unknown>;
  const [, market, month] = /^pricelist-(.+)-(\d{4}-\d{2})$/.exec(stream) ?? [];
  return market !== undefined && month !== undefined
    ? (priceListFold(market, month) as Fold<unknown>)
    : undefined;
}
