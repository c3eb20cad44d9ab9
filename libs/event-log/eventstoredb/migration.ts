import { randomUUID } from 'node:crypto';
import { canonicalJson, canonicalData } from '../canonical.js';
import { LogUnavailable } from '../errors.js';
import type { IdempotencyClaim, LoggedEvent } from '../event-log.js';
import { MAX_APPEND_BYTES } from '../prepared-append.js';
import { AppendAttempts } from './append-attempts.js';
import { claimedEvent, claimFromStored } from './claim-store.js';
import { parseServerUrl } from './connection-string.js';
import { Connection } from './connection.js';
import { LogEnd, logOrigin } from './log-bounds.js';
import { comparePositions, type AllPosition } from './position-index.js';
import type { LogReporter } from './report.js';
import { MAX_PAGE_BYTES, MAX_PAGE_EVENTS, ServerReads } from './server-reads.js';
import {
  wireEvent,
  fromStored,
  approximateBytes,
  StreamNames,
  storedMetadata,
  type WireEvent,
} from './stored-form.js';
import { Deadline, TIMEOUTS } from './timeouts.js';

export interface MigrationTargetOptions {
  readonly url: string;
  readonly prefix: string;
  readonly report?: LogReporter;
}

/** A claim as its first process made it, or would have made it. */
export interface MigratedClaim extends IdempotencyClaim {
  readonly claimedAt: string;
}

export interface MigratedPage {
  /** The events, with their positions in the target. */
  readonly events: readonly LoggedEvent[];
  readonly claims: readonly MigratedClaim[];
}

const CLAIMS_AT_ONCE = 64;

/**
 * A log in EventStoreDB that another log is copied into. No other process can open it until it is
 * complete.
 */
export class MigrationTarget {
  private origin: AllPosition | undefined;

  static open({ url, prefix, report = () => undefined }: MigrationTargetOptions): MigrationTarget {
    return new MigrationTarget(
      new Connection(parseServerUrl(url), report, TIMEOUTS),
      new StreamNames(prefix),
    );
  }

  private readonly server: ServerReads;
  private readonly appends: AppendAttempts;
  private closed = false;

  private constructor(
    private readonly connection: Connection,
    private readonly names: StreamNames,
  ) {
    this.server = new ServerReads(connection, names.prefix, () => this.closed);
    this.appends = new AppendAttempts(connection, this.server);
  }

  state(): Promise<MigrationState> {
    return migrationState(this.server, this.names);
  }

  /**
   * Marks the target as incomplete. `source` describes what is copied; if a migration from the same
   * source was started before, it continues ('resumed'). Throws LogUnavailable if the target holds
   * anything else.
   */
  async start(source: object): Promise<'started' | 'resumed'> {
    const { state, data } = await this.state();
    const marked = canonicalJson({ source });
    if (state === 'started' && canonicalJson(data) === marked) return 'resumed';
    if (state !== 'none')
      throw new LogUnavailable(
        `the target already has a migration from another source (${state}); use another prefix`,
      );
    for await (const { events } of this.contents()) {
      if (events.length > 0)
        throw new LogUnavailable('the target is not empty; use another prefix');
    }
    await this.mark(MIGRATION_STARTED, JSON.parse(marked) as object, -1);
    return 'started';
  }

  /** Appends events in this order with their ids and times, adjacent ones of a stream together. */
  async append(events: readonly LoggedEvent[]): Promise<void> {
    for (const { first, events: batch } of migrationBatches(events)) {
      await this.write(this.names.onServer(first.stream), first.revision - 1, batch, first);
    }
  }

  /** Writes claims in any order, many at once. Leaves existing claims unchanged. */
  async claim(claims: readonly MigratedClaim[]): Promise<void> {
    for (let start = 0; start < claims.length; start += CLAIMS_AT_ONCE) {
      await Promise.all(
        claims.slice(start, start + CLAIMS_AT_ONCE).map((claim) => this.writeClaim(claim)),
      );
    }
  }

  /** All events and claims in the target, events in order. */
  async *contents(): AsyncIterable<MigratedPage> {
    const origin = await this.begin();
    const last = await this.end();
    // The marker at the beginning belongs to the target: an empty target ends with it.
    const end = last && comparePositions(last, origin) > 0 ? last : undefined;
    let position = -1;
    let page: { events: LoggedEvent[]; claims: MigratedClaim[] } = { events: [], claims: [] };
    let bytes = 0;
    for await (const recorded of end ? this.server.after(origin) : []) {
      const stream = this.names.ofLog(recorded.streamId);
      const stored = stream === undefined ? undefined : fromStored(recorded, stream);
      if (stored) page.events.push({ position: ++position, ...stored.event });
      const claim = stored ? undefined : claimFromStored(recorded);
      if (claim) page.claims.push({ ...claim.by, claimedAt: claim.claimedAt });
      bytes += approximateBytes(recorded);
      const atEnd =
        end !== undefined &&
        recorded.position !== undefined &&
        comparePositions(recorded.position, end) >= 0;
      if (
        !atEnd &&
        bytes < MAX_PAGE_BYTES &&
        page.events.length + page.claims.length < MAX_PAGE_EVENTS
      )
        continue;
      yield page;
      if (atEnd) return;
      page = { events: [], claims: [] };
      bytes = 0;
    }
  }

