import type { Evidence } from '../evidence/evidence.js';
import { SERVES_WITHIN_MS } from '../faults/served-again.js';
import { GuaranteeCheck, type Verdict } from './finding.js';

/**
 * After each fault, every API process executes commands again within the bound, without another
 * restart.
 */
export function servesAgain({ servedAgain }: Evidence): Verdict {
  const check = new GuaranteeCheck('recovery without a restart');
  for (const { fault, afterMs } of servedAgain) {
    for (const [process, ms] of Object.entries(afterMs)) {
      check.that(
        ms !== undefined && ms <= SERVES_WITHIN_MS,
        () =>
          // prettier-ignore
          `${process} served ${ms === undefined ? 'never again' : `only ${ms} ms`} after ${fault.kind} of ${fault.hit.join(', ')}`,
      );
    }
  }
  return check.verdict;
}

export function noUnexpectedEnd({ unexpectedEnds, services }: Evidence): Verdict {
  const check = new GuaranteeCheck('no process ends by itself');
  for (const { member, code, signal, atMs } of unexpectedEnds)
    check.that(
      false,
      () => `${member} ended by itself at ${new Date(atMs).toISOString()} with ${code ?? signal}`,
    );
  check.that(services.length > 0, () => 'no process was there to the end');
  return check.verdict;
}

export function loadCouldGoOn({ failures, asked }: Evidence): Verdict {
  const check = new GuaranteeCheck('the load was not interrupted');
  for (const failure of failures) check.that(false, () => failure);
  check.that(asked.length > 0, () => 'nothing was asked');
  return check.verdict;
}
