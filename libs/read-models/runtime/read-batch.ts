import type { LoggedEvent, LogReader, Position, ReadAll } from '../../event-log/event-log.js';
import type { Checkpoint } from '../store.js';

/** Bounds a batch's memory, as the log's pages are bounded in bytes. */
const MAX_PAGES = 8;
/**
 * A page with few events that is not the last has large events, such as chunks of an import. Their
 * rows need several times their bytes while they are folded, and all reads wait for their commit.
 */
const FEW_EVENTS = 100;
const PAGES_OF_ONE_WITH_FEW = 4;

export interface EventBatch {
  readonly events: readonly LoggedEvent[];
  /** There were no events after these when they were read. */
  readonly atEnd: boolean;
}

/** The next events of the log, of every type: a checkpoint names the last one, folded or not. */
export async function readBatch(
  log: LogReader,
  after: Position,
  limit: number,
  until: Pick<ReadAll, 'upTo' | 'asKnown'> = {},
): Promise<EventBatch> {
  const events: LoggedEvent[] = [];
  let pages = 0;
  for await (const page of log.readAll({ after, limit, ...until })) {
    for (const event of page.events) events.push(event);
    pages += page.events.length <= FEW_EVENTS ? PAGES_OF_ONE_WITH_FEW : 1;
    if (pages >= MAX_PAGES) return { events, atEnd: false };
  }
  return { events, atEnd: events.length < limit };
}

/**
 * Whether the log has this checkpoint's event at its position; if not, it is another log, or an
 * earlier state of it.
 */
export async function isOfLog(log: LogReader, { position, eventId }: Checkpoint): Promise<boolean> {
  if (position < 0) return true;
  const { events } = await readBatch(log, position - 1, 1, { upTo: position });
  return events[0]?.position === position && events[0].id === eventId;
}
