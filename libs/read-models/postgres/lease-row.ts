import { type Kysely, sql } from 'kysely';
import type { Postgres } from '../../platform/postgres/postgres.js';
import { execute, type Session } from '../../platform/postgres/session.js';
import type { TransactionKind } from '../../platform/postgres/transaction.js';
import { postgresBuilder } from '../../platform/sql/builders.js';
import { statement } from '../../platform/sql/statement.js';
import { LeaseLost } from '../errors.js';
import type { Lease } from '../store.js';

const PROJECTOR = 'projector';

interface LeaseTables {
  readonly lease: {
    readonly name: string;
    readonly holder: string;
    readonly token: number;
    readonly expires_at_ms: number;
    readonly server_started_at: Date;
  };
}

/**
 * The projector's lease: its holder, the token of the last grant, and its expiry by the server's
 * clock.
 */
export class LeaseRow {
  private readonly statements: ReturnType<typeof leaseStatements>;

  constructor(
    private readonly postgres: Postgres,
    schema: string,
    /** Replaces the server's clock in tests. */
    private readonly nowMs?: () => number,
  ) {
    this.statements = leaseStatements(postgresBuilder<LeaseTables>(schema));
  }

  /** Skips a locked row instead of waiting: its holder is writing now. */
  async acquire(holder: string, ttlMs: number): Promise<Lease | undefined> {
    const values = { holder, ttlMs, nowMs: this.now() };
    const [granted] = await execute(this.postgres, this.statements.acquire, values);
    return granted && { holder, token: Number(granted['token']) };
  }

  async renew(lease: Lease, ttlMs: number): Promise<void> {
    await this.fenced(lease, async (session) => {
      await execute(session, this.statements.renew, { ttlMs, nowMs: this.now() });
    });
  }

  async release({ holder, token }: Lease): Promise<void> {
    await execute(this.postgres, this.statements.release, { holder, token });
  }

  /**
   * A transaction that writes only if the token is that of the last grant. The row stays locked
   * until the transaction ends, so the lease cannot pass to another holder before the commit; the
   * server ends the transaction of a holder that is idle in it for a few seconds. A restart of the
   * server ends the lease too: after a failover the last commits may be missing, and the new holder
   * reads the checkpoints again.
   */
  async fenced<T>(
    lease: Lease,
    work: (session: Session) => Promise<T>,
    kind: TransactionKind = {},
  ): Promise<T> {
    const { holder, token } = lease;
    return this.postgres.transaction(async (session) => {
      const [row] = await execute(session, this.statements.lock, { holder, token });
      if (!row) throw new LeaseLost(`another process holds the projector's lease ${token}`);
      return work(session);
    }, kind);
  }

  private now(): number | null {
    return this.nowMs?.() ?? null;
  }
}

interface Clock {
  readonly nowMs: number | null;
}
interface Granted {
  readonly holder: string;
  readonly token: number;
}

const leaseStatements = (db: Kysely<LeaseTables>) => ({
  acquire: statement<Clock & { readonly holder: string; readonly ttlMs: number }>((parameter) =>
    db
      .updateTable('lease')
      .set({
        holder: parameter.holder,
        token: sql<number>`token + 1`,
        expires_at_ms: sql<number>`${now(parameter)} + ${parameter.ttlMs}::int8`,
        server_started_at: serverStart,
      })
      .where('name', '=', (query) =>
        query
          .selectFrom('lease')
          .select('name')
          .where('name', '=', PROJECTOR)
          .where((where) =>
            where.or([
              where('holder', '=', parameter.holder),
              where('expires_at_ms', '<=', now(parameter)),
            ]),
          )
          .forUpdate()
          .skipLocked(),
      )
      .returning('token'),
  ),
  renew: statement<Clock & { readonly ttlMs: number }>((parameter) =>
    db
      .updateTable('lease')
      .set({ expires_at_ms: sql<number>`${now(parameter)} + ${parameter.ttlMs}::int8` })
      .where('name', '=', PROJECTOR),
  ),
  release: statement<Granted>((parameter) =>
    db
      .updateTable('lease')
      .set({ expires_at_ms: 0 })
      .where('name', '=', PROJECTOR)
      .where('holder', '=', parameter.holder)
      .where('token', '=', parameter.token),
  ),
  lock: statement<Granted>((parameter) =>
    db
      .selectFrom('lease')
      .select('token')
      .where('name', '=', PROJECTOR)
      .where('holder', '=', parameter.holder)
      .where('token', '=', parameter.token)
      .where('server_started_at', '=', serverStart)
      .forUpdate(),
  ),
});

/** The server's clock, because machines may disagree on the time; tests give another. */
const now = ({ nowMs }: Clock) =>
  sql<number>`coalesce(${nowMs}::int8, (extract(epoch FROM clock_timestamp()) * 1000)::int8)`;
const serverStart = sql<Date>`pg_postmaster_start_time()`;
