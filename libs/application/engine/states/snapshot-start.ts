import type { EventLog, LoggedEvent, Position } from '../../../event-log/event-log.js';
import type { Snapshots } from '../../../read-models/opened-stores.js';
import type { Fold, Loaded } from './fold.js';

export interface Start extends Loaded<unknown> {
  readonly lastEventId: LoggedEvent['id'] | undefined;
}

/**
 * The state that folding a stream starts from: a snapshot, if the log has the snapshot's event at
 * its revision (and not after `upTo`); else the initial state.
 */
export async function startOf(
  log: EventLog,
  snapshots: Snapshots | undefined,
  fold: Fold<unknown>,
  upTo?: Position,
): Promise<Start> {
  const empty: Start = { state: fold.initial, revision: -1, lastEventId: undefined };
  const snapshot =
    fold.snapshotVersion === undefined
      ? undefined
      : await snapshots?.get(fold.stream, fold.snapshotVersion);
  if (!snapshot) return empty;

  const limit = { limit: 1, ...(upTo === undefined ? {} : { upTo }) };
  for await (const [event] of log.readStream(fold.stream, { from: snapshot.revision, ...limit })) {
    if (event?.id !== snapshot.eventId) break;
    return {
      state: JSON.parse(snapshot.state),
      revision: snapshot.revision,
      lastEventId: event.id,
    };
  }
  return empty;
}
