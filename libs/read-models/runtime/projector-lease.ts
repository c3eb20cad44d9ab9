import type { Lease, ReadModelStore } from '../store.js';

/** Of a dead holder's lease: the next one waits no longer than this. */
export const LEASE_TTL_MS = 3_000;
const RENEW_EVERY_MS = LEASE_TTL_MS / 3;

/** This process's part in the lease: asks for it, renews it in time, gives it back. */
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
   * `acquired` once, when it has just become this holder's. Throws LeaseLost when a renewal finds
   * another's token.
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
