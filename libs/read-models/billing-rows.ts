import type { DocumentDraft } from '../domain/billing/account/account-events.js';
import type { DocumentLine } from '../domain/billing/documents/document.js';
import type { Payer } from '../domain/billing/parties/billing-profile.js';
import type { InvoiceState } from '../domain/billing/receivables/account.js';
import type { RunProgress, RunRequest } from '../domain/billing/runs/billing-run.js';
import type { BillingEntityId, BillingRunId, PartnerId } from '../domain/shared/ids.js';
import type { Money } from '../domain/shared/money.js';
import type { Position } from '../event-log/event-log.js';
import type { List, ListQuery } from './read-models.js';

/** An issuer and a currency of a payer's account: how much of it is on no document. */
export interface LedgerRow {
  readonly payer: Payer;
  readonly entityId: BillingEntityId;
  readonly currency: string;
  /** The issuer; not known before the first charge. */
  readonly partnerId?: PartnerId;
  /** Charges that were recorded, and charges on a document of a run. */
  readonly recorded: number;
  readonly drafted: number;
  /** Terms whose charges cannot be recorded, because their price is missing. */
  readonly blocked: number;
  /** Documents that are drafted and not issued. */
  readonly openDrafts: number;
  /** The position of the last draft; −1 before the first one. */
  readonly draftedAt: Position;
}

/** A document without its lines. */
export interface DocumentRow extends DocumentDraft {
  /** The partner of the billing entity. */
  readonly partnerId?: PartnerId;
  /** Until the document is issued, these are absent. */
  readonly number?: string;
  readonly issuedOn?: string;
  readonly dueOn?: string;
  readonly digest?: string;
  readonly lineCount: number;
  readonly paid: string;
  readonly credited: string;
  readonly writtenOff: string;
  readonly open: string;
  readonly state: InvoiceState | 'draft';
  /** The position of the issue; lists are sorted by it. */
  readonly position?: Position;
  /** Of the account's last event that changed the document. */
  readonly revision: number;
}

/** Lines of a document that follow each other. */
export interface DocumentLinesRow {
  readonly documentId: string;
  readonly lines: readonly DocumentLine[];
}

/** An issued document with all its lines. */
export interface ListedDocument extends DocumentRow {
  readonly lines: readonly DocumentLine[];
}

/** Issued documents, in the order of their issue. */
export interface DocumentsQuery extends ListQuery {
  readonly payer?: Payer | undefined;
  readonly entityId?: BillingEntityId | undefined;
  readonly kind?: DocumentRow['kind'] | undefined;
  readonly state?: InvoiceState | undefined;
  /** First and last day of issue, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly runId?: BillingRunId | undefined;
  /**
   * The partners that a key is limited to: they see the documents that they issue, and those that
   * they get from their provider.
   */
  readonly scope?: readonly PartnerId[] | undefined;
}

export interface BillingRunRow extends RunRequest {
  readonly runId: BillingRunId;
  readonly state: 'running' | 'completed';
  readonly progress: RunProgress;
  readonly invoices: number;
  readonly creditNotes: number;
  readonly totals: readonly Money[];
  readonly blockedCount: number;
  /** The position of the start; lists are sorted by it. */
  readonly position: Position;
}

export interface BillingRunsQuery extends ListQuery {
  readonly latestFirst?: boolean | undefined;
}

export interface RunPayersQuery {
  readonly entityIds?: readonly BillingEntityId[] | undefined;
  readonly payers?: readonly Payer[] | undefined;
  /** Also payers whose charges were drafted after this position. */
  readonly draftedAfter?: Position | undefined;
  readonly minPosition: Position;
}

export interface RunPayersPage extends RunPayersQuery {
  /** Only payers whose name comes after this one. */
  readonly after: string;
  readonly limit: number;
}

/** Reads of documents and accounts. */
export abstract class DocumentReads {
  abstract listDocuments(query: DocumentsQuery): Promise<List<ListedDocument>>;
  /**
   * An issued document as the head of the log leaves it, or a later position. Undefined: there is
   * none at the head.
   */
  abstract findDocument(
    documentId: string,
    minPosition?: Position,
  ): Promise<ListedDocument | undefined>;
  abstract listBillingRuns(query: BillingRunsQuery): Promise<List<BillingRunRow>>;
  /**
   * Payers with charges on no document, with a document that is not issued, or with a missing price,
   * by their names.
   */
  abstract runPayers(query: RunPayersPage): Promise<readonly Payer[]>;
  abstract countRunPayers(query: RunPayersQuery): Promise<number>;
}
