import type { Proposed, Recorded } from '../../shared/event.js';
import type { ImportId, PartnerId } from '../../shared/ids.js';

/** What a file of Microsoft says, without its lines. */
export interface FileSummary {
  readonly lines: number;
  /** ISO 4217: all lines have one currency. */
  readonly currency: string;
  /** `YYYY-MM`, ascending: the months in which its charges begin. */
  readonly months: readonly string[];
  /** The exact sum of all subtotals. */
  readonly subtotal: string;
  /** SHA-256 over the lines, base64url: the same for the same cells in another format. */
  readonly digest: string;
}

/** A file that is compared with the charges of a partner. Its lines are in the import. */
export interface ReconciliationFile extends FileSummary {
  readonly partnerId: PartnerId;
  readonly importId: ImportId;
}

export type ReconciliationEvent = Recorded<
  'ReconciliationFileRecorded',
  ReconciliationFile & { invoiceNumber: string }
>;

/** The state of the stream `reconciliation-<invoiceNumber>`: the file of the last revision. */
export interface Reconciliation {
  readonly file?: ReconciliationFile;
}

export const noReconciliation: Reconciliation = {};

export const evolveReconciliation = (
  _before: Reconciliation,
  { data: { invoiceNumber: _number, ...file } }: ReconciliationEvent,
): Reconciliation => ({ file });

/** Records a file; no events if the invoice has the same content for the same partner already. */
export const recordFile = (
  invoiceNumber: string,
  file: ReconciliationFile,
  { file: before }: Reconciliation,
): readonly Proposed<ReconciliationEvent>[] =>
  before?.digest === file.digest && before.partnerId === file.partnerId
    ? []
    : [{ type: 'ReconciliationFileRecorded', data: { invoiceNumber, ...file } }];
