import type { Position } from '../../event-log/event-log.js';
import type { VoidSeen } from '../../read-models/read-models.js';

const KEPT_AT_MOST = 256;

/**
 * The latest voids. A list of orders whose projection has not processed one of them yet must not
 * show its order as placed. The number is bounded: the two oldest are merged into one that has the
 * first order's position and the later void's.
 */
export class RecentVoids {
  private voids: readonly VoidSeen[] = [];

  get all(): readonly VoidSeen[] {
    return this.voids;
  }

  add(order: Position, voided: Position): void {
    const voids = [...this.voids, { order, voided }];
    const [first, second, ...rest] = voids;
    this.voids =
      voids.length > KEPT_AT_MOST && first && second ? [together(first, second), ...rest] : voids;
  }
}

const together = (a: VoidSeen, b: VoidSeen): VoidSeen => ({
  order: Math.min(a.order, b.order),
  voided: Math.max(a.voided, b.voided),
});
