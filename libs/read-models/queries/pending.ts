import type { Position } from '../../event-log/event-log.js';
import type { OrderValidation } from '../read-models.js';
import type { ListedOrder, OrderRow } from '../rows.js';

/**
 * The position up to which orders are confirmed, for rows folded up to a position; accepted orders
 * after it are pending. An order whose void is not folded yet is never shown as placed.
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

/** No row has the status `pending`: a placed order is shown as pending until it is confirmed. */
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
