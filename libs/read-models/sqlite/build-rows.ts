import type { Projection } from '../projection.js';
import {
  advancedBuild,
  buildOf,
  buildStatements,
  newBuild,
} from '../statements/build-statements.js';
import type { Poison, ProjectionBuild } from '../store.js';
import { sqliteStatements } from './dialect.js';
import type { ReadModelFile } from './read-model-file.js';

const statements = buildStatements(sqliteStatements);

/** The builds of projections, with the checkpoint of each. */
export class BuildRows {
  constructor(private readonly file: ReadModelFile) {}

  all(): readonly ProjectionBuild[] {
    return this.file.rows(statements.all, {}).map(buildOf);
  }

  live(projection: string): ProjectionBuild | undefined {
    const row = this.file.row(statements.live, { projection });
    return row && buildOf(row);
  }

  insert(projection: Projection, role: ProjectionBuild['role']): ProjectionBuild {
    const row = this.file.row(statements.insert, newBuild(projection, role));
    if (row === undefined) throw new Error(`no build of ${projection.name} was inserted`);
    return buildOf(row);
  }

  advance(
    build: ProjectionBuild,
    checkpoint: ProjectionBuild['checkpoint'],
    poison: Poison | undefined,
  ): void {
    this.file.execute(statements.advance, advancedBuild(build, checkpoint, poison));
  }

  clearPoison({ id }: ProjectionBuild): void {
    this.file.execute(statements.clearPoison, { id });
  }

  markFilled({ id }: ProjectionBuild): void {
    this.file.execute(statements.markFilled, { id });
  }

  makeLive({ id }: ProjectionBuild): void {
    this.file.execute(statements.makeLive, { id });
  }

  delete({ id }: ProjectionBuild): void {
    this.file.execute(statements.delete, { id });
  }
}
