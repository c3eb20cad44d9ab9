import { Module } from '@nestjs/common';
import { KeptPdfs } from '../document-pdf/kept-pdfs.js';
import { CreditInvoiceHandler } from '../documents/credit-invoice.handler.js';
import { RequestedDocuments } from '../documents/requested-documents.js';
import { AccountDecisions } from '../payments/account-decisions.js';
import { DryRuns } from './dry-runs.js';
import { StartBillingRunHandler } from './start-billing-run.handler.js';

/** Commands that make documents: billing runs, and credit notes on request. */
@Module({
  providers: [
    AccountDecisions,
    StartBillingRunHandler,
    CreditInvoiceHandler,
    RequestedDocuments,
    DryRuns,
    KeptPdfs,
  ],
  exports: [RequestedDocuments, DryRuns, KeptPdfs],
})
export class RunsModule {}
