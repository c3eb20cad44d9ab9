import { OrderValidator } from '../gate/order-validator.js';
import type { PriceRows } from '../gate/price-rows.js';
import type { Infrastructure } from '../infrastructure.js';
import { ClaimAges } from './claim-ages.js';
import { Claims } from './claims.js';
import type { DecisionLog } from './decision-log.js';
import type { Fingerprints } from './fingerprints.js';
import { GuardedCommit } from './guarded-commit.js';
import { ValidatedCommit } from './validated-commit.js';

export type DecisionLogParts = Pick<
  Infrastructure,
  'log' | 'clock' | 'snapshots' | 'processCheckpoints' | 'report'
>;

/**
 * The way to commit that fits the log. Without guards it has a standing process, started here and
 * stopped with the application, so that the service and the command line each have one.
 */
export async function openDecisionLog(
  parts: DecisionLogParts,
  priceRows: PriceRows,
  fingerprints: Fingerprints,
): Promise<DecisionLog> {
  const { log, clock, snapshots, processCheckpoints: checkpoints, report } = parts;
  if (log.capabilities.guards === 'atomic') return new GuardedCommit(log);

  const standing = new OrderValidator(log, priceRows, { checkpoints, snapshots, report });
  await standing.start();
  return new ValidatedCommit(
    log,
    standing,
    new Claims(log, fingerprints, new ClaimAges(() => clock.now())),
  );
}
