import type { EventLog } from '../../event-log/event-log.js';
import type { ProcessCheckpoints, Snapshots } from '../../read-models/opened-stores.js';
import type { Clock } from '../engine/time/clock.js';
import type { ValidationReporter } from './validation-report.js';
import { OrderValidator } from './order-validator.js';
import type { PriceRows } from './price-rows.js';
import { ClaimAges } from '../engine/commands/claim-ages.js';
import { IdempotencyClaims } from '../engine/commands/idempotency-claims.js';
import type { DecisionLog } from '../engine/commands/decision-log.js';
import type { Fingerprints } from '../engine/commands/request-fingerprints.js';
import { GuardedCommit } from '../engine/commands/guarded-commit.js';
import { ValidatedCommit } from '../engine/commands/validated-commit.js';

export interface DecisionLogParts {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly snapshots?: Snapshots | undefined;
  readonly processCheckpoints?: ProcessCheckpoints | undefined;
  readonly report?: ValidationReporter | undefined;
}

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
