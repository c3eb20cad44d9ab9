import type { EventId, StreamName } from '../../domain/shared/ids.js';
import { quoted } from '../../platform/postgres/identifiers.js';
import type { Postgres } from '../../platform/postgres/postgres.js';
import type { Snapshot } from '../opened-stores.js';
import { READ_MODELS_SCHEMA } from './schema.js';

const MAX_SNAPSHOTS = 20_000;
const FORGET_EVERY_WRITES = 64;

export interface KeptSnapshot {
  readonly stream: StreamName;
  readonly foldVersion: number;
  readonly snapshot: Snapshot;
}

/**
 * Snapshots in PostgreSQL: the latest of a stream and fold, the longest unchanged forgotten first.
 */
export class SnapshotRows {
  private readonly table: string;
  private writes = 0;

  constructor(
    private readonly postgres: Postgres,
    schema = READ_MODELS_SCHEMA,
    private readonly bounds = {
      maxSnapshots: MAX_SNAPSHOTS,
      forgetEveryWrites: FORGET_EVERY_WRITES,
    },
  ) {
    this.table = `${quoted(schema)}.snapshots`;
  }

  async get(stream: StreamName, foldVersion: number): Promise<Snapshot | undefined> {
    const [row] = await this.postgres.query(
      `SELECT revision, event_id, state FROM ${this.table} WHERE stream = $1 AND fold_version = $2`,
      [stream, foldVersion],
    );
    // Written by putAll below.
    return (
      row && {
        revision: Number(row['revision']),
        eventId: row['event_id'] as EventId,
        state: String(row['state']),
      }
    );
  }

  /** At most one of each stream and fold. */
  async putAll(kept: readonly KeptSnapshot[]): Promise<void> {
    // Always in the same order: two processes that keep the same streams then wait for each other,
    // and never both.
    const ordered = [...kept].sort((a, b) =>
      a.stream < b.stream || (a.stream === b.stream && a.foldVersion < b.foldVersion) ? -1 : 1,
    );
    await this.postgres.query(
      `INSERT INTO ${this.table} (stream, fold_version, revision, event_id, state)
       SELECT * FROM unnest($1::text[], $2::int4[], $3::int8[], $4::text[], $5::text[])
       ON CONFLICT (stream, fold_version) DO UPDATE
       SET id = DEFAULT, revision = excluded.revision, event_id = excluded.event_id, state = excluded.state`,
      [
        ordered.map(({ stream }) => stream),
        ordered.map(({ foldVersion }) => foldVersion),
        ordered.map(({ snapshot }) => snapshot.revision),
        ordered.map(({ snapshot }) => snapshot.eventId),
        ordered.map(({ snapshot }) => snapshot.state),
      ],
    );
    if (this.writes % this.bounds.forgetEveryWrites === 0) await this.forgetOldest();
    this.writes += 1;
  }

  /**
   * Ids rise with every write, so the greatest are the newest. What another process is just writing
   * stays.
   */
  private async forgetOldest(): Promise<void> {
    await this.postgres.query(
      `DELETE FROM ${this.table} WHERE id IN (
         SELECT id FROM ${this.table} WHERE id <= (SELECT id FROM ${this.table} ORDER BY id DESC LIMIT 1 OFFSET $1) FOR UPDATE SKIP LOCKED
       )`,
      [this.bounds.maxSnapshots],
    );
  }
}
