import { Module } from '@nestjs/common';
import { OrdersModule } from '../../../libs/application/orders/orders.module.js';
import { CustomersApiModule } from '../customers/customers.api.module.js';
import { ReadingModule } from '../reading/read-bounds.js';
import { OrderAnswers } from './order-answers.js';
import { OrderReads } from './order-reads.js';
import { OrdersController } from './orders.controller.js';
import { PlaceOrdersController } from './place-orders.controller.js';

/** Orders and eligibility checks. */
@Module({
  imports: [OrdersModule, CustomersApiModule, ReadingModule],
  controllers: [PlaceOrdersController, OrdersController],
  providers: [OrderReads, OrderAnswers],
  exports: [OrderAnswers],
})
export class OrdersApiModule {}
