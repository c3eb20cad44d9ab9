import { execute, type Session } from '../../platform/postgres/session.js';
import type { Projection } from '../projection.js';
import {
  advancedBuild,
  buildOf,
  buildStatements,
  newBuild,
} from '../statements/build-statements.js';
import type { Poison, ProjectionBuild } from '../store.js';
import { postgresStatements } from './dialect.js';

/** The builds of projections, with the checkpoint of each. */
export class BuildRows {
  private readonly statements: ReturnType<typeof buildStatements>;

  constructor(schema: string) {
    this.statements = buildStatements(postgresStatements(schema));
  }

  async all(session: Session): Promise<readonly ProjectionBuild[]> {
    return (await execute(session, this.statements.all, {})).map(buildOf);
  }

  async live(session: Session, projection: string): Promise<ProjectionBuild | undefined> {
    const [row] = await execute(session, this.statements.live, { projection });
    return row && buildOf(row);
  }

  async insert(
    session: Session,
    projection: Projection,
    role: ProjectionBuild['role'],
  ): Promise<ProjectionBuild> {
    const [row] = await execute(session, this.statements.insert, newBuild(projection, role));
    if (row === undefined) throw new Error(`no build of ${projection.name} was inserted`);
    return buildOf(row);
  }

  async advance(
    session: Session,
    build: ProjectionBuild,
    checkpoint: ProjectionBuild['checkpoint'],
    poison: Poison | undefined,
  ): Promise<void> {
    await execute(session, this.statements.advance, advancedBuild(build, checkpoint, poison));
  }

  async clearPoison(session: Session, { id }: ProjectionBuild): Promise<void> {
    await execute(session, this.statements.clearPoison, { id });
  }

  async markFilled(session: Session, { id }: ProjectionBuild): Promise<void> {
    await execute(session, this.statements.markFilled, { id });
  }

  async makeLive(session: Session, { id }: ProjectionBuild): Promise<void> {
    await execute(session, this.statements.makeLive, { id });
  }

  async delete(session: Session, { id }: ProjectionBuild): Promise<void> {
    await execute(session, this.statements.delete, { id });
  }
}
