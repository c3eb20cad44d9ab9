import { Command } from '@nestjs/cqrs';
import type {
  CreditNoteRefusal,
  CreditNoteRequest,
} from '../../../domain/billing/account/credit-invoice.js';
import type { DocumentId } from '../../../domain/shared/ids.js';
import type { CommandContext } from '../../engine/commands/command-context.js';
import type { Outcome } from '../../engine/commands/decision.js';

/** Credits lines of an issued invoice. The id of the credit note derives from the command. */
export class CreditInvoice extends Command<Outcome<CreditNoteRefusal>> {
  constructor(
    readonly context: CommandContext,
    readonly invoiceId: DocumentId,
    readonly request: CreditNoteRequest,
  ) {
    super();
  }
}
