import { Module } from '@nestjs/common';
import { OrdersModule } from '../../orders/orders.module.js';
import { RecordManualChargeHandler } from '../charges/manual-charge.handler.js';
import { PaymentsModule } from '../payments/payments.module.js';
import { ChangeSubscriptionHandler } from './change-subscription.handler.js';
import { ImportSubscriptionHandler } from './import-subscription.handler.js';
import { SetSubscriptionQuantityHandler } from './set-quantity.handler.js';
import { SubscriptionViews } from './subscription-views.js';

/** Commands on subscriptions, and manual charges. */
@Module({
  imports: [OrdersModule, PaymentsModule],
  exports: [SubscriptionViews],
  providers: [
    ImportSubscriptionHandler,
    ChangeSubscriptionHandler,
    SetSubscriptionQuantityHandler,
    SubscriptionViews,
    RecordManualChargeHandler,
  ],
})
export class SubscriptionsModule {}
