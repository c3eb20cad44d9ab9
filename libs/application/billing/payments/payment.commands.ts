import { Command } from '@nestjs/cqrs';
import type {
  CorrectionRefusal,
  CorrectionStatement,
  PaymentRefusal,
  PaymentStatement,
} from '../../../domain/billing/payments/payment.decide.js';
import type { PaymentId } from '../../../domain/shared/ids.js';
import type { CommandContext } from '../../engine/commands/command-context.js';
import type { Outcome } from '../../engine/commands/decision.js';

export interface UnknownParty {
  readonly code: 'billing-entity-unknown' | 'customer-unknown' | 'partner-unknown';
}
export type ReceiveRefusal = PaymentRefusal | UnknownParty;

/** A payment of a payer to a billing entity. */
export class ReceivePayment extends Command<Outcome<ReceiveRefusal>> {
  constructor(
    readonly context: CommandContext,
    readonly payment: PaymentStatement,
  ) {
    super();
  }
}

/** A payment of one invoice: its entity and its payer are those of the invoice. */
export class PayInvoice extends Command<
  Outcome<ReceiveRefusal | { readonly code: 'invoice-unknown' }>
> {
  constructor(
    readonly context: CommandContext,
    readonly invoiceId: string,
    readonly payment: Pick<PaymentStatement, 'amount' | 'receivedOn' | 'reference'>,
  ) {
    super();
  }
}

/** Takes back a payment, or pays credit balance back. */
export class CorrectPayment extends Command<Outcome<CorrectionRefusal>> {
  constructor(
    readonly context: CommandContext,
    readonly paymentId: PaymentId,
    readonly correction: CorrectionStatement & { readonly kind: 'reversal' | 'refund' },
  ) {
    super();
  }
}

/** Records an open amount of an invoice as a loss. */
export class WriteOffInvoice extends Command<Outcome<CorrectionRefusal>> {
  constructor(
    readonly context: CommandContext,
    readonly invoiceId: string,
    readonly correction: CorrectionStatement,
  ) {
    super();
  }
}
