import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { AccountEvent } from '../../../domain/billing/account/account-events.js';
import {
  decidePayment,
  type PaymentStatement,
} from '../../../domain/billing/payments/payment.decide.js';
import {
  assignPaymentId,
  type PaymentReferenceReused,
} from '../../../domain/billing/payments/payment-id.js';
import type { PaymentId } from '../../../domain/shared/ids.js';
import { accept, refuse, type Result } from '../../../domain/shared/result.js';
import { paymentIdOf } from '../../../event-log/identity.js';
import { ReadModels } from '../../../read-models/read-models.js';
import type { CommandContext } from '../../engine/commands/command-context.js';
import type { Decided, Outcome } from '../../engine/commands/decision.js';
import { Decisions } from '../../engine/commands/decisions.js';
import { StateCache } from '../../engine/states/state-cache.js';
import { Clock } from '../../engine/time/clock.js';
import {
  accountFold,
  billingEntityFold,
  billingEntityIdFold,
  paymentIdFold,
} from '../billing-folds.js';
import { AccountDecisions } from './account-decisions.js';
import { unknownPayer } from './unknown-payer.js';
import {
  PayInvoice,
  ReceivePayment,
  type ReceiveRefusal,
  type UnknownParty,
} from './payment.commands.js';

/** Another payer's request took the reference between this request's decision and its append. */
class PaymentIdTaken extends Error {
  constructor(readonly outcome: Extract<Outcome<PaymentReferenceReused>, { kind: 'refused' }>) {
    super('the reference of the payment belongs to another payer');
  }
}

/**
 * A reference of a billing entity has one payment: the payment's id is first assigned to a payer in
 * a stream of its own, and that payer's account has the payment once. After a crash between the two
 * appends the id is assigned and nothing is paid; repeating the request records the payment.
 */
@CommandHandler(ReceivePayment)
export class ReceivePaymentHandler implements ICommandHandler<ReceivePayment> {
  constructor(
    private readonly decisions: Decisions,
    private readonly accounts: AccountDecisions,
    private readonly states: StateCache,
    private readonly clock: Clock,
  ) {}

  async execute({ context, payment }: ReceivePayment): Promise<Outcome<ReceiveRefusal>> {
    try {
      return await this.receive(context, payment);
    } catch (error) {
      if (error instanceof PaymentIdTaken) return error.outcome;
      throw error;
    }
  }

  private receive(
    context: CommandContext,
    payment: PaymentStatement,
  ): Promise<Outcome<ReceiveRefusal>> {
    const { entityId, payer, reference } = payment;
    const paymentId = paymentIdOf(entityId, reference);
    return this.decisions.commit(
      context,
      accountFold(payer),
      async ({ state: account }): Promise<Result<Decided<AccountEvent>, ReceiveRefusal>> => {
        await this.states.catchUp();
        const unknown = await this.unknownParty(payment);
        if (unknown) return refuse(unknown);
        const { state: id } = await this.states.load(paymentIdFold(paymentId));
        const assigned = assignPaymentId({ paymentId, entityId, reference, payer }, id);
        if (!assigned.ok) return assigned;
        const { latestDate: latestToday } = this.clock.judgementTime();
        const decided = decidePayment(payment, paymentId, account, { latestToday });
        if (!decided.ok) return decided;
        return accept({
          events: decided.value,
          first: () => this.assignId(context, paymentId, payment),
        });
      },
      this.accounts.ofEntity(entityId),
    );
  }

  private async unknownParty({
    entityId,
    payer,
  }: PaymentStatement): Promise<UnknownParty | undefined> {
    const { state: assigned } = await this.states.load(billingEntityIdFold(entityId));
    const entity =
      assigned.partnerId &&
      (await this.states.load(billingEntityFold(assigned.partnerId, entityId))).state.entity;
    if (entity?.entityId !== entityId) return { code: 'billing-entity-unknown' };
    return unknownPayer(payer, this.states);
  }

  private async assignId(
    context: CommandContext,
    paymentId: PaymentId,
    { entityId, payer, reference }: PaymentStatement,
  ): Promise<void> {
    const outcome = await this.decisions.commitStep(
      context,
      paymentIdFold(paymentId),
      ({ state }) => {
        const decided = assignPaymentId({ paymentId, entityId, reference, payer }, state);
        return decided.ok ? accept({ events: decided.value }) : decided;
      },
      this.accounts.ofEntity(entityId),
    );
    if (outcome.kind === 'refused') throw new PaymentIdTaken(outcome);
  }
}

@CommandHandler(PayInvoice)
export class PayInvoiceHandler implements ICommandHandler<PayInvoice> {
  constructor(
    private readonly accounts: AccountDecisions,
    private readonly readModels: ReadModels,
    private readonly payments: ReceivePaymentHandler,
  ) {}

  async execute({
    context,
    invoiceId,
    payment,
  }: PayInvoice): Promise<Outcome<ReceiveRefusal | { readonly code: 'invoice-unknown' }>> {
    const before = await this.accounts.recorded(context);
    if (before) return before;
    const invoice = await this.readModels.findInvoice(invoiceId);
    if (!invoice) return this.accounts.unknown(context, 'invoice-unknown');
    const { entityId, payer } = invoice;
    const allocations = [{ invoiceId, amount: payment.amount }];
    return this.payments.execute(
      new ReceivePayment(context, { ...payment, entityId, payer, allocations }),
    );
  }
}
