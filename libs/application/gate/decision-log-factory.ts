import { OrderValidator } from './order-validator.js';
import type { PriceRows } from './price-rows.js';
import type { Infrastructure } from '../infrastructure.js';
import { ClaimAges } from '../engine/commands/claim-ages.js';
import { IdempotencyClaims } from '../engine/commands/idempotency-claims.js';
import type { DecisionLog } from '../engine/commands/decision-log.js';
import type { Fingerprints } from '../engine/commands/request-fingerprints.js';
import { GuardedCommit } from '../engine/commands/guarded-commit.js';
import { ValidatedCommit } from '../engine/commands/validated-commit.js';

export type DecisionLogParts = Pick<
  Infrastructure,
  'log' | 'clock' | 'snapshots' | 'processCheckpoints' | 'report'
>;

/**
 * Chooses the decision log for the kind of event log. For a log without guards it starts an order
 * validator, which stops with the application. The service and each short command have their own.
 */
export async function openDecisionLog(
  parts: DecisionLogParts,
  priceRows: PriceRows,
  fingerprints: Fingerprints,
): Promise<DecisionLog<OrderValidator>> {
  const { log, clock, snapshots, processCheckpoints: checkpoints, report } = parts;
  if (log.capabilities.guards === 'atomic') return new GuardedCommit(log);

  const validator = new OrderValidator(log, priceRows, { checkpoints, snapshots, report });
  await validator.start();
  return new ValidatedCommit(
    log,
    validator,
    new IdempotencyClaims(log, fingerprints, new ClaimAges(() => clock.now())),
  );
}
