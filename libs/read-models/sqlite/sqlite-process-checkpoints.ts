import { type ProcessCheckpoint, ProcessCheckpoints } from '../opened-stores.js';
import { checkpointOf, checkpointStatements } from '../statements/checkpoint-statements.js';
import { sqliteStatements } from './dialect.js';
import type { ReadModelFile } from './read-model-file.js';

const statements = checkpointStatements(sqliteStatements);

/**
 * The checkpoints of processes in the read models' file. After a power failure a checkpoint may be
 * an earlier one; the process then repeats its work from there.
 */
export class SqliteProcessCheckpoints extends ProcessCheckpoints {
  constructor(private readonly file: ReadModelFile) {
    super();
  }

  override async get(process: string): Promise<ProcessCheckpoint | undefined> {
    return checkpointOf(this.file.row(statements.get, { process }));
  }

  override async moveTo(process: string, { position, eventId }: ProcessCheckpoint): Promise<void> {
    this.file.execute(statements.moveTo, { process, position, event_id: eventId });
  }

  override async forget(process: string): Promise<void> {
    this.file.execute(statements.forget, { process });
  }
}
