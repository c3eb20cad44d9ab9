import type { Postgres } from '../../platform/postgres/postgres.js';
import type { Session } from '../../platform/postgres/session.js';
import type { TransactionKind } from '../../platform/postgres/transaction.js';
import { LeaseLost } from '../errors.js';
import type { Lease } from '../store.js';

const PROJECTOR = 'projector';

/** One row says who projects, until when by the server's clock, and with which token. */
export class LeaseRow {
  private readonly table: string;

  constructor(
    private readonly postgres: Postgres,
    schema: string,
    /** In place of the server's clock, for tests. */
    private readonly nowMs?: () => number,
  ) {
    this.table = `${schema}.lease`;
  }

  /** A row that is locked belongs to somebody who is writing just now: nobody waits for that. */
  async acquire(holder: string, ttlMs: number): Promise<Lease | undefined> {
    const [granted] = await this.postgres.query(
      `UPDATE ${this.table} SET holder = $2, token = token + 1, expires_at_ms = ${NOW_MS} + $4, server_started_at = pg_postmaster_start_time()
       WHERE name = (
         SELECT name FROM ${this.table} WHERE name = $1 AND (holder = $2 OR expires_at_ms <= ${NOW_MS}) FOR UPDATE SKIP LOCKED
       ) RETURNING token`,
      [PROJECTOR, holder, this.now(), ttlMs],
    );
    return granted && { holder, token: Number(granted['token']) };
  }

  async renew(lease: Lease, ttlMs: number): Promise<void> {
    await this.fenced(lease, async (session) => {
      // $2 is the holder's place in the other statement.
      await session.query(
        `UPDATE ${this.table} SET expires_at_ms = ${NOW_MS} + $2 WHERE name = $1`,
        [PROJECTOR, ttlMs, this.now()],
      );
    });
  }

  async release(lease: Lease): Promise<void> {
    await this.postgres.query(
      `UPDATE ${this.table} SET expires_at_ms = 0 WHERE name = $1 AND holder = $2 AND token = $3`,
      [PROJECTOR, lease.holder, lease.token],
    );
  }

  /**
   * A transaction that writes only while the token is the last one given. The row stays locked
   * until it has ended, so the lease cannot pass on between the look and the commit; a holder that
   * stands still inside it is cut off by the server after a few seconds. A lease ends with the
   * server that gave it, too: after a failover its last commits may be missing, and have to be
   * looked for.
   */
  async fenced<T>(
    lease: Lease,
    work: (session: Session) => Promise<T>,
    kind: TransactionKind = {},
  ): Promise<T> {
    return this.postgres.transaction(async (session) => {
      const [held] = await session.query(
        `SELECT token FROM ${this.table}
         WHERE name = $1 AND holder = $2 AND token = $3 AND server_started_at = pg_postmaster_start_time() FOR UPDATE`,
        [PROJECTOR, lease.holder, lease.token],
      );
      if (!held) throw new LeaseLost(`the projector's lease ${lease.token} has passed on`);
      return work(session);
    }, kind);
  }

  private now(): number | null {
    return this.nowMs?.() ?? null;
  }
}

/**
 * The server's clock: machines need not agree on the time. $3 stands in for it when it is given.
 */
const NOW_MS = 'coalesce($3::int8, (extract(epoch FROM clock_timestamp()) * 1000)::int8)';
