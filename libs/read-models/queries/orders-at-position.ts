import { sql } from 'kysely';
import type { Position } from '../../event-log/event-log.js';
import type { OrdersAtPositionQuery } from '../read-models.js';
import type { ListedOrder, OrderRow } from '../rows.js';
import type { QueryOf } from '../store.js';

export const SCAN_PAGE_ROWS = 500;

interface OrderColumns {
  readonly row: string;
  readonly position: number;
  readonly partnerId: string;
  readonly status: string;
  readonly date: string;
}

/**
 * A page of rows in the order of the log. Conditions on fields without a column are checked in the
 * rows.
 */
export const ordersAtPositionAfter =
  ({
    after = -1,
    knownAt,
    asOf,
    from,
    to,
    partnerId,
    scope,
    refused,
  }: OrdersAtPositionQuery): QueryOf =>
  (tables, { builder }) => {
    if (scope?.partnerIds.length === 0) return undefined;
    let query = builder
      .selectFrom(sql.table<OrderColumns>(tables('orders')).as('o'))
      .select('o.row')
      .where('o.position', '>', after)
      .where('o.position', '<=', knownAt)
      .where('o.date', '<=', asOf)
      .orderBy('o.position')
      .limit(SCAN_PAGE_ROWS);
    if (from !== undefined) query = query.where('o.date', '>=', from);
    if (to !== undefined) query = query.where('o.date', '<=', to);
    if (partnerId !== undefined) query = query.where('o.partnerId', '=', partnerId);
    if (scope !== undefined) query = query.where('o.partnerId', 'in', scope.partnerIds);
    if (refused === true) query = query.where('o.status', 'in', ['refused', 'voided']);
    return query.compile();
  };

/**
 * An order as it was known at a position and as of a day, with its provider: the one that it names,
 * or the only possible one. If its void came after the position, the order is pending, as it was
 * shown then, and never placed. A cancellation counts from its own day.
 */
export function orderAtPosition(row: OrderRow, knownAt: Position, asOf: string): ListedOrder {
  const { cancelledPosition, voidedPosition, cancelledOn, soleProviderId, ...rest } = row;
  const order = {
    ...rest,
    ...(soleProviderId === undefined ? {} : { providerId: soleProviderId }),
  };
  if (voidedPosition !== undefined && voidedPosition <= knownAt)
    return { ...order, ...(cancelledOn === undefined ? {} : { cancelledOn }) };
  const reasons = row.status === 'refused' ? row.reasons : [];
  if (
    cancelledOn !== undefined &&
    cancelledPosition !== undefined &&
    cancelledPosition <= knownAt &&
    cancelledOn <= asOf
  )
    return { ...order, reasons, status: 'cancelled', cancelledOn };
  if (voidedPosition !== undefined) return { ...order, reasons, status: 'pending' };
  return { ...order, reasons, status: row.status === 'cancelled' ? 'placed' : row.status };
}

/**
 * Conditions that the columns cannot check: the provider, and whether the order was refused or
 * voided by then.
 */
export const isAskedFor = (
  { status, providerId }: ListedOrder,
  query: OrdersAtPositionQuery,
): boolean =>
  (query.providerId === undefined || providerId === query.providerId) &&
  (query.refused !== true || status === 'refused' || status === 'voided');
