import { stepsAfter } from '../../../libs/domain/direct-bill/application.decide.js';
import type { DirectBillApplication } from '../../../libs/domain/direct-bill/application.js';

/** An application as the API shows it: its status, its steps, and the steps that may follow. */
export function applicationView({
  applicationId,
  partnerId,
  status,
  steps,
  assessment,
  authorization,
  judgement,
}: DirectBillApplication) {
  return {
    applicationId,
    partnerId,
    status,
    possibleSteps: status === undefined ? [] : stepsAfter[status],
    steps: steps.map(({ proof: _proof, ...step }) => step),
    ...(assessment && {
      assessment: { ...assessment.results, assessor: assessment.assessor, on: assessment.on },
    }),
    ...(judgement && { judgement: { asOf: judgement.asOf, checks: judgement.checks } }),
    ...(authorization && { authorization }),
  };
}

const id = '2f1d3a7e-0c3b-5d0e-9a51-1c9b1f6f7a10';
const submitted = { status: 'submitted', on: '2026-11-22', recordedAt: '2026-11-22T09:00:00.000Z' };

/** The answer to the submission. */
export const applicationExample = {
  applicationId: id,
  partnerId: 'kansai-cloud',
  status: 'submitted',
  possibleSteps: ['request-information', 'confirm-qualification', 'withdraw'],
  steps: [submitted],
};

/** The answer to the approval. */
export const approvedExample = {
  ...applicationExample,
  status: 'approved',
  possibleSteps: [],
  steps: [submitted],
  assessment: {
    billing: 'passed',
    provisioning: 'passed',
    customerSupport: 'passed',
    compliance: 'passed',
    security: 'passed',
    assessor: 'Audit KK',
    on: '2026-11-22',
  },
  judgement: {
    asOf: '2026-11-22',
    checks: [
      {
        rule: 'DIRECT-1',
        outcome: 'pass',
        facts: {
          total: '412000.00',
          threshold: '300000.00',
          currency: 'USD',
          from: '2025-11-23',
          to: '2026-11-22',
        },
      },
    ],
  },
  authorization: { from: '2026-11-22', evidence: `direct-bill application ${id}` },
};
