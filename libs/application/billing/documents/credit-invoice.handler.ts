import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  creditInvoice,
  type CreditNoteRefusal,
} from '../../../domain/billing/account/credit-invoice.js';
import { requestedDocumentIdOf } from '../../../event-log/identity.js';
import { ReadModels } from '../../../read-models/read-models.js';
import type { Outcome } from '../../engine/commands/decision.js';
import { StateCache } from '../../engine/states/state-cache.js';
import { AccountDecisions } from '../payments/account-decisions.js';
import { billingEntityOf } from '../billing-folds.js';
import { CreditInvoice } from './credit-note.commands.js';
import { type DraftedEvent, RequestedDocuments } from './requested-documents.js';

/** Drafts the credit note in the account of the payer, and issues it. */
@CommandHandler(CreditInvoice)
export class CreditInvoiceHandler implements ICommandHandler<CreditInvoice> {
  constructor(
    private readonly accounts: AccountDecisions,
    private readonly readModels: ReadModels,
    private readonly states: StateCache,
    private readonly documents: RequestedDocuments,
  ) {}

  async execute(command: CreditInvoice): Promise<Outcome<CreditNoteRefusal>> {
    const outcome = await this.draft(command);
    if (outcome.kind !== 'committed') return outcome;
    const [drafted] = outcome.events;
    // The first event of the command is the draft.
    const position = await this.documents.issue(drafted as DraftedEvent);
    return { ...outcome, position };
  }

  private async draft({
    context,
    invoiceId,
    request,
  }: CreditInvoice): Promise<Outcome<CreditNoteRefusal>> {
    const before = await this.accounts.recorded(context);
    if (before) return before;
    const invoice = await this.readModels.findDocument(invoiceId);
    if (invoice?.kind !== 'invoice') return this.accounts.unknown(context, 'invoice-unknown');
    const { taxRounding } = await billingEntityOf(this.states, invoice.entityId);
    const documentId = requestedDocumentIdOf(context.commandId);
    return this.accounts.commit(context, invoice, (account) =>
      creditInvoice(account, invoiceId, documentId, request, taxRounding),
    );
  }
}
