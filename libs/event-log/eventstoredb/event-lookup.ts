import type { CommandId, StreamName } from '../../domain/shared/ids.js';
import { LogUnavailable } from '../errors.js';
import type { LoggedEvent, Page, Position, EventFilter } from '../event-log.js';
import type { LocalLog } from './local-log.js';
import type { IndexRow, PositionIndex } from './position-index.js';
import { MAX_PAGE_BYTES, type ServerReads } from './server-reads.js';
import { fromStored, approximateBytes, type StreamNames } from './stored-form.js';

/** How many reads run at once, and how many events of one stream each asks for. */
const RUNS_AT_ONCE = 8;
const RUN_LENGTH = 64;

type Run = readonly [IndexRow, ...IndexRow[]];

/**
 * Reads single events by their rows: from memory if they are recent, else from their streams, with
 * adjacent events in one read.
 */
export class EventFetch {
  constructor(
    private readonly server: ServerReads,
    private readonly local: LocalLog,
    private readonly names: StreamNames,
  ) {}

  async events(rows: readonly IndexRow[]): Promise<readonly LoggedEvent[]> {
    const events: LoggedEvent[] = [];
    for await (const some of this.inBatches(rows)) events.push(...some);
    return events;
  }

  /** In pages of bounded size, the last of them through `through`. */
  async *pages(rows: readonly IndexRow[], through: Position): AsyncIterable<Page> {
    let events: LoggedEvent[] = [];
    let bytes = 0;
    for await (const some of this.inBatches(rows)) {
      events.push(...some);
      bytes += some.reduce((sum, event) => sum + approximateBytes(event), 0);
      if (bytes < MAX_PAGE_BYTES || events.length === rows.length) continue;
      yield { events, through: events.at(-1)?.position ?? through };
      [events, bytes] = [[], 0];
    }
    yield { events, through };
  }

  private async *inBatches(rows: readonly IndexRow[]): AsyncIterable<readonly LoggedEvent[]> {
    const runs = runsOf(rows);
    for (let start = 0; start < runs.length; start += RUNS_AT_ONCE) {
      yield (
        await Promise.all(runs.slice(start, start + RUNS_AT_ONCE).map((run) => this.run(run)))
      ).flat();
    }
  }

  private async run(run: Run): Promise<readonly LoggedEvent[]> {
    const recent = run
      .map(({ position }) => this.local.recent.at(position))
      .filter((event) => event !== undefined);
    if (recent.length === run.length) return recent;
    const events: LoggedEvent[] = [];
    const [{ stream }] = run;
    for (let row = run[0] as IndexRow | undefined; row; row = run[events.length]) {
      const cut = {
        direction: 'forwards',
        from: row.revision,
        limit: run.length - events.length,
      } as const;
      const page = await this.server.streamPage(this.names.onServer(stream), cut);
      for (const recorded of page.events) {
        const wanted = run[events.length];
        const stored = fromStored(recorded, stream);
        if (!wanted || stored?.event.id !== wanted.eventId) throw this.differs(wanted ?? row);
        events.push({ position: wanted.position, ...stored.event });
      }
      if (page.events.length === 0) throw this.differs(row);
    }
    return events;
  }

  private differs({ stream, revision }: IndexRow): LogUnavailable {
    this.server.seen.requestCheck();
    return new LogUnavailable(
      `${stream}@${revision} is not the event that the index has; try again`,
    );
  }
}

/** Groups rows that follow each other in one stream, to be read together. */
function runsOf(rows: readonly IndexRow[]): readonly Run[] {
  const runs: [IndexRow, ...IndexRow[]][] = [];
  for (const row of rows) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (
      run &&
      last?.stream === row.stream &&
      last.revision + 1 === row.revision &&
      run.length < RUN_LENGTH
    )
      run.push(row);
    else runs.push([row]);
  }
  return runs;
}

/**
 * The rows of all events: those of the index, then the recent rows in memory. Every method reads
 * the recent rows before it asks the index, in the same event-loop turn. A row leaves memory only
 * when the index has it, so none is missed in between.
 */
export class IndexRows {
  constructor(
    private readonly local: LocalLog,
    private readonly index: PositionIndex,
  ) {}

  async at(position: Position): Promise<IndexRow | undefined> {
    return this.local.recentRows.at(position) ?? (await this.asked(this.index.at(position)));
  }

  /** Rows with revisions from … through (inclusive), ascending. */
  async ofStream(stream: StreamName, from: number, through: number): Promise<readonly IndexRow[]> {
    const recent = this.local.recentRows.ofStream(stream);
    const first = recent[0]?.revision ?? Number.POSITIVE_INFINITY;
    const wanted = recent.filter(({ revision }) => revision >= from && revision <= through);
    if (first <= from) return wanted;
    return [
      ...(await this.asked(this.index.ofStream(stream, from, Math.min(through, first - 1)))),
      ...wanted,
    ];
  }

  /** Ordered by index in the command. */
  async ofCommand(commandId: CommandId): Promise<readonly IndexRow[]> {
    const rows = new Map(
      this.local.recentRows.ofCommand(commandId).map((row) => [row.position, row]),
    );
    for (const row of await this.asked(this.index.ofCommand(commandId)))
      rows.set(row.position, row);
    return [...rows.values()].sort(
      (a, b) => a.commandIndex - b.commandIndex || a.position - b.position,
    );
  }

  /** Rows after `after` up to `through`, ascending, at most `limit`. */
  async matching(
    filter: EventFilter,
    after: Position,
    through: Position,
    limit: number,
  ): Promise<readonly IndexRow[]> {
    const { recentRows } = this.local;
    const fits = fitting(filter);
    const recentFrom = recentRows.size > 0 ? Math.max(recentRows.first, after + 1) : through + 1;
    const recent: IndexRow[] = [];
    for (const row of recentRows.between(recentFrom, through)) if (fits(row)) recent.push(row);
    const older =
      after + 1 < recentFrom
        ? await this.asked(
            this.index.matching(filter, after, Math.min(through, recentFrom - 1), limit),
          )
        : [];
    return [...older, ...recent].slice(0, limit);
  }

  /** The last position whose running maximum of `recordedAt` is not later than this; −1 if none. */
  async positionAt(recordedAtMs: number): Promise<Position> {
    const { recentRows, head } = this.local;
    const first = recentRows.at(recentRows.first);
    if (!first || first.recordedThroughMs > recordedAtMs)
      return Math.min(head, await this.asked(this.index.positionAt(recordedAtMs)));
    let earlier = recentRows.first;
    let later = Math.min(head, recentRows.last) + 1;
    while (later - earlier > 1) {
      const middle = Math.floor((earlier + later) / 2);
      if ((recentRows.at(middle)?.recordedThroughMs ?? Number.POSITIVE_INFINITY) <= recordedAtMs)
        earlier = middle;
      else later = middle;
    }
    return earlier;
  }

  /**
   * Without the index, older parts of the log cannot be read: the failure is reported as one of the
   * log.
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
