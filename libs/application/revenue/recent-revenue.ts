import { Injectable } from '@nestjs/common';
import type { RecordedRevenue } from '../../domain/qualification/revenue.js';
import type { RevenueId } from '../../domain/shared/ids.js';
import { LatestUsed } from '../states/latest-used.js';

/** Longer than an entry takes into the index, by far. */
const REMEMBERED_AT_MOST = 10_000;

/**
 * What this process has recorded lately. A request awaits the index as far as the log had come at its arrival; what the request before
 * it in the queue recorded since is not in there yet.
 */
@Injectable()
export class RecentRevenue {
  private readonly recorded = new LatestUsed<RevenueId, RecordedRevenue>(REMEMBERED_AT_MOST);

  find(revenueId: RevenueId): RecordedRevenue | undefined {
    return this.recorded.get(revenueId);
  }

  remember(entry: RecordedRevenue): void {
    if (!this.recorded.has(entry.revenueId)) this.recorded.set(entry.revenueId, entry);
  }
}
