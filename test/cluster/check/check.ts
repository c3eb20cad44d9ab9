import type { Evidence } from '../evidence/evidence.js';
import type { Verdict } from './finding.js';
import { asExpected, asRecorded, everyOutcomeSettled, nothingLost } from './answer-checks.js';
import {
  decisionsDerive,
  everyOrderStands,
  noneVoidedAfterA201,
  nothingTwice,
  ordersReadAsAnswered,
} from './order-checks.js';
import { readModelsFold } from './read-model-checks.js';
import { denseLog, oneLog } from './log-checks.js';
import { loadCouldGoOn, noUnexpectedEnd, servesAgain } from './service-checks.js';
import { Recorded } from './recorded.js';

const checks: readonly ((evidence: Evidence, recorded: Recorded) => Verdict)[] = [
  denseLog,
  oneLog,
  nothingLost,
  asRecorded,
  nothingTwice,
  everyOrderStands,
  noneVoidedAfterA201,
  decisionsDerive,
  everyOutcomeSettled,
  asExpected,
  readModelsFold,
  ordersReadAsAnswered,
  servesAgain,
  noUnexpectedEnd,
  loadCouldGoOn,
];

/** Checks a run by its evidence only. */
export function check(evidence: Evidence): readonly Verdict[] {
  const recorded = new Recorded(evidence.log);
  return checks.map((one) => one(evidence, recorded));
}
