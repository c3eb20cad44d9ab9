import {
  type BillingRun,
  type BillingRunEvent,
  evolveBillingRun,
  unknownBillingRun,
} from '../../../domain/billing/runs/billing-run.js';
import type { BillingRunId } from '../../../domain/shared/ids.js';
import { billingRunStream } from '../../../domain/shared/streams.js';
import type { Fold } from '../../engine/states/fold.js';

/** One event for a hundred payers, so it has no snapshot. */
export const billingRunFold = (runId: BillingRunId): Fold<BillingRun, BillingRunEvent> => ({
  stream: billingRunStream(runId),
  initial: unknownBillingRun,
  evolve: evolveBillingRun,
});
