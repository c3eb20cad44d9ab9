import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import { daysInMonth } from '../../domain/shared/calendar.js';
import type { QueryOf } from '../store.js';
import type {
  OneTimeOrderScan,
  ScanKey,
  SubscriptionScan,
  SubscriptionsQuery,
} from '../subscriptions.js';

interface Columns {
  readonly key: string;
  readonly row: string;
  readonly position: number;
  readonly tenantId: string;
  readonly partnerId: string;
  readonly providerId: string | null;
  readonly status: string;
  readonly renewsOn: string | null;
  readonly cycleDay: number | null;
  readonly billedFrom: string | null;
}

export const SCAN_ROWS = 500;

export const subscriptionsAfter =
  (
    after: number,
    rows: number,
    { tenantId, partnerId, status, renewsBefore, scope }: SubscriptionsQuery,
  ): QueryOf =>
  (tables, { builder }) => {
    if (scope?.partnerIds.length === 0) return undefined;
    let query = builder
      .selectFrom(sql.table<Columns>(tables('subscriptions')).as('s'))
      .select('s.row')
      .where('s.position', '>', after)
      .orderBy('s.position')
      .limit(rows);
    if (tenantId !== undefined) query = query.where('s.tenantId', '=', tenantId);
    if (partnerId !== undefined) query = query.where('s.partnerId', '=', partnerId);
    if (status !== undefined) query = query.where('s.status', '=', status);
    if (renewsBefore !== undefined) query = query.where('s.renewsOn', '<', renewsBefore);
    if (scope !== undefined) query = query.where('s.partnerId', 'in', scope.partnerIds);
    return query.compile();
  };

/** A page of a scan, in the order of customers, so that the charges of a payer come together. */
export const scannedSubscriptions =
  (scan: SubscriptionScan): QueryOf =>
  (tables, { builder }) => {
    const query = builder
      .selectFrom(sql.table<Columns>(tables('subscriptions')).as('s'))
      .select('s.row')
      .where((where) => selection(where, scan))
      .orderBy('s.tenantId')
      .orderBy('s.position')
      .limit(SCAN_ROWS);
    const [tenantId, position] = scan.after ?? [];
    if (tenantId === undefined || position === undefined) return query.compile();
    return query
      .where((where) =>
        where.or([
          where('s.tenantId', '>', String(tenantId)),
          where.and([
            where('s.tenantId', '=', String(tenantId)),
            where('s.position', '>', Number(position)),
          ]),
        ]),
      )
      .compile();
  };

type Where = ExpressionBuilder<{ s: Columns }, 's'>;

function selection(where: Where, scan: SubscriptionScan): Expression<SqlBool> {
  if ('subscriptionIds' in scan) return where('s.key', 'in', scan.subscriptionIds);
  if ('partnerId' in scan)
    return where.or([
      where('s.partnerId', '=', scan.partnerId),
      where('s.providerId', '=', scan.partnerId),
    ]);
  const [year, month, day] = scan.dueOn.split('-').map(Number);
  const dayOfMonth = day ?? 0;
  // A cycle of the 31st starts on the last day of a shorter month.
  const isLast = dayOfMonth === daysInMonth(year ?? 0, month ?? 0);
  return where.or([
    where('s.cycleDay', isLast ? '>=' : '=', dayOfMonth),
    where('s.billedFrom', '=', scan.dueOn),
  ]);
}

interface OneTimeColumns {
  readonly key: string;
  readonly row: string;
  readonly position: number;
  readonly partnerId: string;
  readonly providerId: string | null;
}

export const scannedOneTimeOrders =
  (scan: OneTimeOrderScan): QueryOf =>
  (tables, { builder }) =>
    builder
      .selectFrom(sql.table<OneTimeColumns>(tables('one_time_orders')).as('o'))
      .select('o.row')
      .where('o.position', '>', positionOf(scan.after))
      .where((where) =>
        'orderIds' in scan
          ? where('o.key', 'in', scan.orderIds)
          : where.or([
              where('o.partnerId', '=', scan.partnerId),
              where('o.providerId', '=', scan.partnerId),
            ]),
      )
      .orderBy('o.position')
      .limit(SCAN_ROWS)
      .compile();

export const positionOf = (after: ScanKey | undefined): number => Number(after?.[0] ?? -1);
