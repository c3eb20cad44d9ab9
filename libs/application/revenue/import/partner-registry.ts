import { LRUCache } from 'lru-cache';
import type { PartnerId } from '../../../domain/shared/ids.js';

/** Returns those of the partners that are registered. */
export type AskRegistered = (partnerIds: readonly PartnerId[]) => Promise<readonly PartnerId[]>;

/**
 * More partners than most files have; a file may name a new partner in every row, so the number
 * must be bounded.
 */
const REMEMBERED_AT_MOST = 10_000;

/**
 * The partners that a file names. Each is looked up once, unless the file names more than fit in
 * memory.
 */
export class PartnerRegistry {
  private readonly remembered = new LRUCache<PartnerId, boolean>({ max: REMEMBERED_AT_MOST });

  constructor(private readonly ask: AskRegistered) {}

  /** Looks up partners before `isRegistered` is called. Pass no more than fit in memory. */
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
