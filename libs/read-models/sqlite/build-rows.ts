import type { EventId } from '../../domain/shared/ids.js';
import { type Projection, shapeOf } from '../projection.js';
import type { Poison, ProjectionBuild } from '../store.js';
import type { ReadModelFile } from './read-model-file.js';

const COLUMNS = 'id, projection, version, shape, role, position, event_id, filled, poison';

/** The rows that say which fillings of which projections there are, and where each stands. */
export class BuildRows {
  constructor(private readonly file: ReadModelFile) {}

  all(): readonly ProjectionBuild[] {
    return this.file.all(`SELECT ${COLUMNS} FROM runs ORDER BY id`).map(runOf);
  }

  live(projection: string): ProjectionBuild | undefined {
    const row = this.file.get(
      `SELECT ${COLUMNS} FROM runs WHERE projection = ? AND role = 'live'`,
      projection,
    );
    return row && runOf(row);
  }

  insert(projection: Projection, role: ProjectionBuild['role']): ProjectionBuild {
    const row = this.file.get(
      `INSERT INTO runs (projection, version, shape, role, position, filled) VALUES (?, ?, ?, ?, -1, 0) RETURNING ${COLUMNS}`,
      projection.name,
      projection.version,
      shapeOf(projection),
      role,
    );
    if (row === undefined) throw new Error(`no run of ${projection.name} was inserted`);
    return runOf(row);
  }

  advance(
    build: ProjectionBuild,
    { position, eventId }: ProjectionBuild['checkpoint'],
    poison: Poison | undefined,
  ): void {
    this.file.run(
      'UPDATE runs SET position = ?, event_id = ? WHERE id = ?',
      position,
      eventId ?? null,
      build.id,
    );
    if (poison)
      this.file.run('UPDATE runs SET poison = ? WHERE id = ?', JSON.stringify(poison), build.id);
  }

  clearPoison(build: ProjectionBuild): void {
    this.file.run('UPDATE runs SET poison = NULL WHERE id = ?', build.id);
  }

  markFilled(build: ProjectionBuild): void {
    this.file.run('UPDATE runs SET filled = 1 WHERE id = ?', build.id);
  }

  makeLive(build: ProjectionBuild): void {
    this.file.run("UPDATE runs SET role = 'live' WHERE id = ?", build.id);
  }

  delete(build: ProjectionBuild): void {
    this.file.run('DELETE FROM runs WHERE id = ?', build.id);
  }
}

// The rows were written by this class, in the types of a Run.
const runOf = (row: Record<string, unknown>): ProjectionBuild => ({
  id: Number(row['id']),
  projection: String(row['projection']),
  version: Number(row['version']),
  shape: String(row['shape']),
  role: row['role'] as ProjectionBuild['role'],
  checkpoint: {
    position: Number(row['position']),
    ...(row['event_id'] === null ? {} : { eventId: row['event_id'] as EventId }),
  },
  filled: row['filled'] === 1,
  ...(row['poison'] === null ? {} : { poison: JSON.parse(String(row['poison'])) as Poison }),
});
