import { sql } from 'kysely';
import type { Position } from '../../event-log/event-log.js';
import type { OrdersQuery } from '../read-models.js';
import type { QueryOf } from '../store.js';

interface OrderColumns {
  readonly key: string;
  readonly row: string;
  readonly position: number;
  readonly tenantId: string;
  readonly partnerId: string;
  readonly status: string;
  readonly date: string;
}

export const ordersAfter =
  (
    after: number,
    rows: number,
    { tenantId, partnerId, status, from, to, scope }: OrdersQuery,
    standsThrough?: Position,
  ): QueryOf =>
  (tables, { builder }) => {
    if (scope?.partnerIds.length === 0) return undefined;
    let query = builder
      .selectFrom(sql.table<OrderColumns>(tables('orders')).as('o'))
      .select('o.row')
      .where('o.position', '>', after)
      .orderBy('o.position')
      .limit(rows);
    if (tenantId !== undefined) query = query.where('o.tenantId', '=', tenantId);
    if (partnerId !== undefined) query = query.where('o.partnerId', '=', partnerId);
    if (status !== undefined)
      query = query.where(
        'o.status',
        '=',
        status === 'pending' && standsThrough !== undefined ? 'placed' : status,
      );
    if (status === 'pending' && standsThrough !== undefined)
      query = query.where('o.position', '>', standsThrough);
    if (status === 'placed' && standsThrough !== undefined)
      query = query.where('o.position', '<=', standsThrough);
    if (from !== undefined) query = query.where('o.date', '>=', from);
    if (to !== undefined) query = query.where('o.date', '<=', to);
    if (scope !== undefined) query = query.where('o.partnerId', 'in', scope.partnerIds);
    return query.compile();
  };

export const orderById =
  (orderId: string): QueryOf =>
  (tables, { builder }) =>
    builder
      .selectFrom(sql.table<OrderColumns>(tables('orders')).as('o'))
      .select('o.row')
      .where('o.key', '=', orderId)
      .compile();
