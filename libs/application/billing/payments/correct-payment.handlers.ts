import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  type CorrectionRefusal,
  decideRefund,
  decideReversal,
  decideWriteOff,
} from '../../../domain/billing/payments/payment.decide.js';
import { ReadModels } from '../../../read-models/read-models.js';
import type { Outcome } from '../../engine/commands/decision.js';
import { StateCache } from '../../engine/states/state-cache.js';
import { Clock } from '../../engine/time/clock.js';
import { paymentIdFold } from '../billing-folds.js';
import { AccountDecisions } from './account-decisions.js';
import { CorrectPayment, WriteOffInvoice } from './payment.commands.js';

@CommandHandler(CorrectPayment)
export class CorrectPaymentHandler implements ICommandHandler<CorrectPayment> {
  constructor(
    private readonly accounts: AccountDecisions,
    private readonly states: StateCache,
    private readonly clock: Clock,
  ) {}

  async execute({
    context,
    paymentId,
    correction,
  }: CorrectPayment): Promise<Outcome<CorrectionRefusal>> {
    const before = await this.accounts.recorded(context);
    if (before) return before;
    await this.states.catchUp();
    const { assigned } = (await this.states.load(paymentIdFold(paymentId))).state;
    if (!assigned) return this.accounts.unknown(context, 'payment-unknown');
    const decide = correction.kind === 'reversal' ? decideReversal : decideRefund;
    return this.accounts.commit(context, assigned, (account) => {
      const { latestDate: latestToday } = this.clock.judgementTime();
      return decide(correction, paymentId, account, { latestToday });
    });
  }
}

@CommandHandler(WriteOffInvoice)
export class WriteOffInvoiceHandler implements ICommandHandler<WriteOffInvoice> {
  constructor(
    private readonly accounts: AccountDecisions,
    private readonly readModels: ReadModels,
    private readonly clock: Clock,
  ) {}

  async execute({
    context,
    invoiceId,
    correction,
  }: WriteOffInvoice): Promise<Outcome<CorrectionRefusal>> {
    const before = await this.accounts.recorded(context);
    if (before) return before;
    const invoice = await this.readModels.findInvoice(invoiceId);
    if (!invoice) return this.accounts.unknown(context, 'invoice-unknown');
    return this.accounts.commit(context, invoice, (account) => {
      const { latestDate: latestToday } = this.clock.judgementTime();
      return decideWriteOff(correction, invoiceId, account, { latestToday });
    });
  }
}
