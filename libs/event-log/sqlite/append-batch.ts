import type { StreamName } from '../../domain/shared/ids.js';
import { CommandConflict, GuardMoved, WrongRevision } from '../errors.js';
import type { Appended, LoggedEvent } from '../event-log.js';
import { atIndexesOf, isRepetition, loggedEvent, type PreparedAppend } from '../prepared-append.js';
import { renderInstant } from '../recorded-at.js';
import type { AppendOutcome } from '../group-commit.js';
import type { Connection } from './connection.js';
import { isUniqueViolation } from './errors.js';
import { eventsOfCommand } from './log-pages.js';
import { blobOf } from './event-row.js';
import type { StreamHead, StreamHeads } from './log-heads.js';

const INSERT = 'INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)';

/**
 * The appends of one transaction, each checked against the log as the earlier ones in the batch
 * left it. A refused append leaves nothing in the file. The batch holds all changes until the
 * transaction has committed.
 */
export class AppendBatch {
  readonly events: LoggedEvent[] = [];
  readonly heads = new Map<StreamName, StreamHead>();
  private readonly recordedAt: string;
  private nextPosition: number;

  constructor(
    private readonly connection: Connection,
    private readonly known: StreamHeads,
    lastPosition: number,
    private readonly recordedAtMs: number,
  ) {
    this.nextPosition = lastPosition + 1;
    this.recordedAt = renderInstant(recordedAtMs);
  }

  append(append: PreparedAppend): AppendOutcome {
    const refusal = this.refusalOf(append);
    if (refusal !== undefined) return this.repeatedOr(append, refusal);
    try {
      return { appended: { events: this.insert(append), repeated: false } };
    } catch (error) {
      // A usual append needs no query for its command: the unique index reports an earlier one.
      if (!isUniqueViolation(error)) throw error;
      this.removeFrom(this.nextPosition);
      return this.repeatedOr(append, new CommandConflict(append.commandId));
    }
  }

  private refusalOf({ stream, expectedRevision, guards }: PreparedAppend): Error | undefined {
    const { revision } = this.headOf(stream);
    if (revision !== expectedRevision) return new WrongRevision(stream, expectedRevision, revision);
    for (const guard of guards) {
      const actual = this.headOf(guard.stream).revision;
      if (actual !== guard.revision) return new GuardMoved(guard.stream, guard.revision, actual);
    }
    return undefined;
  }

  /**
   * A command that has appended before gets its first result, even if the streams have moved since.
   */
  private repeatedOr(append: PreparedAppend, refusal: Error): AppendOutcome {
    const recorded = atIndexesOf(append, eventsOfCommand(this.connection, append.commandId));
    if (recorded.length === 0) return { error: refusal };
    if (!isRepetition(append, recorded)) return { error: new CommandConflict(append.commandId) };
    return { appended: { events: recorded, repeated: true } satisfies Appended };
  }

  private insert({ stream, events, commandId }: PreparedAppend): readonly LoggedEvent[] {
    const head = this.headOf(stream);
    const streamId = head.streamId ?? this.createStream(stream);
    const insert = this.connection.statement(INSERT);
    const command = blobOf(commandId);
    const logged = events.map(({ event, data, metadata }, offset) => {
      const position = this.nextPosition + offset;
      const revision = head.revision + 1 + offset;
      const typeId = this.connection.typeIdFor(event.type);
      const { id, version } = event;
      const index = event.metadata.index;
      insert.run(
        position,
        streamId,
        revision,
        typeId,
        version,
        this.recordedAtMs,
        blobOf(id),
        command,
        index,
        data,
        metadata,
      );
      return loggedEvent(event, stream, revision, position, this.recordedAt);
    });

    this.nextPosition += logged.length;
    this.heads.set(stream, { streamId, revision: head.revision + logged.length });
    for (const event of logged) this.events.push(event);
    return logged;
  }

  private headOf(stream: StreamName): StreamHead {
    return this.heads.get(stream) ?? this.known.of(stream, this.connection);
  }

  private createStream(stream: StreamName): number {
    const streamId = Number(
      this.connection.statement('INSERT INTO streams (name) VALUES (?)').run(stream)
        .lastInsertRowid,
    );
    this.heads.set(stream, { streamId, revision: -1 });
    return streamId;
  }

  private removeFrom(position: number): void {
    this.connection.statement('DELETE FROM events WHERE position >= ?').run(position);
  }
}
