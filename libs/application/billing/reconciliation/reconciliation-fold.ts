import {
  evolveReconciliation,
  noReconciliation,
  type Reconciliation,
  type ReconciliationEvent,
} from '../../../domain/billing/reconciliation/reconciliation-file.js';
import { reconciliationStream } from '../../../domain/shared/streams.js';
import type { Fold } from '../../engine/states/fold.js';

/** One event a revision, so no snapshots are kept. */
export const reconciliationFold = (
  invoiceNumber: string,
): Fold<Reconciliation, ReconciliationEvent> => ({
  stream: reconciliationStream(invoiceNumber),
  initial: noReconciliation,
  evolve: evolveReconciliation,
});
