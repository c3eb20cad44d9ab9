import { eventId } from '../../domain/shared/ids.js';
import { statement } from '../../platform/sql/statement.js';
import { type Projection, shapeOf } from '../projection.js';
import type { RebuildStatus } from '../projection-status.js';
import type { Poison, ProjectionBuild } from '../store.js';
import type { StatementBuilder, StoredTables } from './stored-tables.js';

type Columns = StoredTables['runs'];
interface OfBuild {
  readonly id: number;
}

const COLUMNS = [
  'id',
  'projection',
  'version',
  'shape',
  'role',
  'position',
  'event_id',
  'filled',
  'poison',
] as const;

/** The statements over `runs`, which has a row for each build of a projection. */
export const buildStatements = ({ db, yes, no }: StatementBuilder) => ({
  all: statement(() => db.selectFrom('runs').select(COLUMNS).orderBy('id')),
  live: statement<Pick<Columns, 'projection'>>((parameter) =>
    db
      .selectFrom('runs')
      .select(COLUMNS)
      .where('projection', '=', parameter.projection)
      .where('role', '=', 'live'),
  ),
  insert: statement<Pick<Columns, 'projection' | 'version' | 'shape' | 'role'>>((parameter) =>
    db
      .insertInto('runs')
      .values({
        projection: parameter.projection,
        version: parameter.version,
        shape: parameter.shape,
        role: parameter.role,
        position: -1,
        filled: no,
      })
      .returning(COLUMNS),
  ),
  advance: statement<OfBuild & Pick<Columns, 'position' | 'event_id' | 'poison'>>((parameter) =>
    db
      .updateTable('runs')
      .set(({ fn, ref, val }) => ({
        position: parameter.position,
        event_id: parameter.event_id,
        poison: fn.coalesce(val(parameter.poison), ref('poison')),
      }))
      .where('id', '=', parameter.id),
  ),
  clearPoison: statement<OfBuild>((parameter) =>
    db.updateTable('runs').set({ poison: null }).where('id', '=', parameter.id),
  ),
  markFilled: statement<OfBuild>((parameter) =>
    db.updateTable('runs').set({ filled: yes }).where('id', '=', parameter.id),
  ),
  makeLive: statement<OfBuild>((parameter) =>
    db.updateTable('runs').set({ role: 'live' }).where('id', '=', parameter.id),
  ),
  delete: statement<OfBuild>((parameter) => db.deleteFrom('runs').where('id', '=', parameter.id)),
});

export const newBuild = (projection: Projection, role: ProjectionBuild['role']) => ({
  projection: projection.name,
  version: projection.version,
  shape: shapeOf(projection),
  role,
});

export const advancedBuild = (
  { id }: ProjectionBuild,
  { position, eventId: event }: ProjectionBuild['checkpoint'],
  poison: Poison | undefined,
) => ({
  id,
  position,
  event_id: event ?? null,
  poison: poison ? JSON.stringify(poison) : null,
});

// The rows were written by the statements above, in the types of a ProjectionBuild.
export const buildOf = (row: Readonly<Record<string, unknown>>): ProjectionBuild => ({
  id: Number(row['id']),
  projection: String(row['projection']),
  version: Number(row['version']),
  shape: String(row['shape']),
  role: row['role'] as ProjectionBuild['role'],
  checkpoint: {
    position: Number(row['position']),
    ...(row['event_id'] === null ? {} : { eventId: eventId(String(row['event_id'])) }),
  },
  filled: Boolean(row['filled']),
  ...(row['poison'] === null ? {} : { poison: JSON.parse(String(row['poison'])) as Poison }),
});

/** The statements over `rebuilds`: which are requested, and how each projection's last one went. */
export const rebuildStatements = ({ db, yes }: StatementBuilder) => ({
  put: statement<StoredTables['rebuilds']>((parameter) =>
    db
      .insertInto('rebuilds')
      .values({
        projection: parameter.projection,
        requested: parameter.requested,
        status: parameter.status,
      })
      .onConflict((conflict) =>
        conflict.column('projection').doUpdateSet(({ ref }) => ({
          requested: ref('excluded.requested'),
          status: ref('excluded.status'),
        })),
      ),
  ),
  requested: statement(() =>
    db
      .selectFrom('rebuilds')
      .select('projection')
      .where('requested', '=', yes)
      .orderBy('projection'),
  ),
  status: statement<Pick<StoredTables['rebuilds'], 'projection'>>((parameter) =>
    db.selectFrom('rebuilds').select('status').where('projection', '=', parameter.projection),
  ),
});

/**
 * A request replaces the status of the last rebuild: from then on the status is that of the
 * requested one, so its caller sees when it has finished.
 */
export const REQUESTED: RebuildStatus = { position: -1, finished: false };
