import type { EventId } from '../../../domain/shared/ids.js';
import type { EventLog, Position } from '../../../event-log/event-log.js';
import type { ProcessCheckpoints } from '../../../read-models/opened-stores.js';

export interface Resuming {
  readonly process: string;
  readonly log: EventLog;
  readonly head: Position;
  /** Called when the checkpoint is of another log; it has been forgotten then. */
  readonly differs: (position: Position) => void;
}

/**
 * The position after which a process resumes: its checkpoint; −1 if it has none, or if the log does
 * not have the checkpoint's event at its position.
 */
export async function resumePoint(
  checkpoints: ProcessCheckpoints | undefined,
  { process, log, head, differs }: Resuming,
): Promise<Position> {
  const kept = await checkpoints?.get(process);
  if (!kept) return -1;
  if (kept.position <= head && (await eventIdAt(log, kept.position)) === kept.eventId)
    return kept.position;
  differs(kept.position);
  await checkpoints?.forget(process);
  return -1;
}

export async function eventIdAt(log: EventLog, position: Position): Promise<EventId | undefined> {
  for await (const { events } of log.readAll({ after: position - 1, upTo: position, limit: 1 }))
    if (events[0]) return events[0].id;
  return undefined;
}
