import { Module } from '@nestjs/common';
import { CancelOrderHandler } from './cancel-order.handler.js';
import { CreditWaits } from './credit-waits.js';
import { EligibilityChecks } from './eligibility-check.js';
import { PlaceOrderHandler } from './place-order.handler.js';

/** Orders and eligibility checks. */
@Module({
  providers: [CreditWaits, PlaceOrderHandler, CancelOrderHandler, EligibilityChecks],
  exports: [EligibilityChecks, PlaceOrderHandler],
})
export class OrdersModule {}
