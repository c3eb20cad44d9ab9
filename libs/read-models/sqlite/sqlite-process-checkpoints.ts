import { eventId } from '../../domain/shared/ids.js';
import { type ProcessCheckpoint, ProcessCheckpoints } from '../opened-stores.js';
import type { ReadModelFile } from './read-model-file.js';

/**
 * The checkpoints of processes in the read models' file. After a power cut one may be an earlier
 * one, from which all is done again.
 */
export class SqliteProcessCheckpoints extends ProcessCheckpoints {
  constructor(private readonly file: ReadModelFile) {
    super();
  }

  override async get(process: string): Promise<ProcessCheckpoint | undefined> {
    const row = this.file.get(
      'SELECT position, event_id FROM process_checkpoints WHERE process = ?',
      process,
    );
    return row && { position: Number(row['position']), eventId: eventId(String(row['event_id'])) };
  }

  override async moveTo(
    process: string,
    { position, eventId: id }: ProcessCheckpoint,
  ): Promise<void> {
    this.file.run(
      `INSERT INTO process_checkpoints (process, position, event_id) VALUES (?, ?, ?)
       ON CONFLICT (process) DO UPDATE SET position = excluded.position, event_id = excluded.event_id WHERE position < excluded.position`,
      process,
      position,
      id,
    );
  }

  override async forget(process: string): Promise<void> {
    this.file.run('DELETE FROM process_checkpoints WHERE process = ?', process);
  }
}
