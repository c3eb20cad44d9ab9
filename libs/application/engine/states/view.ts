import type { StreamName } from '../../../domain/shared/ids.js';
import type { EventLog, Position } from '../../../event-log/event-log.js';
import { type Fold, type Loaded, step } from './fold.js';

/** A source of states: the present, the log at an earlier position, or recorded revisions. */
export abstract class View {
  abstract load<State>(fold: Fold<State>): Promise<Loaded<State>> | Loaded<State>;
}

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

/** Each stream at the revision that a decision recorded. Any other stream is a defect. */
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
      throw new Error(`${fold.stream} is not among the streams that the decision read`);
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
    // A stream has one fold, so the state remembered for it is that fold's.
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
