import { randomUUID } from 'node:crypto';
import { canonicalJson } from '../canonical.js';
import { LogUnavailable } from '../errors.js';
import type { LoggedEvent } from '../event-log.js';
import { MAX_APPEND_BYTES } from '../prepared-append.js';
import { COMMAND_DEADLINE_MS } from './appending.js';
import { claimEvent } from './claims.js';
import { Connection } from './connection.js';
import { Deadline } from './deadline.js';
import { logOrigin } from './log-origin.js';
import { MIGRATION_COMPLETED, MIGRATION_STARTED, migrationState } from './migration-marker.js';
import type { LogReporter } from './report.js';
import { ServerReading } from './server-reading.js';
import { eventData, fromStored, type UncountedEvent } from './stored-event.js';
import { StreamNames } from './stream-names.js';
import { type AppendAnswer, type ServerAppend, UnaryAppends } from './unary-append.js';
import { parseServerUrl } from './url.js';

export interface MigrationTargetOptions {
  readonly url: string;
  readonly prefix: string;
  readonly report?: LogReporter;
}

/** Which log comes here: its own id, told by its first event. */
export interface MigrationSource {
  readonly logId: string;
}

/** The target is not where the migration left it: read it again from its beginning. */
export class TargetMoved extends Error {
  override readonly name = 'TargetMoved';
}

const MAX_EVENTS_AN_APPEND = 200;
/** Of every event's own frame in a request, beside its texts. */
const FRAME_BYTES = 512;

/**
 * A log in EventStoreDB while another one is being copied into it: ids, revisions, order and `recordedAt` are those of the source, and
 * nobody opens it before `complete`. Everything can be repeated, so a migration that died goes on where it stopped.
 */
export class MigrationTarget {
  private closed = false;

  private constructor(
    private readonly connection: Connection,
    private readonly server: ServerReading,
    private readonly appends: UnaryAppends,
    private readonly names: StreamNames,
  ) {}

  /** Nothing is asked of the server yet. Throws a RangeError for a connection string that cannot be used. */
  static open({ url, prefix, report = () => undefined }: MigrationTargetOptions): MigrationTarget {
    const connection = new Connection(parseServerUrl(url), report);
    const server: ServerReading = new ServerReading(connection, prefix, () => target.closed);
    const target = new MigrationTarget(connection, server, new UnaryAppends(connection, server), new StreamNames(prefix));
    return target;
  }

  /**
   * Closes the target to everybody else, also when the same migration goes on. `taken`: there is a log here already that no migration
   * has left; `completed`: the same source has been migrated here.
   */
  async begin(source: MigrationSource): Promise<'begun' | 'completed' | 'taken'> {
    const { state, revision, data } = await migrationState(this.server, this.names);
    if (state !== 'none' && (data as MigrationSource).logId !== source.logId) return 'taken'; // written by `begin` and `complete`
    if (state === 'completed') return 'completed';
    if (state === 'none' && (await this.server.lastOf(this.names.origin)) !== undefined) return 'taken';
    await this.mark(MIGRATION_STARTED, revision, source);
    await logOrigin(this.server, this.appends, this.names, this.attempts());
    return 'begun';
  }

  /** All events that are here, in the log's order: positions are their places. */
  async *events(source: MigrationSource): AsyncIterable<UncountedEvent> {
    const origin = await logOrigin(this.server, this.appends, this.names, this.attempts());
    const { revision } = await migrationState(this.server, this.names);
    // What has been appended by now lies before a mark that is written now.
    const end = await this.mark(MIGRATION_STARTED, revision, source);
    for await (const recorded of this.server.behind(origin)) {
      if (recorded.id === end) return;
      const stream = this.names.ofLog(recorded.streamId);
      const stored = stream === undefined ? undefined : fromStored(recorded, stream);
      if (stored) yield stored.event;
    }
  }

  /** Events in the log's order, behind those that are here. Throws TargetMoved, OutcomeUnknown, LogUnavailable. */
  async append(events: readonly LoggedEvent[]): Promise<void> {
    for (const group of groupsOf(events)) {
      const [first] = group;
      if (!first) continue;
      const stream = this.names.onServer(first.stream);
      const answer = await this.untilKnown({ stream, expectedRevision: first.revision - 1, events: group.map(toCopied) });
      if (answer.outcome === 'wrong-revision') throw new TargetMoved(`${first.stream} is at revision ${answer.actual} there`);
    }
  }

  /** The claim of the command that this event is the first of, as its appender would have made it; one that is there stays. */
  async claim({ metadata, stream, revision, recordedAt }: LoggedEvent): Promise<void> {
    const { commandId, fingerprint, fingerprintGeneration } = metadata;
    const claim = {
      commandId,
      ...(fingerprint === undefined ? {} : { fingerprint }),
      ...(fingerprintGeneration === undefined ? {} : { fingerprintGeneration }),
      homeStream: stream,
      revision: revision - 1,
    };
    const events = [claimEvent('Claimed', claim, recordedAt)];
    await this.untilKnown({ stream: this.names.claimOf(commandId), expectedRevision: -1, events });
  }

  /** Opens the target to everybody. `events`: how many were copied; `sha256`: of their canonical envelopes. */
  async complete(source: MigrationSource & { readonly events: number; readonly sha256: string }): Promise<void> {
    const { revision } = await migrationState(this.server, this.names);
    await this.mark(MIGRATION_COMPLETED, revision, source);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.connection.close();
  }

  /** Gives the mark's event id. */
  private async mark(type: string, revision: number, data: object): Promise<string> {
    const event = eventData(randomUUID(), type, data, { version: 1 });
    const answer = await this.untilKnown({ stream: this.names.migration, expectedRevision: revision, events: [event] });
    if (answer.outcome === 'wrong-revision') throw new TargetMoved('another migration is copying into the same log; let one of them end');
    if (event.id === undefined) throw new LogUnavailable('a mark without an id');
    return event.id;
  }

  private untilKnown(append: ServerAppend): Promise<AppendAnswer> {
    return this.appends.untilKnown(append, this.attempts());
  }

  private attempts() {
    return { deadline: new Deadline(COMMAND_DEADLINE_MS), stopped: () => this.closed };
  }
}

/** Neighbours of one stream, in appends that the server takes. */
function* groupsOf(events: readonly LoggedEvent[]): Generator<readonly LoggedEvent[]> {
  let group: LoggedEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    const size = Buffer.byteLength(canonicalJson(event)) + FRAME_BYTES;
    const full = group.length === MAX_EVENTS_AN_APPEND || bytes + size > MAX_APPEND_BYTES;
    if (group.length > 0 && (full || group[0]?.stream !== event.stream)) {
      yield group;
      [group, bytes] = [[], 0];
    }
    group.push(event);
    bytes += size;
  }
  if (group.length > 0) yield group;
}

/** As its appender would have stored it; the writer's mark is new, since no append of the source's is repeated here. */
const toCopied = ({ id, type, version, data, metadata, recordedAt }: LoggedEvent) =>
  eventData(id, type, data, { ...metadata, recordedAt, version, writer: randomUUID() });
