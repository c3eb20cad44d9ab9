import type { CustomerEvent, OrderDecided } from '../../domain/customer/customer.js';
import { type Reason, reasons } from '../../domain/order/reasons.js';
import type { StoredDecision } from '../../domain/order/stored-decision.js';
import type { Recorded } from '../../domain/shared/event.js';
import { partnerId, tenantId } from '../../domain/shared/ids.js';
import { projection, table } from '../projection.js';
import type { OrderRow } from '../rows.js';

const orders = table<OrderRow>('orders', {
  columns: {
    position: { type: 'integer', of: (row) => row.position },
    tenantId: { type: 'text', of: (row) => row.tenantId },
    partnerId: { type: 'text', of: (row) => row.partnerId },
    status: { type: 'text', of: (row) => row.status },
    date: { type: 'text', of: (row) => row.date },
  },
  sequence: 'position',
  indexes: [
    ['tenantId', 'position'],
    ['partnerId', 'position'],
    ['status', 'position'],
    ['date', 'position'],
  ],
});

type Decided = Recorded<string, OrderDecided> & { readonly position: number };

const decided = (status: 'placed' | 'refused', { stream, revision, position, data }: Decided) =>
  orders.put(data.orderId, {
    orderId: data.orderId,
    kind: data.kind,
    tenantId: tenantId(stream.slice('customer-'.length)),
    partnerId: data.partnerId,
    ...(data.providerId === undefined
      ? soleProvider(data.decision)
      : { providerId: data.providerId }),
    status,
    currency: data.currency,
    ...(data.total === undefined ? {} : { total: data.total }),
    ...(data.reference === undefined ? {} : { reference: data.reference }),
    lineCount: data.lines.length,
    placedAt: data.decision.judgedAt,
    date: data.decision.date,
    reasons: reasonsOf(data.decision),
    position,
    revision,
  });

/**
 * The orders, accepted and refused. Version 2 adds the positions of cancellations and voids, and
 * the provider.
 */
export const ordersProjection = projection<CustomerEvent>('orders', 2, {
  streams: ['customer'],
  tables: [orders],
  on: {
    OrderPlaced: (event) => decided('placed', event),
    OrderRefused: (event) => decided('refused', event),
    // A voided order was never valid, so neither a second void nor another event changes it.
    OrderVoided: ({ data, position }) =>
      orders.change(data.orderId, (row) =>
        isVoided(row)
          ? row
          : {
              ...row,
              status: 'voided',
              reasons: reasonsOf(data.decision),
              voidedPosition: position,
            },
      ),
    OrderCancelled: ({ data, position }) =>
      orders.change(data.orderId, (row) =>
        isVoided(row)
          ? row
          : { ...row, status: 'cancelled', cancelledOn: data.on, cancelledPosition: position },
      ),
  },
});

const isVoided = (
  row: OrderRow | undefined,
): row is undefined | (OrderRow & { readonly status: 'voided' }) => !row || row.status === 'voided';

/** The provider that check SELLER-4 found for an order that names none. */
function soleProvider({ checks }: StoredDecision): Pick<OrderRow, 'soleProviderId'> {
  const facts = checks.find(([rule]) => rule === 'SELLER-4')?.[4];
  const found = facts === undefined || facts === 0 ? undefined : facts['providerId'];
  return typeof found === 'string' ? { soleProviderId: partnerId(found) } : {};
}

/** The distinct codes of the failed checks, in rulebook order. */
function reasonsOf({ checks }: StoredDecision): readonly Reason[] {
  const failed = new Set<Reason | 0>(
    checks.map(([, outcome, reason]) => (outcome === 'f' ? reason : 0)),
  );
  return failed.size === 1 && failed.has(0) ? [] : reasons.filter((reason) => failed.has(reason));
}
