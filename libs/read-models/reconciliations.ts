import type { FileSummary } from '../domain/billing/reconciliation/reconciliation-file.js';
import type { PartnerId } from '../domain/shared/ids.js';
import type { ListQuery } from './read-models.js';

// Rows and queries of the projection `reconciliations`.

/** An invoice of Microsoft with the latest file for it. */
export interface ReconciliationRow extends Omit<FileSummary, 'digest'> {
  readonly invoiceNumber: string;
  readonly partnerId: PartnerId;
  readonly revision: number;
  /** The position of the first file; lists are sorted by it. */
  readonly position: number;
}

export interface ReconciliationsQuery extends ListQuery {
  /** The partner that Microsoft bills. */
  readonly partnerId?: PartnerId | undefined;
  readonly scope?: readonly PartnerId[] | undefined;
}
