import { Module } from '@nestjs/common';
import { AccountDecisions } from './account-decisions.js';
import { CorrectPaymentHandler, WriteOffInvoiceHandler } from './correct-payment.handlers.js';
import { PayInvoiceHandler, ReceivePaymentHandler } from './receive-payment.handler.js';

/** Commands on payments and open amounts. */
@Module({
  providers: [
    AccountDecisions,
    ReceivePaymentHandler,
    PayInvoiceHandler,
    CorrectPaymentHandler,
    WriteOffInvoiceHandler,
  ],
  exports: [AccountDecisions],
})
export class PaymentsModule {}
