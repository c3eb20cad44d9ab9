import { LogUnavailable } from '../errors.js';
import type { LoggedEvent, Page, Position } from '../event-log.js';
import type { KnownLog } from './known-log.js';
import type { IndexedEvent } from './log-index.js';
import { MAX_PAGE_BYTES, type ServerReading } from './server-reading.js';
import { fromStored } from './stored-event.js';
import type { StreamNames } from './stream-names.js';
import { weightOf } from './weight.js';

/** How many reads at once, and how many events of one stream each asks for. */
const RUNS_AT_ONCE = 8;
const RUN_LENGTH = 64;

type Run = readonly [IndexedEvent, ...IndexedEvent[]];

/**
 * Single events by their rows: from memory where they are recent, else from their streams,
 * neighbours together.
 */
export class EventFetch {
  constructor(
    private readonly server: ServerReading,
    private readonly known: KnownLog,
    private readonly names: StreamNames,
  ) {}

  async events(rows: readonly IndexedEvent[]): Promise<readonly LoggedEvent[]> {
    const events: LoggedEvent[] = [];
    for await (const some of this.inTurns(rows)) events.push(...some);
    return events;
  }

  /** In pages that hold little, the last of them through `through`. */
  async *pages(rows: readonly IndexedEvent[], through: Position): AsyncIterable<Page> {
    let events: LoggedEvent[] = [];
    let bytes = 0;
    for await (const some of this.inTurns(rows)) {
      events.push(...some);
      bytes += some.reduce((sum, event) => sum + weightOf(event), 0);
      if (bytes < MAX_PAGE_BYTES || events.length === rows.length) continue;
      yield { events, through: events.at(-1)?.position ?? through };
      [events, bytes] = [[], 0];
    }
    yield { events, through };
  }

  private async *inTurns(rows: readonly IndexedEvent[]): AsyncIterable<readonly LoggedEvent[]> {
    const runs = runsOf(rows);
    for (let start = 0; start < runs.length; start += RUNS_AT_ONCE) {
      yield (
        await Promise.all(runs.slice(start, start + RUNS_AT_ONCE).map((run) => this.run(run)))
      ).flat();
    }
  }

  private async run(run: Run): Promise<readonly LoggedEvent[]> {
    const recent = run
      .map(({ position }) => this.known.recent.at(position))
      .filter((event) => event !== undefined);
    if (recent.length === run.length) return recent;
    const events: LoggedEvent[] = [];
    const [{ stream }] = run;
    for (let row = run[0] as IndexedEvent | undefined; row; row = run[events.length]) {
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

  private differs({ stream, revision }: IndexedEvent): LogUnavailable {
    this.server.seen.doubt();
    return new LogUnavailable(
      `${stream}@${revision} is not the event that the index has; try again`,
    );
  }
}

/** Rows that follow each other in one stream are read together. */
function runsOf(rows: readonly IndexedEvent[]): readonly Run[] {
  const runs: [IndexedEvent, ...IndexedEvent[]][] = [];
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
