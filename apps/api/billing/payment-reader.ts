import { Injectable } from '@nestjs/common';
import {
  accountFold,
  billingEntityIdFold,
  paymentIdFold,
} from '../../../libs/application/billing/billing-folds.js';
import type { Loaded } from '../../../libs/application/engine/states/fold.js';
import { Records } from '../../../libs/application/records/records.js';
import {
  type PayerAccount,
  type Ledger,
} from '../../../libs/domain/billing/account/payer-account.js';
import type { Payer } from '../../../libs/domain/billing/parties/billing-profile.js';
import { findPayment } from '../../../libs/domain/billing/payments/payment.decide.js';
import type { OpenItem } from '../../../libs/domain/billing/receivables/account.js';
import {
  type BillingEntityId,
  billingEntityId,
  partnerId,
  type PaymentId,
} from '../../../libs/domain/shared/ids.js';
import type { Position } from '../../../libs/event-log/event-log.js';
import { inScope } from '../../../libs/platform/authentication/principal.js';
import { ReadModels } from '../../../libs/read-models/read-models.js';
import type { InvoiceLocation } from '../../../libs/read-models/receivables.js';
import type { RequestContext } from '../http/request/request-context.js';
import { ProblemException } from '../http/problems/problem.js';
import { paymentView } from './payment.view.js';

/** Reads single payments, folded from the account of their payer. */
@Injectable()
export class PaymentReader {
  constructor(
    private readonly records: Records,
    private readonly readModels: ReadModels,
  ) {}

  /** 404 for a payment of an entity outside the caller's scope. */
  async payment(
    { principal }: Pick<RequestContext, 'principal'>,
    paymentId: PaymentId,
    position: Position,
  ) {
    const { assigned } = (await this.records.present(paymentIdFold(paymentId), position)).state;
    if (!assigned || !(await this.isInScope(principal, assigned.entityId, position)))
      throw new ProblemException('not-found');
    const { state, revision } = await this.records.present(accountFold(assigned.payer), position);
    return { view: viewOf(state, assigned.payer, paymentId), revision };
  }

  /** A payment after a command: at the revision of the account that the command left. */
  async after(paymentId: PaymentId, revision: number) {
    const { assigned } = (await this.records.present(paymentIdFold(paymentId))).state;
    if (!assigned) throw new Error(`the payment ${paymentId} has no payer after the command`);
    const { state } = await this.accountAt(assigned.payer, revision);
    return viewOf(state, assigned.payer, paymentId);
  }

  async invoice(invoiceId: string): Promise<InvoiceLocation> {
    const found = await this.readModels.findInvoice(invoiceId);
    if (!found) throw new Error(`the invoice ${invoiceId} does not exist after the command`);
    return found;
  }

  /** The balance of an invoice after a command. */
  async invoiceAfter(
    invoiceId: string,
    revision: number,
  ): Promise<{ readonly invoice: OpenItem; readonly ledger: Ledger }> {
    const { payer } = await this.invoice(invoiceId);
    const { state } = await this.accountAt(payer, revision);
    for (const ledger of state.ledgers) {
      const invoice = ledger.receivables.invoices.find((one) => one.invoiceId === invoiceId);
      if (invoice) return { invoice, ledger };
    }
    throw new Error(`the account of ${payer} lacks the invoice ${invoiceId}`);
  }

  /** The issuers whose payments a caller may list: undefined for all. */
  async entitiesOf(
    { principal }: Pick<RequestContext, 'principal'>,
    entityId: string | undefined,
  ): Promise<readonly BillingEntityId[] | undefined> {
    const asked = entityId === undefined ? undefined : [billingEntityId(entityId)];
    if (principal.partnerIds === undefined) return asked;
    const { items } = await this.readModels.listBillingEntities({
      limit: 500,
      scope: principal.partnerIds.map(partnerId),
    });
    const own = items.map((entity) => entity.entityId);
    return asked ? asked.filter((id) => own.includes(id)) : own;
  }

  private async accountAt(payer: Payer, revision: number): Promise<Loaded<PayerAccount>> {
    const present = await this.records.present(accountFold(payer));
    return present.revision === revision ? present : this.records.at(accountFold(payer), revision);
  }

  private async isInScope(
    principal: RequestContext['principal'],
    entityId: BillingEntityId,
    position: Position,
  ): Promise<boolean> {
    const { state } = await this.records.present(billingEntityIdFold(entityId), position);
    return state.partnerId !== undefined && inScope(principal, state.partnerId);
  }
}

function viewOf(account: PayerAccount, payer: Payer, paymentId: PaymentId) {
  const found = findPayment(account, paymentId);
  // The id is assigned before the payment is recorded.
  if (!found) throw new ProblemException('not-found');
  const { ledger, payment } = found;
  return paymentView({ entityId: ledger.entityId, payer }, payment, ledger.receivables);
}
