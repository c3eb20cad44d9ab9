import { oneTimeOrderOf } from '../../domain/billing/subscription/order-lines.js';
import type { SubscriptionEvent } from '../../domain/billing/subscription/subscription-events.js';
import {
  cycleDayOf,
  evolveSubscription,
  isRunning,
  noSubscription,
} from '../../domain/billing/subscription/subscription-record.js';
import { nextTermStart } from '../../domain/billing/terms/term.js';
import type { CustomerEvent } from '../../domain/customer/customer.js';
import { addDays } from '../../domain/shared/calendar.js';
import { tenantId } from '../../domain/shared/ids.js';
import type { Position } from '../../event-log/event-log.js';
import { type RowUpdate, projection, table } from '../projection.js';
import type { OneTimeOrderRow, SubscriptionRow } from '../subscriptions.js';

const subscriptions = table<SubscriptionRow>('subscriptions', {
  columns: {
    position: { type: 'integer', of: (row) => row.position },
    tenantId: { type: 'text', of: (row) => row.tenantId },
    partnerId: { type: 'text', of: ({ record }) => record.sold.partnerId },
    providerId: { type: 'text', of: ({ record }) => record.sold.providerId },
    status: { type: 'text', of: ({ record }) => record.subscription.status },
    /** The first day of the next term, if there will be one. */
    renewsOn: { type: 'text', of: renewalOf },
    /** For a billed subscription: the day of the month on which cycles and terms start. */
    cycleDay: {
      type: 'integer',
      of: ({ record: { subscription } }) =>
        isRunning(subscription) ? cycleDayOf(subscription.term) : null,
    },
    /** The first day that is billed here, of an imported subscription. */
    billedFrom: {
      type: 'text',
      of: ({ record: { subscription } }) =>
        subscription.billedThrough === undefined ? null : addDays(subscription.billedThrough, 1),
    },
  },
  sequence: 'position',
  indexes: [
    ['tenantId', 'position'],
    ['partnerId', 'position'],
    ['providerId', 'position'],
    ['status', 'position'],
    ['renewsOn'],
    ['cycleDay', 'tenantId', 'position'],
    ['billedFrom'],
  ],
});

const oneTimeOrders = table<OneTimeOrderRow>('one_time_orders', {
  columns: {
    position: { type: 'integer', of: (row) => row.position },
    partnerId: { type: 'text', of: ({ order }) => order.lines[0]?.sold.partnerId },
    providerId: {
      type: 'text',
      of: ({ order }) => order.lines.find(({ sold }) => sold.providerId)?.sold.providerId,
    },
  },
  indexes: [
    ['partnerId', 'position'],
    ['providerId', 'position'],
  ],
});

const evolved = (event: SubscriptionEvent & { readonly position: Position }): RowUpdate =>
  subscriptions.change(event.stream.slice('subscription-'.length), (row) => {
    const { record } = evolveSubscription(row ? { record: row.record } : noSubscription, event);
    return (
      record && {
        record,
        tenantId: record.sold.tenantId,
        position: row?.position ?? event.position,
      }
    );
  });

function renewalOf({ record: { subscription } }: SubscriptionRow): string | null {
  const renews = isRunning(subscription) && subscription.atTermEnd.action === 'renew';
  return renews ? nextTermStart(subscription.term) : null;
}

/** Subscriptions, and the one-time purchases of orders, with everything that charges need. */
export const subscriptionsProjection = projection<SubscriptionEvent | CustomerEvent>(
  'subscriptions',
  1,
  {
    streams: ['subscription', 'customer'],
    tables: [subscriptions, oneTimeOrders],
    on: {
      SubscriptionActivated: evolved,
      SubscriptionImported: evolved,
      SubscriptionQuantityChanged: evolved,
      SubscriptionSuspended: evolved,
      SubscriptionResumed: evolved,
      SubscriptionCancelled: evolved,
      SubscriptionTermEndSet: evolved,
      SubscriptionRenewed: evolved,
      SubscriptionExpired: evolved,
      SubscriptionVendorIdSet: evolved,
      OrderPlaced: ({ stream, id, position, data }) => {
        const order = oneTimeOrderOf({
          tenantId: tenantId(stream.slice('customer-'.length)),
          eventId: id,
          position,
          data,
        });
        return order ? oneTimeOrders.put(data.orderId, { order, position }) : [];
      },
      OrderVoided: ({ data }) => oneTimeOrders.change(data.orderId, () => undefined),
      OrderCancelled: ({ id, data: { orderId, on } }) =>
        oneTimeOrders.change(
          orderId,
          (row) => row && { ...row, order: { ...row.order, cancelled: { on, by: id } } },
        ),
    },
  },
);
