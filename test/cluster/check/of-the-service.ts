import type { Evidence } from '../evidence/evidence.js';
import { SERVES_WITHIN_MS } from '../faults/served-again.js';
import { Look, type Verdict } from './finding.js';

/**
 * After each fault every API process does commands again within the bound, in the life it is in.
 */
export function servesAgain({ servedAgain }: Evidence): Verdict {
  const look = new Look('serves again without a restart');
  for (const { fault, afterMs } of servedAgain) {
    for (const [process, ms] of Object.entries(afterMs)) {
      look.that(
        ms !== undefined && ms <= SERVES_WITHIN_MS,
        () =>
          // prettier-ignore
          `${process} served ${ms === undefined ? 'never again' : `only ${ms} ms`} after ${fault.kind} of ${fault.hit.join(', ')}`,
      );
    }
  }
  return look.verdict;
}

export function nobodyEnds({ unexpectedEnds, services }: Evidence): Verdict {
  const look = new Look('nobody ends by itself');
  for (const { member, code, signal, atMs } of unexpectedEnds)
    look.that(
      false,
      () => `${member} ended by itself at ${new Date(atMs).toISOString()} with ${code ?? signal}`,
    );
  look.that(services.length > 0, () => 'no process was there to the end');
  return look.verdict;
}

export function loadCouldGoOn({ failures, asked }: Evidence): Verdict {
  const look = new Look('the load could go on');
  for (const failure of failures) look.that(false, () => failure);
  look.that(asked.length > 0, () => 'nothing was asked');
  return look.verdict;
}
