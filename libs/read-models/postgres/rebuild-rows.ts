import type { Session } from '../../platform/postgres/session.js';
import type { RebuildStatus } from '../read-models.js';

/** Which rebuilds are asked for, and how the last of each projection went. */
export class RebuildRows {
  private readonly table: string;

  constructor(schema: string) {
    this.table = `${schema}.rebuilds`;
  }

  async put(
    session: Session,
    projection: string,
    requested: boolean,
    status: RebuildStatus,
  ): Promise<void> {
    await session.query(
      `INSERT INTO ${this.table} (projection, requested, status) VALUES ($1, $2, $3)
       ON CONFLICT (projection) DO UPDATE SET requested = excluded.requested, status = excluded.status`,
      [projection, requested, JSON.stringify(status)],
    );
  }

  async requested(session: Session): Promise<readonly string[]> {
    const rows = await session.query(
      `SELECT projection FROM ${this.table} WHERE requested ORDER BY projection`,
    );
    return rows.map(({ projection }) => String(projection));
  }

  async status(session: Session, projection: string): Promise<RebuildStatus | undefined> {
    const [row] = await session.query(`SELECT status FROM ${this.table} WHERE projection = $1`, [
      projection,
    ]);
    // Written by `put`.
    return row && (JSON.parse(String(row['status'])) as RebuildStatus);
  }
}
