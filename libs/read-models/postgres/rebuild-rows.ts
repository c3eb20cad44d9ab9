import { execute, type Session } from '../../platform/postgres/session.js';
import type { RebuildStatus } from '../projection-status.js';
import { rebuildStatements } from '../statements/build-statements.js';
import { postgresStatements } from './dialect.js';

/** The requested rebuilds, and the status of each projection's last one. */
export class RebuildRows {
  private readonly statements: ReturnType<typeof rebuildStatements>;

  constructor(schema: string) {
    this.statements = rebuildStatements(postgresStatements(schema));
  }

  async put(
    session: Session,
    projection: string,
    requested: boolean,
    status: RebuildStatus,
  ): Promise<void> {
    const values = { projection, requested, status: JSON.stringify(status) };
    await execute(session, this.statements.put, values);
  }

  async requested(session: Session): Promise<readonly string[]> {
    const rows = await execute(session, this.statements.requested, {});
    return rows.map(({ projection }) => String(projection));
  }

  async status(session: Session, projection: string): Promise<RebuildStatus | undefined> {
    const [row] = await execute(session, this.statements.status, { projection });
    // Written by `put`.
    return row && (JSON.parse(String(row['status'])) as RebuildStatus);
  }
}
