import type { CommandId, StreamName } from '../../domain/shared/ids.js';
import { LogUnavailable } from '../errors.js';
import type { EventFilter, Position } from '../event-log.js';
import type { KnownLog } from './known-log.js';
import type { IndexedEvent, LogIndex } from './log-index.js';

/**
 * The rows of all events that are known: the index's, then the tail's. What the tail has is looked
 * at first, in the same turn as the question to the index is asked: a row leaves the tail only when
 * the index has it, so that none is missed in between.
 */
export class Rows {
  constructor(
    private readonly known: KnownLog,
    private readonly index: LogIndex,
  ) {}

  async at(position: Position): Promise<IndexedEvent | undefined> {
    return this.known.tail.at(position) ?? (await this.asked(this.index.at(position)));
  }

  /** With revisions from … through (inclusive), ascending. */
  async ofStream(
    stream: StreamName,
    from: number,
    through: number,
  ): Promise<readonly IndexedEvent[]> {
    const recent = this.known.tail.ofStream(stream);
    const first = recent[0]?.revision ?? Number.POSITIVE_INFINITY;
    const wanted = recent.filter(({ revision }) => revision >= from && revision <= through);
    if (first <= from) return wanted;
    return [
      ...(await this.asked(this.index.ofStream(stream, from, Math.min(through, first - 1)))),
      ...wanted,
    ];
  }

  /** By place in the command. */
  async ofCommand(commandId: CommandId): Promise<readonly IndexedEvent[]> {
    const rows = new Map(this.known.tail.ofCommand(commandId).map((row) => [row.position, row]));
    for (const row of await this.asked(this.index.ofCommand(commandId)))
      rows.set(row.position, row);
    return [...rows.values()].sort(
      (a, b) => a.commandIndex - b.commandIndex || a.position - b.position,
    );
  }

  /** Behind `after` up to `through`, ascending, at most `limit`. */
  async matching(
    filter: EventFilter,
    after: Position,
    through: Position,
    limit: number,
  ): Promise<readonly IndexedEvent[]> {
    const { tail } = this.known;
    const fits = fitting(filter);
    const recentFrom = tail.size > 0 ? Math.max(tail.first, after + 1) : through + 1;
    const recent: IndexedEvent[] = [];
    for (const row of tail.between(recentFrom, through)) if (fits(row)) recent.push(row);
    const older =
      after + 1 < recentFrom
        ? await this.asked(
            this.index.matching(filter, after, Math.min(through, recentFrom - 1), limit),
          )
        : [];
    return [...older, ...recent].slice(0, limit);
  }

  /** The last position that was recorded, running maximum, not later than this; −1 if none. */
  async positionAt(recordedAtMs: number): Promise<Position> {
    const { tail, head } = this.known;
    const first = tail.at(tail.first);
    if (!first || first.recordedThroughMs > recordedAtMs)
      return Math.min(head, await this.asked(this.index.positionAt(recordedAtMs)));
    let known = tail.first;
    let later = Math.min(head, tail.last) + 1;
    while (later - known > 1) {
      const middle = Math.floor((known + later) / 2);
      if ((tail.at(middle)?.recordedThroughMs ?? Number.POSITIVE_INFINITY) <= recordedAtMs)
        known = middle;
      else later = middle;
    }
    return known;
  }

  /**
   * Without its index an older part of the log cannot be read; what failed is the log's own matter.
   */
  private async asked<Answer>(question: Promise<Answer>): Promise<Answer> {
    try {
      return await question;
    } catch (error) {
      throw new LogUnavailable(`the index of the log cannot be read: ${String(error)}`, {
        cause: error,
      });
    }
  }
}

export function fitting({
  types,
  streams,
}: EventFilter): (event: { readonly type: string; readonly stream: StreamName }) => boolean {
  const [typesWanted, streamsWanted] = [types && new Set(types), streams && new Set(streams)];
  return ({ type, stream }) =>
    (typesWanted?.has(type) ?? true) && (streamsWanted?.has(stream) ?? true);
}
