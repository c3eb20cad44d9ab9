import type { EventId } from '../../domain/shared/ids.js';
import type { Session } from '../../platform/postgres/session.js';
import { type Projection, shapeOf } from '../projection.js';
import type { Poison, ProjectionBuild } from '../store.js';

const COLUMNS = 'id, projection, version, shape, role, position, event_id, filled, poison';

/** The rows that say which fillings of which projections there are, and where each stands. */
export class BuildRows {
  private readonly table: string;

  constructor(schema: string) {
    this.table = `${schema}.runs`;
  }

  async all(session: Session): Promise<readonly ProjectionBuild[]> {
    return (await session.query(`SELECT ${COLUMNS} FROM ${this.table} ORDER BY id`)).map(runOf);
  }

  async live(session: Session, projection: string): Promise<ProjectionBuild | undefined> {
    const [row] = await session.query(
      `SELECT ${COLUMNS} FROM ${this.table} WHERE projection = $1 AND role = 'live'`,
      [projection],
    );
    return row && runOf(row);
  }

  async insert(
    session: Session,
    projection: Projection,
    role: ProjectionBuild['role'],
  ): Promise<ProjectionBuild> {
    const [row] = await session.query(
      `INSERT INTO ${this.table} (projection, version, shape, role, position, filled) VALUES ($1, $2, $3, $4, -1, false) RETURNING ${COLUMNS}`,
      [projection.name, projection.version, shapeOf(projection), role],
    );
    if (row === undefined) throw new Error(`no run of ${projection.name} was inserted`);
    return runOf(row);
  }

  async advance(
    session: Session,
    build: ProjectionBuild,
    { position, eventId }: ProjectionBuild['checkpoint'],
    poison: Poison | undefined,
  ): Promise<void> {
    await session.query(
      `UPDATE ${this.table} SET position = $2, event_id = $3, poison = coalesce($4, poison) WHERE id = $1`,
      [build.id, position, eventId ?? null, poison ? JSON.stringify(poison) : null],
    );
  }

  async clearPoison(session: Session, build: ProjectionBuild): Promise<void> {
    await session.query(`UPDATE ${this.table} SET poison = NULL WHERE id = $1`, [build.id]);
  }

  async markFilled(session: Session, build: ProjectionBuild): Promise<void> {
    await session.query(`UPDATE ${this.table} SET filled = true WHERE id = $1`, [build.id]);
  }

  async makeLive(session: Session, build: ProjectionBuild): Promise<void> {
    await session.query(`UPDATE ${this.table} SET role = 'live' WHERE id = $1`, [build.id]);
  }

  async delete(session: Session, build: ProjectionBuild): Promise<void> {
    await session.query(`DELETE FROM ${this.table} WHERE id = $1`, [build.id]);
  }
}

// The rows were written by this class, in the types of a Run.
const runOf = (row: Readonly<Record<string, unknown>>): ProjectionBuild => ({
  id: Number(row['id']),
  projection: String(row['projection']),
  version: Number(row['version']),
  shape: String(row['shape']),
  role: row['role'] as ProjectionBuild['role'],
  checkpoint: {
    position: Number(row['position']),
    ...(row['event_id'] === null ? {} : { eventId: row['event_id'] as EventId }),
  },
  filled: row['filled'] === true,
  ...(row['poison'] === null ? {} : { poison: JSON.parse(String(row['poison'])) as Poison }),
});
