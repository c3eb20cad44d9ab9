import { Module } from '@nestjs/common';
import { ChangeCustomerHandler, SignAgreementHandler } from './customer.handlers.js';

/** Commands on customers. */
@Module({ providers: [ChangeCustomerHandler, SignAgreementHandler] })
export class CustomersModule {}
