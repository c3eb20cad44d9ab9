import { Controller, Get, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  CorrectPayment,
  PayInvoice,
  ReceivePayment,
  WriteOffInvoice,
} from '../../../libs/application/billing/payments/payment.commands.js';
import { asPayer } from '../../../libs/domain/billing/parties/billing-profile.js';
import { invoiceState, openOf } from '../../../libs/domain/billing/receivables/account.js';
import {
  billingEntityId as asEntityId,
  documentId as asDocumentId,
  type PaymentId,
  paymentId as asPaymentId,
} from '../../../libs/domain/shared/ids.js';
import { paymentIdOf } from '../../../libs/event-log/identity.js';
import { ReadModels } from '../../../libs/read-models/read-models.js';
import { done, headOf, withErased } from '../commands/command-answer.js';
import { commandContext } from '../commands/command-context.js';
import {
  CorrectionDto,
  InvoicePath,
  ListPayments,
  PayInvoiceDto,
  PaymentPath,
  ReceivePaymentDto,
} from '../dto/payments.dto.js';
import { ReadQuery } from '../dto/shared.dto.js';
import type { Refusal } from '../http/problems/refusals.js';
import { RequestContext } from '../http/request/request-context.js';
import { answer } from '../http/response/answer.js';
import { Ctx, FromBody, FromPath, FromQuery } from '../http/routing/request-decorators.js';
import { Allow, Conditional, Describe, Idempotent } from '../http/routing/route-declaration.js';
import { ReadBounds } from '../reading/read-bounds.js';
import type { Outcome } from '../../../libs/application/engine/commands/decision.js';
import { paymentExample, paymentView } from './payment.view.js';
import { PaymentReader } from './payment-reader.js';

const tag = 'Payments';
const received = 'Recorded, with the invoices that it settled';
const repeated = 'No change needed: the payment is recorded already';

