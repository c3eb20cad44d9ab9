import { LRUCache } from 'lru-cache';
import {
  customerFold,
  partnerFold,
  priceListFold,
  programFold,
} from '../../../libs/application/records/folds.js';
import type { Fold, Loaded } from '../../../libs/application/engine/states/fold.js';
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

interface CachedState extends Loaded<unknown> {
  readonly fold: Fold<unknown>;
}

const STREAMS_AT_MOST = 50_000;

/**
 * The states of all streams while the log is replayed: before an event is folded, they hold exactly
 * the events before it. Streams that left the cache are read again.
 */
export class ReplayedStates extends View {
  private readonly cached = new LRUCache<StreamName, CachedState>({ max: STREAMS_AT_MOST });
  private folded: Position = -1;

  constructor(private readonly log: EventLog) {
    super();
  }

  async load<State>(fold: Fold<State>): Promise<Loaded<State>> {
    const cached = this.cached.get(fold.stream) ?? (await this.read(fold as Fold<unknown>));
    // Each stream has one fold, so the cached state is of this fold.
    return cached as unknown as Loaded<State>;
  }

  /** Folds the next event of the log. Throws UnknownEvent for one that this build does not know. */
  async follow(event: LoggedEvent): Promise<void> {
    const fold = foldOf(event.stream);
    if (fold) {
      const cached = this.cached.get(event.stream) ?? (await this.read(fold));
      this.cached.set(event.stream, {
        fold,
        state: step(fold, cached.state, event),
        revision: event.revision,
      });
    } else {
      upcast(event);
    }
    this.folded = event.position;
  }

  /** Each stream at a recorded revision: the cached state if it has that revision. */
  at(revisions: ReadonlyMap<StreamName, number>): View {
    return new CachedOrRecorded(this.cached, revisions, new RecordedView(this.log, revisions));
  }

  private async read(fold: Fold<unknown>): Promise<CachedState> {
    const cached = { fold, ...(await readState(this.log, fold, { upTo: this.folded })) };
    this.cached.set(fold.stream, cached);
    return cached;
  }
}

class CachedOrRecorded extends View {
  constructor(
    private readonly cached: Pick<LRUCache<StreamName, CachedState>, 'get'>,
    private readonly revisions: ReadonlyMap<StreamName, number>,
    private readonly recorded: RecordedView,
  ) {
    super();
  }

  load<State>(fold: Fold<State>): Promise<Loaded<State>> | Loaded<State> {
    const cached = this.cached.get(fold.stream);
    const isThere = cached !== undefined && cached.revision === this.revisions.get(fold.stream);
    // each stream has one fold
    return isThere ? (cached as unknown as Loaded<State>) : this.recorded.load(fold);
  }
}

/**
 * The prefix of a stream's name says which fold it has. Imports have none: a judgement reads their
 * rows.
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
