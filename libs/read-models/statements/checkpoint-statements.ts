import { eventId } from '../../domain/shared/ids.js';
import { statement } from '../../platform/sql/statement.js';
import type { ProcessCheckpoint } from '../opened-stores.js';
import type { StatementBuilder, StoredTables } from './stored-tables.js';

type Columns = StoredTables['process_checkpoints'];

/** The statements over the checkpoints of processes. */
export const checkpointStatements = ({ db }: Pick<StatementBuilder, 'db'>) => ({
  get: statement<Pick<Columns, 'process'>>((parameter) =>
    db
      .selectFrom('process_checkpoints')
      .select(['position', 'event_id'])
      .where('process', '=', parameter.process),
  ),
  /** Does not move a checkpoint back. */
  moveTo: statement<Columns>((parameter) =>
    db
      .insertInto('process_checkpoints')
      .values({
        process: parameter.process,
        position: parameter.position,
        event_id: parameter.event_id,
      })
      .onConflict((conflict) =>
        conflict
          .column('process')
          .doUpdateSet(({ ref }) => ({
            position: ref('excluded.position'),
            event_id: ref('excluded.event_id'),
          }))
          .whereRef('process_checkpoints.position', '<', 'excluded.position'),
      ),
  ),
  forget: statement<Pick<Columns, 'process'>>((parameter) =>
    db.deleteFrom('process_checkpoints').where('process', '=', parameter.process),
  ),
});

export const checkpointOf = (
  row: Readonly<Record<string, unknown>> | undefined,
): ProcessCheckpoint | undefined =>
  row && { position: Number(row['position']), eventId: eventId(String(row['event_id'])) };
