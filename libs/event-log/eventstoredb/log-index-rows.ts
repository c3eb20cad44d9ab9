import type { EventId } from '../../domain/shared/ids.js';
import type { IndexedEvent } from './log-index.js';
import type { Position } from '../event-log.js';

/**
 * Which of these rows an index lacks. `there`: its events from the one before the first of them
 * through the last. `differs`: it has another event where they repeat or follow one, or it ends
 * before them.
 */
export function rowsToAdd(
  rows: readonly IndexedEvent[],
  follows: EventId | undefined,
  there: ReadonlyMap<Position, EventId>,
): readonly IndexedEvent[] | 'differs' {
  assertContiguous(rows, follows);
  const before = there.get((rows[0]?.position ?? 0) - 1);
  if (before !== follows) return 'differs';
  const repeated = rows.filter(({ position }) => there.has(position));
  if (repeated.some(({ position, eventId }) => there.get(position) !== eventId)) return 'differs';
  return rows.filter(({ position }) => !there.has(position));
}

/** A gap in the index would be a wrong position for every event behind it. */
function assertContiguous(rows: readonly IndexedEvent[], follows: EventId | undefined): void {
  const [first] = rows;
  if (first && (first.position === 0) !== (follows === undefined)) {
    throw new Error(
      `rows of the log's index from position ${first.position} follow ${follows ?? 'nothing'}`,
    );
  }
  const gap = rows.find(({ position }, index) => position !== (first?.position ?? 0) + index);
  if (gap) throw new Error(`rows of the log's index have a gap before position ${gap.position}`);
}
