import { LeaseLost } from '../errors.js';
import type { Lease } from '../store.js';
import type { ReadModelFile } from './read-model-file.js';

const PROJECTOR = 'projector';

/**
 * One row says who projects, until when, and with which token. Processes on one file share one
 * clock.
 */
export class LeaseRow {
  constructor(
    private readonly file: ReadModelFile,
    private readonly nowMs: () => number,
  ) {}

  acquire(holder: string, ttlMs: number): Lease | undefined {
    return this.file.transaction('IMMEDIATE', () => {
      const row = this.file.get(
        'SELECT holder, token, expires_at_ms FROM lease WHERE name = ?',
        PROJECTOR,
      );
      const now = this.nowMs();
      const taken =
        row !== undefined && row['holder'] !== holder && Number(row['expires_at_ms']) > now;
      if (taken) return undefined;

      const token = Number(row?.['token'] ?? 0) + 1;
      this.file.run(
        'INSERT INTO lease (name, holder, token, expires_at_ms) VALUES (?, ?, ?, ?) ' +
          'ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, token = excluded.token, expires_at_ms = excluded.expires_at_ms',
        PROJECTOR,
        holder,
        token,
        now + ttlMs,
      );
      return { holder, token };
    });
  }

  renew(lease: Lease, ttlMs: number): void {
    this.fenced(lease, () => {
      this.file.run(
        'UPDATE lease SET expires_at_ms = ? WHERE name = ?',
        this.nowMs() + ttlMs,
        PROJECTOR,
      );
    });
  }

  release(lease: Lease): void {
    this.file.run(
      'UPDATE lease SET expires_at_ms = 0 WHERE name = ? AND token = ?',
      PROJECTOR,
      lease.token,
    );
  }

  /**
   * A transaction that writes only while the token is the last one given: a holder that slept
   * through its expiry writes nothing.
   */
  fenced<T>(lease: Lease, work: () => T): T {
    return this.file.transaction('IMMEDIATE', () => {
      const row = this.file.get('SELECT token FROM lease WHERE name = ?', PROJECTOR);
      if (row?.['token'] !== lease.token)
        throw new LeaseLost(`the projector's lease ${lease.token} has passed on`);
      return work();
    });
  }
}
