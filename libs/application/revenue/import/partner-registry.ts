import { LRUCache } from 'lru-cache';
import type { PartnerId } from '../../../domain/shared/ids.js';

/** Which of these partners are registered. */
export type AskRegistered = (partnerIds: readonly PartnerId[]) => Promise<readonly PartnerId[]>;

/**
 * More than a file of several partners needs, and few enough for a file that names a new one in
 * every row.
 */
const REMEMBERED_AT_MOST = 10_000;

/** The partners that a file names: each is asked about once, while not too many are named. */
export class PartnerRegistry {
  private readonly remembered = new LRUCache<PartnerId, boolean>({ max: REMEMBERED_AT_MOST });

  constructor(private readonly ask: AskRegistered) {}

  /** Before `isRegistered` is asked about them; of no more than are remembered at once. */
  async learn(partnerIds: readonly PartnerId[]): Promise<void> {
    const unknown = [...new Set(partnerIds)].filter((partnerId) => !this.remembered.has(partnerId));
    if (unknown.length === 0) return;
    const registered = new Set(await this.ask(unknown));
    for (const partnerId of unknown) this.remembered.set(partnerId, registered.has(partnerId));
  }

  isRegistered(partnerId: PartnerId): boolean {
    return this.remembered.get(partnerId) === true;
  }
}
