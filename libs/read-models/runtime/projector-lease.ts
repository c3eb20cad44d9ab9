import type { Lease, ReadModelStore } from '../store.js';

/** The longest time until another process can take the lease of a holder that has died. */
export const LEASE_TTL_MS = 3_000;
const RENEW_EVERY_MS = LEASE_TTL_MS / 3;

/** Acquires the lease, renews it in time, and releases it. */
export class ProjectorLease {
  private lease: Lease | undefined;
  private renewAtMs = 0;

  constructor(
    private readonly store: ReadModelStore,
    private readonly holder: string,
    private readonly nowMs: () => number,
  ) {}

  get current(): Lease | undefined {
    return this.lease;
  }

  /**
   * `acquired` once, after the lease was granted. Throws LeaseLost if a renewal finds another's
   * token.
   */
  async hold(): Promise<'acquired' | 'held' | 'elsewhere'> {
    const now = this.nowMs();
    if (this.lease === undefined) {
      this.lease = await this.store.acquireLease(this.holder, LEASE_TTL_MS);
      this.renewAtMs = now + RENEW_EVERY_MS;
      return this.lease === undefined ? 'elsewhere' : 'acquired';
    }
    if (now >= this.renewAtMs) {
      await this.store.renewLease(this.lease, LEASE_TTL_MS);
      this.renewAtMs = now + RENEW_EVERY_MS;
    }
    return 'held';
  }

  forget(): void {
    this.lease = undefined;
  }

  async release(): Promise<void> {
    const lease = this.lease;
    this.lease = undefined;
    if (lease) await this.store.releaseLease(lease);
  }
}
