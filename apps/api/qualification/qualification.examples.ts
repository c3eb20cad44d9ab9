import { decisionExample } from '../orders/order.examples.js';

const answered = { asOf: '2026-11-22', knownAt: '1042', policyVersion: '0001-01-01@2' };

export const tenureExample = {
  ...answered,
  status: 'accruing',
  months: 9,
  since: '2026-02-01',
  satisfiedOn: '2027-02-01',
};

export const directBillEligibilityExample = {
  ...answered,
  eligible: false,
  checks: [
    {
      rule: 'DIRECT-7',
      outcome: 'fail',
      reason: 'seller-signing-authority-missing',
      message:
        'Nobody with authority to sign for the seller is on record on 2026-11-22. Record who may sign its legal agreements.',
      facts: { date: '2026-11-22' },
      evidence: [],
    },
  ],
};

/** With only two of its checks. */
export const customerEligibilityExample = {
  tenantId: '8d1f6a52-53a1-4b0f-8c83-2f6a0f3f7c42',
  partnerId: 'kansai-cloud',
  ...answered,
  ruleset: '2027-01',
  eligible: true,
  reasons: [],
  checks: decisionExample.checks.slice(0, 1),
};
