import { Module } from '@nestjs/common';
import { RunsModule } from '../../../libs/application/billing/runs/runs.module.js';
import { ReconciliationModule } from '../../../libs/application/billing/reconciliation/reconciliation.module.js';
import { SubscriptionsModule } from '../../../libs/application/billing/subscriptions/subscriptions.module.js';
import { BillingModule } from '../../../libs/application/billing/parties/billing.module.js';
import { CustomersApiModule } from '../customers/customers.api.module.js';
import { ReadingModule } from '../reading/read-bounds.js';
import { BillingEntitiesController } from './billing-entities.controller.js';
import { BillingProfilesController } from './billing-profiles.controller.js';
import { BillingRunsController } from './billing-runs.controller.js';
import { InvoicesController } from './invoices.controller.js';
import { PaymentReader } from './payment-reader.js';
import { OrdersApiModule } from '../orders/orders.api.module.js';
import { ChargesController } from './charges.controller.js';
import { SubscriptionReader } from './subscription-reader.js';
import { SubscriptionsController } from './subscriptions.controller.js';
import { PaymentsController } from './payments.controller.js';
import { ReconciliationsController } from './reconciliations.controller.js';
import { TaxRatesController } from './tax-rates.controller.js';

/** The parties of billing and the tax rates. */
@Module({
  imports: [
    BillingModule,
    SubscriptionsModule,
    CustomersApiModule,
    OrdersApiModule,
    ReadingModule,
    ReconciliationModule,
    RunsModule,
  ],
  controllers: [
    BillingEntitiesController,
    BillingProfilesController,
    TaxRatesController,
    PaymentsController,
    BillingRunsController,
    InvoicesController,
    ReconciliationsController,
    SubscriptionsController,
    ChargesController,
  ],
  providers: [PaymentReader, SubscriptionReader],
})
export class BillingApiModule {}
