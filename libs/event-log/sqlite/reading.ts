import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StreamName } from '../../domain/shared/ids.js';
import type { LoggedEvent, Page, Position, ReadAll, ReadStream } from '../event-log.js';
import { parseInstant } from '../recorded-at.js';
import type { LogFile } from './log-file.js';
import { logPage, streamPage } from './pages.js';

/**
 * Page by page, nothing held in between: others commit, and the event loop turns, while a long read
 * goes on.
 */
export async function* readAllPages(
  file: LogFile,
  { after, limit = Infinity, upTo = Infinity, ...filter }: ReadAll,
): AsyncIterable<Page> {
  const end = Math.min(upTo, headOf(file));
  let through = after;
  let left = limit;
  while (through < end && left > 0) {
    const cut = { ...filter, after: through, limit: left, upTo: end };
    const page = file.use((connection) => logPage(connection, cut));
    through = page.through;
    left -= page.events.length;
    yield page;
    if (through < end && left > 0) await nextTurn();
  }
}

export async function* readStreamPages(
  file: LogFile,
  stream: StreamName,
  options: ReadStream,
): AsyncIterable<readonly LoggedEvent[]> {
  const { direction = 'forwards', limit = Infinity, upTo = Infinity } = options;
  const streamId = file.use((connection) => connection.streamId(stream));
  if (streamId === undefined) return;

  const forwards = direction === 'forwards';
  const end = Math.min(upTo, headOf(file));
  let from = options.from ?? (forwards ? 0 : Number.MAX_SAFE_INTEGER);
  let left = limit;
  while (left > 0 && from >= 0) {
    const cut = { streamId, forwards, from, limit: left, upTo: end };
    const events = file.use((connection) => streamPage(connection, cut));
    const last = events.at(-1);
    if (last === undefined) return;
    left -= events.length;
    from = last.revision + (forwards ? 1 : -1);
    yield events;
    if (left > 0) await nextTurn();
  }
}

export const headOf = (file: LogFile): Position =>
  file.use((connection) => connection.head().position);

export const revisionOf = (file: LogFile, stream: StreamName): number =>
  file.use((connection) => {
    const streamId = connection.streamId(stream);
    return streamId === undefined ? -1 : connection.lastRevision(streamId);
  });

/**
 * `recordedAt` never falls along the log, so the last event not later than the instant is found by
 * halving.
 */
export function positionAt(file: LogFile, instant: string): Position {
  const instantMs = parseInstant(instant);
  return file.use((connection) => {
    let known = -1;
    let later = connection.head().position + 1;
    while (later - known > 1) {
      const middle = Math.floor((known + later) / 2);
      if (connection.recordedAtMs(middle) <= instantMs) known = middle;
      else later = middle;
    }
    return known;
  });
}
