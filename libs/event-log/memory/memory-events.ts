import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CommandId, StreamName } from '../../domain/shared/ids.js';
import type { LoggedEvent, Page, Position, ReadAll, ReadStream } from '../event-log.js';
import { loggedEvent, type PreparedAppend } from '../prepared-append.js';

const MAX_PAGE_EVENTS = 500;
const NONE: readonly LoggedEvent[] = [];

/** The events in the log's order, by stream and by command. */
export class MemoryEvents {
  private readonly log: LoggedEvent[] = [];
  private readonly streams = new Map<StreamName, LoggedEvent[]>();
  private readonly commands = new Map<CommandId, LoggedEvent[]>();

  get head(): Position {
    return this.log.length - 1;
  }

  get last(): LoggedEvent | undefined {
    return this.log.at(-1);
  }

  ofStream(stream: StreamName): readonly LoggedEvent[] {
    return this.streams.get(stream) ?? NONE;
  }

  ofCommand(commandId: CommandId): readonly LoggedEvent[] {
    return (this.commands.get(commandId) ?? NONE).toSorted(
      (a, b) => a.metadata.index - b.metadata.index,
    );
  }

  /**
   * Stores copies parsed from the stored texts, as a disk would: later changes to the caller's
   * objects have no effect.
   */
  add({ stream, events, commandId }: PreparedAppend, recordedAt: string): readonly LoggedEvent[] {
    const revision = this.ofStream(stream).length;
    const added = events.map(({ event, data, metadata }, place) => {
      const stored = {
        ...event,
        data: JSON.parse(data) as unknown,
        metadata: JSON.parse(metadata) as LoggedEvent['metadata'],
      };
      return loggedEvent(stored, stream, revision + place, this.log.length + place, recordedAt);
    });
    push(this.log, added);
    push(listOf(this.streams, stream), added);
    push(listOf(this.commands, commandId), added);
    return added;
  }

  /** Up to the head at the time of the call, page by page. */
  async *pages({
    after,
    limit = Infinity,
    upTo = Infinity,
    types,
    streams,
  }: ReadAll): AsyncIterable<Page> {
    const end = Math.min(upTo, this.head);
    const wanted = (event: LoggedEvent): boolean =>
      (types?.includes(event.type) ?? true) && (streams?.includes(event.stream) ?? true);
    let through = Math.max(after, -1);
    let left = limit;
    while (through < end && left > 0) {
      const passed = this.log.slice(through + 1, Math.min(through + 1 + MAX_PAGE_EVENTS, end + 1));
      const events = passed.filter(wanted).slice(0, left);
      left -= events.length;
      through = left === 0 ? (events.at(-1)?.position ?? through) : through + passed.length;
      yield { events, through };
      if (through < end && left > 0) await nextTurn();
    }
  }

  async *streamPages(
    stream: StreamName,
    options: ReadStream,
  ): AsyncIterable<readonly LoggedEvent[]> {
    const { direction = 'forwards', limit = Infinity, upTo = Infinity } = options;
    const visible = this.ofStream(stream).filter(({ position }) => position <= upTo);
    const chosen =
      direction === 'forwards'
        ? visible.slice(Math.max(options.from ?? 0, 0))
        : visible.filter(({ revision }) => revision <= (options.from ?? Infinity)).reverse();
    const end = Math.min(chosen.length, limit);
    for (let start = 0; start < end; start += MAX_PAGE_EVENTS) {
      if (start > 0) await nextTurn();
      yield chosen.slice(start, Math.min(start + MAX_PAGE_EVENTS, end));
    }
  }

  positionAt(instant: string): Position {
    let low = -1;
    let later = this.log.length;
    while (later - low > 1) {
      const middle = Math.floor((low + later) / 2);
      if ((this.log[middle]?.recordedAt ?? '') <= instant) low = middle;
      else later = middle;
    }
    return low;
  }
}

function push(list: LoggedEvent[], added: readonly LoggedEvent[]): void {
  for (const event of added) list.push(event);
}

function listOf<Key>(lists: Map<Key, LoggedEvent[]>, key: Key): LoggedEvent[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}
