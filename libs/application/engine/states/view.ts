import type { StreamName } from '../../../domain/shared/ids.js';
import { upcast } from '../../../event-log/catalogue/catalogue.js';
import type { EventLog, LoggedEvent, Position } from '../../../event-log/event-log.js';
import type { Fold, Loaded } from '../../records/folds.js';

/**
 * Where a judgement takes its facts from: the present, the log as it was known once, or the
 * revisions that a decision recorded.
 */
export abstract class View {
  abstract load<State>(fold: Fold<State>): Promise<Loaded<State>> | Loaded<State>;
}

/**
 * Folds one event after the catalogue has made sure that this build knows it; an unknown one is
 * thrown, never skipped.
 */
export const step = <State>(fold: Fold<State>, state: State, event: LoggedEvent): State =>
  fold.evolve(state, upcast(event));

/** The log as it was known at a position (inclusive). */
export class PastView extends View {
  constructor(
    private readonly log: EventLog,
    private readonly upTo: Position,
  ) {
    super();
  }

  load<State>(fold: Fold<State>): Promise<Loaded<State>> {
    return readState(this.log, fold, { upTo: this.upTo });
  }
}

/**
 * Each stream at the revision that a decision recorded; a stream that it did not record is a
 * defect.
 */
export class RecordedView extends View {
  constructor(
    private readonly log: EventLog,
    private readonly revisions: ReadonlyMap<StreamName, number>,
  ) {
    super();
  }

  load<State>(fold: Fold<State>): Promise<Loaded<State>> {
    const revision = this.revisions.get(fold.stream);
    if (revision === undefined)
      throw new Error(`${fold.stream} is not among the streams that the decision looked at`);
    return readState(this.log, fold, { through: revision });
  }
}

/** Another view, each stream of which is read once. */
export class RememberedView extends View {
  private readonly loaded = new Map<StreamName, unknown>();

  constructor(private readonly view: View) {
    super();
  }

  load<State>(fold: Fold<State>): Promise<Loaded<State>> | Loaded<State> {
    const known = this.loaded.get(fold.stream) ?? this.view.load(fold);
    this.loaded.set(fold.stream, known);
    // A stream has one fold, named by its stream: what is remembered for it is that fold's state.
    return known as Promise<Loaded<State>> | Loaded<State>;
  }
}

interface Until {
  readonly upTo?: Position;
  /** Revision of the last event to fold. */
  readonly through?: number;
}

/** Reads and folds a stream from its beginning. */
export async function readState<State>(
  log: EventLog,
  fold: Fold<State>,
  { upTo, through }: Until,
): Promise<Loaded<State>> {
  let loaded: Loaded<State> = { state: fold.initial, revision: -1 };
  if (through === -1) return loaded;

  const pages = log.readStream(fold.stream, {
    ...(upTo === undefined ? {} : { upTo }),
    ...(through === undefined ? {} : { limit: through + 1 }),
  });
  for await (const page of pages) {
    for (const event of page)
      loaded = { state: step(fold, loaded.state, event), revision: event.revision };
  }
  return loaded;
}
