import { LRUCache } from 'lru-cache';
import type { CommandId } from '../../../domain/shared/ids.js';
import type { TakenClaim } from '../../../event-log/event-log.js';

const TAKE_OVER_AFTER_MS = 30_000;
const REMEMBERED_AT_MOST = 10_000;

/**
 * Decides when a claim without a result may be taken over: 30 s after it was made, by the clocks of
 * the claimant and this process, or 30 s after this process first saw it, by its own monotonic
 * clock. The second rule is for a manual log, whose clock does not advance by itself, and for
 * clocks that differ. This affects only how long a repeat waits, not safety: a slow claimant finds
 * the result of the other process.
 */
export class ClaimAges {
  // A `max` would allocate its arrays at once, of this size.
  private readonly met = new LRUCache<
    CommandId,
    { readonly claimant: string | undefined; readonly atMs: number }
  >({ maxSize: REMEMBERED_AT_MOST, sizeCalculation: () => 1 });

  constructor(
    /** The clock of the log's events and claims, in milliseconds since the epoch. */
    private readonly now: () => number,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {}

  isOver({ by: { commandId, claimant }, claimedAt }: TakenClaim): boolean {
    const atMs = this.monotonicMs();
    const met = this.met.get(commandId);
    const isSame = met !== undefined && met.claimant === claimant;
    if (!isSame) this.met.set(commandId, { claimant, atMs });
    const ageMs = Math.max(this.now() - Date.parse(claimedAt), isSame ? atMs - met.atMs : 0);
    return ageMs >= TAKE_OVER_AFTER_MS;
  }
}