/** Payments, their reversals and refunds, and losses on invoices. */
@Controller('v1')
export class PaymentsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly reader: PaymentReader,
    private readonly readModels: ReadModels,
    private readonly reached: ReadBounds,
  ) {}

  @Post('payments')
  @Allow('operate')
  @Idempotent('required')
  @Describe({
    summary:
      'Record a payment: it settles the named invoices, then those that are due first; the rest is credit balance',
    tag,
    answers: [
      { status: 201, description: received, example: paymentExample },
      { status: 200, description: repeated, example: paymentExample },
    ],
  })
  async receive(@Ctx() ctx: RequestContext, @FromBody() body: ReceivePaymentDto): Promise<string> {
    const { allocations = [], ...rest } = body;
    const entityId = asEntityId(body.entityId);
    const payment = {
      ...rest,
      entityId,
      payer: asPayer(body.payer),
      allocations: allocations.map(({ invoiceId, amount }) => ({
        invoiceId: asDocumentId(invoiceId),
        amount,
      })),
    };
    const outcome = await this.commands.execute(new ReceivePayment(commandContext(ctx), payment));
    return this.paymentAnswer(ctx, outcome, paymentIdOf(entityId, body.reference));
  }

  @Post('invoices/:invoiceId/payments')
  @Allow('operate')
  @Idempotent('required')
  @Describe({
    summary: 'Record a payment of one invoice, at most its open amount',
    tag,
    answers: [
      { status: 201, description: received },
      { status: 200, description: repeated },
    ],
  })
  async payInvoice(
    @Ctx() ctx: RequestContext,
    @FromPath() path: InvoicePath,
    @FromBody() body: PayInvoiceDto,
  ): Promise<string> {
    const invoiceId = asDocumentId(path.invoiceId);
    const outcome = done(
      await this.commands.execute(new PayInvoice(commandContext(ctx), invoiceId, body)),
    );
    const { entityId } = await this.reader.invoice(invoiceId);
    return this.paymentAnswer(ctx, outcome, paymentIdOf(entityId, body.reference));
  }

  @Post('payments/:paymentId/reversal')
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary:
      'Take back a payment, for example because it bounced: first its credit balance, then its allocations, the latest first',
    tag,
    answers: [
      { status: 201, description: 'Reversed', example: paymentExample },
      { status: 200, description: 'No change needed: nothing is left', example: paymentExample },
    ],
  })
  reverse(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PaymentPath,
    @FromBody() body: CorrectionDto,
  ): Promise<string> {
    return this.correct(ctx, path, { kind: 'reversal', ...body });
  }

  @Post('payments/:paymentId/refund')
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary:
      'Pay back credit balance of the payer: the rest of this payment first. Without an amount, all of it',
    tag,
    answers: [
      { status: 201, description: 'Refunded', example: paymentExample },
      { status: 200, description: 'No change needed: nothing is left', example: paymentExample },
    ],
  })
  refund(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PaymentPath,
    @FromBody() body: CorrectionDto,
  ): Promise<string> {
    return this.correct(ctx, path, { kind: 'refund', ...body });
  }

  @Post('invoices/:invoiceId/write-off')
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary: 'Record the open amount of an invoice, or a part of it, as a loss',
    tag,
    answers: [
      { status: 201, description: 'Written off' },
      { status: 200, description: 'No change needed: nothing is open' },
    ],
  })
  async writeOff(
    @Ctx() ctx: RequestContext,
    @FromPath() path: InvoicePath,
    @FromBody() body: CorrectionDto,
  ): Promise<string> {
    const invoiceId = asDocumentId(path.invoiceId);
    const did = done(
      await this.commands.execute(new WriteOffInvoice(commandContext(ctx), invoiceId, body)),
    );
    const { invoice, ledger } = await this.reader.invoiceAfter(invoiceId, did.revision);
    const { currency } = ledger;
    const written = {
      invoiceId,
      open: { amount: openOf(invoice, currency), currency },
      writtenOff: { amount: invoice.writtenOff, currency },
      state: invoiceState(invoice, currency),
    };
    return answer(ctx, withErased(written, did), {
      ...headOf(did),
      status: did.kind === 'committed' ? 201 : 200,
    });
  }

  @Get('payments/:paymentId')
  @Conditional()
  @Allow('read everything')
  @Describe({
    summary: 'Read a payment',
    tag,
    answers: [{ status: 200, description: 'The payment as it is now', example: paymentExample }],
  })
  async get(
    @Ctx() ctx: RequestContext,
    @FromPath() { paymentId }: PaymentPath,
    @FromQuery() { minPosition }: ReadQuery,
  ): Promise<string> {
    const position = await this.reached.atLeast(minPosition);
    const { view, revision } = await this.reader.payment(ctx, asPaymentId(paymentId), position);
    return answer(ctx, view, { position, revision });
  }

  @Get('payments')
  @Allow('read everything')
  @Describe({
    summary: 'List payments in the order in which they were recorded',
    tag,
    answers: [
      {
        status: 200,
        description: 'A page of payments',
        example: { items: [paymentExample], nextCursor: null },
      },
    ],
  })
  async list(@Ctx() ctx: RequestContext, @FromQuery() query: ListPayments): Promise<string> {
    const { items, nextCursor } = await this.readModels.listPayments({
      ...query,
      payer: query.payer === undefined ? undefined : asPayer(query.payer),
      entityIds: await this.reader.entitiesOf(ctx, query.entityId),
    });
    const views = items.flatMap((row) => {
      const [payment] = row.account.payments;
      return payment ? [paymentView(row, payment, row.account)] : [];
    });
    return answer(ctx, { items: views, nextCursor });
  }

  private async correct(
    ctx: RequestContext,
    path: PaymentPath,
    correction: CorrectPayment['correction'],
  ): Promise<string> {
    const paymentId = asPaymentId(path.paymentId);
    const outcome = await this.commands.execute(
      new CorrectPayment(commandContext(ctx), paymentId, correction),
    );
    return this.paymentAnswer(ctx, outcome, paymentId);
  }

  private async paymentAnswer(
    ctx: RequestContext,
    outcome: Outcome<Refusal>,
    paymentId: PaymentId,
  ): Promise<string> {
    const did = done(outcome);
    const view = await this.reader.after(paymentId, did.revision);
    return answer(ctx, withErased(view, did), {
      ...headOf(did),
      status: did.kind === 'committed' ? 201 : 200,
    });
  }
}
