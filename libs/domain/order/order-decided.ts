import type { OrderId, PartnerId, SubscriptionId } from '../shared/ids.js';
import type { Money } from '../shared/money.js';
import type { PlacedOrderLine } from './order.js';
import type { StoredDecision } from './stored-decision.js';

/** The data of `OrderPlaced` and `OrderRefused`. */
export interface OrderDecided {
  readonly orderId: OrderId;
  readonly kind: 'new' | 'add-quantity';
  /** Of the kind `add-quantity`: where its only line adds seats. */
  readonly subscriptionId?: SubscriptionId;
  readonly partnerId: PartnerId;
  readonly providerId?: PartnerId;
  readonly currency: string;
  readonly reference?: string;
  readonly lines: readonly PlacedOrderLine[];
  readonly total?: Money;
  readonly decision: StoredDecision;
}
