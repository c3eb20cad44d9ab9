import { Module } from '@nestjs/common';
import { CustomersApiModule } from '../customers/customers.api.module.js';
import { ReadingModule } from '../reading/read-bounds.js';
import { BillingEntitiesController } from './billing-entities.controller.js';
import { BillingProfilesController } from './billing-profiles.controller.js';
import { PaymentReader } from './payment-reader.js';
import { PaymentsController } from './payments.controller.js';
import { TaxRatesController } from './tax-rates.controller.js';

/** The parties of billing and the tax rates. */
@Module({
  imports: [CustomersApiModule, ReadingModule],
  controllers: [
    BillingEntitiesController,
    BillingProfilesController,
    TaxRatesController,
    PaymentsController,
  ],
  providers: [PaymentReader],
})
export class BillingApiModule {}
