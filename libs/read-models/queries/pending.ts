import type { Position } from '../../event-log/event-log.js';
import type { OrderValidation } from '../read-models.js';
import type { ListedOrder, OrderRow } from '../rows.js';

/**
 * Up to where an accepted order stands, as far as rows folded up to a position can tell: what lies
 * behind is pending. An order whose void has not been folded yet is never shown as placed.
 */
export function confirmedThrough(
  { through, voids }: OrderValidation,
  foldedThrough: Position,
): Position {
  return voids.reduce(
    (least, { order, voided }) => (voided > foldedThrough ? Math.min(least, order - 1) : least),
    through,
  );
}

/** `pending` is no row: it is what a placed order is shown as while it is not known to stand. */
export function listed(row: OrderRow, through: Position | undefined): ListedOrder {
  const {
    soleProviderId: _sole,
    cancelledPosition: _cancelled,
    voidedPosition: _voided,
    ...shown
  } = row;
  return through !== undefined && row.status === 'placed' && row.position > through
    ? { ...shown, status: 'pending' }
    : shown;
}
