import { sqliteBuilder } from '../../platform/sql/builders.js';
import { statement } from '../../platform/sql/statement.js';
import { LeaseLost } from '../errors.js';
import type { Lease } from '../store.js';
import type { ReadModelFile } from './read-model-file.js';

const PROJECTOR = 'projector';

interface LeaseColumns {
  readonly name: string;
  readonly holder: string;
  readonly token: number;
  readonly expires_at_ms: number;
}

const db = sqliteBuilder<{ readonly lease: LeaseColumns }>();
const statements = {
  get: statement(() =>
    db
      .selectFrom('lease')
      .select(['holder', 'token', 'expires_at_ms'])
      .where('name', '=', PROJECTOR),
  ),
  put: statement<Omit<LeaseColumns, 'name'>>((parameter) =>
    db
      .insertInto('lease')
      .values({
        name: PROJECTOR,
        holder: parameter.holder,
        token: parameter.token,
        expires_at_ms: parameter.expires_at_ms,
      })
      .onConflict((conflict) =>
        conflict.column('name').doUpdateSet(({ ref }) => ({
          holder: ref('excluded.holder'),
          token: ref('excluded.token'),
          expires_at_ms: ref('excluded.expires_at_ms'),
        })),
      ),
  ),
  setExpiry: statement<Pick<LeaseColumns, 'token' | 'expires_at_ms'>>((parameter) =>
    db
      .updateTable('lease')
      .set({ expires_at_ms: parameter.expires_at_ms })
      .where('name', '=', PROJECTOR)
      .where('token', '=', parameter.token),
  ),
};

/**
 * The projector's lease: its holder, the token of the last grant, and its expiry. Processes that
 * share a file share a clock.
 */
export class LeaseRow {
  constructor(
    private readonly file: ReadModelFile,
    private readonly nowMs: () => number,
  ) {}

  acquire(holder: string, ttlMs: number): Lease | undefined {
    return this.file.transaction('IMMEDIATE', () => {
      const row = this.file.row(statements.get, {});
      const now = this.nowMs();
      const isTaken =
        row !== undefined && row['holder'] !== holder && Number(row['expires_at_ms']) > now;
      if (isTaken) return undefined;

      const token = Number(row?.['token'] ?? 0) + 1;
      this.file.execute(statements.put, { holder, token, expires_at_ms: now + ttlMs });
      return { holder, token };
    });
  }

  renew(lease: Lease, ttlMs: number): void {
    this.fenced(lease, () => {
      const { token } = lease;
      this.file.execute(statements.setExpiry, { token, expires_at_ms: this.nowMs() + ttlMs });
    });
  }

  release({ token }: Lease): void {
    this.file.execute(statements.setExpiry, { token, expires_at_ms: 0 });
  }

  /**
   * A transaction that writes only if the token is that of the last grant, so a holder that was
   * suspended past its expiry writes nothing.
   */
  fenced<T>(lease: Lease, work: () => T): T {
    return this.file.transaction('IMMEDIATE', () => {
      if (this.file.row(statements.get, {})?.['token'] !== lease.token)
        throw new LeaseLost(`another process holds the projector's lease ${lease.token}`);
      return work();
    });
  }
}
