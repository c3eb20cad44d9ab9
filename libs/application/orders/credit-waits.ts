import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Customer } from '../../domain/customer/customer.js';
import type { TenantId } from '../../domain/shared/ids.js';
import { SubscriptionEffects } from '../days/subscription-effects.js';

const CUSTOMERS_AT_MOST = 10_000;

/**
 * The order of a customer with a credit limit is judged after the effects of the day (renewals and
 * cycles are charged) and of cancellations (they are credited). It waits for them once; charges of
 * other orders are not waited for, because CREDIT-1 counts them from the orders.
 */
@Injectable()
export class CreditWaits {
  private readonly settled = new LRUCache<TenantId, string>({
    // A `max` would allocate its arrays at once.
    maxSize: CUSTOMERS_AT_MOST,
    sizeCalculation: () => 1,
  });

  constructor(private readonly effects: SubscriptionEffects) {}

  /** Throws DayEffectsPending. */
  async settledFor({ tenantId, registration, cancelledOrders }: Customer): Promise<void> {
    if (!registration?.creditLimit) return;
    const key = `${await this.effects.day()} ${cancelledOrders}`;
    if (this.settled.get(tenantId) === key) return;
    await this.effects.settled();
    this.settled.set(tenantId, key);
  }
}
