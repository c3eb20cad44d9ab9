import type { Answered } from '../../../libs/application/qualification/partner-reads.js';

/** What every answer in two times tells of itself. */
export const answeredFor = ({ asOf, knownAt, policy }: Answered) => ({
  asOf,
  knownAt: String(knownAt),
  policyVersion: `${policy.effectiveFrom}@${policy.proof.revision}`,
});
