import { eventId } from '../../domain/shared/ids.js';
import { quoted } from '../../platform/postgres/identifiers.js';
import type { Postgres } from '../../platform/postgres/postgres.js';
import { type ProcessCheckpoint, ProcessCheckpoints } from '../opened-stores.js';
import { asked } from './asked.js';
import { READ_MODELS_SCHEMA } from './schema.js';

/** The checkpoints of processes in PostgreSQL, on disk when `moveTo` returns. */
export class PostgresProcessCheckpoints extends ProcessCheckpoints {
  private readonly table: string;

  constructor(
    private readonly postgres: Postgres,
    schema = READ_MODELS_SCHEMA,
  ) {
    super();
    this.table = `${quoted(schema)}.process_checkpoints`;
  }

  override async get(process: string): Promise<ProcessCheckpoint | undefined> {
    const [row] = await asked(() =>
      this.postgres.query(`SELECT position, event_id FROM ${this.table} WHERE process = $1`, [
        process,
      ]),
    );
    return row && { position: Number(row['position']), eventId: eventId(String(row['event_id'])) };
  }

  override async moveTo(process: string, checkpoint: ProcessCheckpoint): Promise<void> {
    await asked(() =>
      this.postgres.query(
        `INSERT INTO ${this.table} AS kept (process, position, event_id) VALUES ($1, $2, $3)
         ON CONFLICT (process) DO UPDATE SET position = excluded.position, event_id = excluded.event_id WHERE kept.position < excluded.position`,
        [process, checkpoint.position, checkpoint.eventId],
      ),
    );
  }

  override async forget(process: string): Promise<void> {
    await asked(() =>
      this.postgres.query(`DELETE FROM ${this.table} WHERE process = $1`, [process]),
    );
  }
}