  /** Marks the target as complete: processes can open it. */
  async complete(summary: object): Promise<void> {
    const { state, revision } = await this.state();
    if (state === 'started') await this.mark(MIGRATION_COMPLETED, summary, revision);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.connection.close();
  }

  private async mark(type: string, data: object, expectedRevision: number): Promise<void> {
    await this.begin();
    await this.write(this.names.migration, expectedRevision, [
      wireEvent(randomUUID(), type, canonicalJson(data), { version: 1 }),
    ]);
  }

  private async writeClaim({ claimedAt, ...claim }: MigratedClaim): Promise<void> {
    const event = claimedEvent(claim, claimedAt);
    const attempts = { deadline: new Deadline(TIMEOUTS.commandMs), stopped: () => this.closed };
    await this.appends.untilKnown(
      { stream: this.names.claimOf(claim.commandId), expectedRevision: -1, events: [event] },
      attempts,
    );
  }

  private async write(
    stream: string,
    expectedRevision: number,
    events: readonly WireEvent[],
    first?: LoggedEvent,
  ): Promise<void> {
    const attempts = { deadline: new Deadline(TIMEOUTS.commandMs), stopped: () => this.closed };
    const answer = await this.appends.untilKnown({ stream, expectedRevision, events }, attempts);
    if (answer.outcome === 'appended') return;
    const where = first
      ? `${first.stream} is at revision ${answer.actual} in the target`
      : 'another migration writes into the target';
    throw new LogUnavailable(`${where}; nothing was appended to it`);
  }

  /** The marker at the beginning of the log, written if needed: all its events are after it. */
  private async begin(): Promise<AllPosition> {
    const attempts = { deadline: new Deadline(TIMEOUTS.commandMs), stopped: () => this.closed };
    return (this.origin ??= await logOrigin(this.server, this.appends, this.names, attempts));
  }

  /** The position of its last event, claim or marker. */
  private async end(): Promise<AllPosition | undefined> {
    await this.begin();
    return new LogEnd(this.server, this.names).find();
  }
}

const EVENTS_AN_APPEND = 500;
/** Size of an event without its data. */
const ENVELOPE_BYTES = 1_024;
/** The writer that a repetition of a migrated append finds. */
const WRITER = 'migration';

export interface MigrationBatch {
  readonly first: LoggedEvent;
  readonly events: WireEvent[];
}

/** Groups adjacent events of one stream into appends of permitted size, in order. */
export function* migrationBatches(events: readonly LoggedEvent[]): Iterable<MigrationBatch> {
  let batch: MigrationBatch | undefined;
  let last: LoggedEvent | undefined;
  let bytes = 0;
  for (const event of events) {
    const own = Buffer.byteLength(canonicalData(event.data)) + ENVELOPE_BYTES;
    const follows = last?.stream === event.stream && last.revision + 1 === event.revision;
    if (
      !batch ||
      !follows ||
      batch.events.length === EVENTS_AN_APPEND ||
      bytes + own > MAX_APPEND_BYTES
    ) {
      if (batch) yield batch;
      batch = { first: event, events: [] };
      bytes = 0;
    }
    batch.events.push(migrated(event));
    bytes += own;
    last = event;
  }
  if (batch) yield batch;
}

const migrated = ({ id, type, version, data, metadata, recordedAt }: LoggedEvent): WireEvent =>
  wireEvent(id, type, canonicalData(data), storedMetadata(metadata, recordedAt, version, WRITER));

/** A stored form: types of the events in the stream that records a migration into this log. */
export const MIGRATION_STARTED = 'MigrationStarted';
export const MIGRATION_COMPLETED = 'MigrationCompleted';

export interface MigrationState {
  readonly state: 'none' | 'started' | 'completed';
  /** Revision of the marker's last event; −1 when there is none. */
  readonly revision: number;
  /** What the migration recorded when it started or completed. */
  readonly data: unknown;
}

export async function migrationState(
  server: ServerReads,
  names: StreamNames,
): Promise<MigrationState> {
  const last = await server.lastOf(names.migration);
  if (!last) return { state: 'none', revision: -1, data: undefined };
  return {
    state: last.type === MIGRATION_STARTED ? 'started' : 'completed',
    revision: Number(last.revision),
    data: last.data as unknown,
  };
}

/** Refuses to open a log before the migration into it has completed. */
export async function refuseUnfinishedMigration(
  server: ServerReads,
  names: StreamNames,
): Promise<void> {
  const { state } = await migrationState(server, names);
  if (state !== 'started') return;
  throw new LogUnavailable(
    'a migration into this log has started and not completed: run `sekisho migrate` again with the same source, it continues where it stopped',
  );
}
