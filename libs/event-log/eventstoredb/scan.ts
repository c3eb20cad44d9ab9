import { LogUnavailable } from '../errors.js';
import type { LoggedEvent, Position } from '../event-log.js';
import type { AllPosition } from './log-index.js';
import type { Rows } from './rows.js';
import { MAX_PAGE_BYTES, MAX_PAGE_EVENTS, type ServerReading } from './server-reading.js';
import { fromStored } from './stored-event.js';
import type { StreamNames } from './stream-names.js';
import { weightOf } from './weight.js';

/**
 * A stretch of the log from the server: read behind the first event's place in `$all`, positions
 * counted from there.
 */
export class LogScan {
  constructor(
    private readonly server: ServerReading,
    private readonly rows: Rows,
    private readonly names: StreamNames,
    private readonly origin: () => AllPosition | undefined,
  ) {}

  /** Everything behind `after` up to `through`, which is known to be there. */
  async *pages(after: Position, through: Position): AsyncIterable<readonly LoggedEvent[]> {
    const start = after < 0 ? this.origin() : await this.rows.at(after);
    if (!start) throw new LogUnavailable(`position ${after} is being counted; try again`);
    let page: LoggedEvent[] = [];
    let bytes = 0;
    let position = after;
    for await (const recorded of this.server.behind(start)) {
      const stream = this.names.ofLog(recorded.streamId);
      const stored = stream === undefined ? undefined : fromStored(recorded, stream);
      if (!stored) continue;
      position += 1;
      const event = { position, ...stored.event };
      page.push(event);
      bytes += weightOf(event);
      if (position < through && page.length < MAX_PAGE_EVENTS && bytes < MAX_PAGE_BYTES) continue;
      await this.check(event);
      yield page;
      if (position >= through) return;
      [page, bytes] = [[], 0];
    }
  }

  /** Counted here as there; if not, something was left out on the way. */
  private async check({ position, id }: LoggedEvent): Promise<void> {
    const row = await this.rows.at(position);
    if (row?.eventId === id) return;
    this.server.seen.doubt();
    throw new LogUnavailable(
      `EventStoreDB gave another event at position ${position} than before; try again`,
    );
  }
}
