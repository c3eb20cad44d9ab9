import type { Evidence } from '../evidence/evidence.js';
import type { Verdict } from './finding.js';
import { asExpected, asRecorded, everyOutcomeSettled, nothingLost } from './of-answers.js';
import {
  decisionsDerive,
  everyOrderStands,
  noneVoidedBehindA201,
  nothingTwice,
  ordersReadAsTold,
} from './of-orders.js';
import { readModelsFold } from './of-read-models.js';
import { denseLog, oneLog } from './of-the-log.js';
import { loadCouldGoOn, nobodyEnds, servesAgain } from './of-the-service.js';
import { Recorded } from './recorded.js';

const checks: readonly ((evidence: Evidence, recorded: Recorded) => Verdict)[] = [
  denseLog,
  oneLog,
  nothingLost,
  asRecorded,
  nothingTwice,
  everyOrderStands,
  noneVoidedBehindA201,
  decisionsDerive,
  everyOutcomeSettled,
  asExpected,
  readModelsFold,
  ordersReadAsTold,
  servesAgain,
  nobodyEnds,
  loadCouldGoOn,
];

/** Judges a run by its evidence alone. */
export function check(evidence: Evidence): readonly Verdict[] {
  const recorded = new Recorded(evidence.log);
  return checks.map((one) => one(evidence, recorded));
}
