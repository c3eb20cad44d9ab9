import { CommandConflict, GuardMoved, WrongRevision } from '../errors.js';
import type { LoggedEvent } from '../event-log.js';
import { atIndexesOf, isRepetition, type PreparedAppend } from '../prepared-append.js';
import type { MemoryEvents } from './memory-events.js';

/**
 * Returns the earlier events if the append repeats them; undefined if it may be made. Throws
 * conflicts.
 */
export function refusalOrRepetition(
  append: PreparedAppend,
  events: MemoryEvents,
  guards: 'atomic' | 'none',
): readonly LoggedEvent[] | undefined {
  return guards === 'atomic' ? byCommand(append, events) : byRevision(append, events);
}

/**
 * The rules of SQLite: (commandId, index) is unique in the log, and guards are checked in the same
 * step.
 */
function byCommand(
  append: PreparedAppend,
  events: MemoryEvents,
): readonly LoggedEvent[] | undefined {
  const recorded = atIndexesOf(append, events.ofCommand(append.commandId));
  if (isRepetition(append, recorded)) return recorded;
  if (recorded.length > 0) throw new CommandConflict(append.commandId);
  checkRevision(append, events);
  for (const { stream, revision } of append.guards) {
    const actual = events.ofStream(stream).length - 1;
    if (actual !== revision) throw new GuardMoved(stream, revision, actual);
  }
  return undefined;
}

/**
 * The rules of EventStoreDB with a concrete revision: the same event ids at the requested revisions
 * are a repetition.
 */
function byRevision(
  append: PreparedAppend,
  events: MemoryEvents,
): readonly LoggedEvent[] | undefined {
  const first = append.expectedRevision + 1;
  const existing = events.ofStream(append.stream).slice(first, first + append.events.length);
  const same =
    existing.length === append.events.length &&
    existing.every(({ id }, place) => id === append.events[place]?.event.id);
  if (same) return existing;
  checkRevision(append, events);
  return undefined;
}

function checkRevision({ stream, expectedRevision }: PreparedAppend, events: MemoryEvents): void {
  const actual = events.ofStream(stream).length - 1;
  if (actual !== expectedRevision) throw new WrongRevision(stream, expectedRevision, actual);
}
