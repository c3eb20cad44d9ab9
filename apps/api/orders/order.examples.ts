/** A decision as the API shows it, with only two of its checks. */
export const decisionExample = {
  outcome: 'accepted',
  judgedAt: '2026-11-22T09:30:00.000Z',
  policyVersion: '0001-01-01@2',
  ruleset: '2027-01',
  checks: [
    {
      rule: 'AGREEMENT-1',
      outcome: 'pass',
      facts: { signedOn: '2026-11-20', version: 'default' },
      evidence: [
        {
          eventId: '9d1f0a52-53a1-5b0f-8c83-2f6a0f3f7c42',
          stream: 'customer-8d1f6a52-53a1-4b0f-8c83-2f6a0f3f7c42',
          revision: 1,
        },
      ],
    },
    { rule: 'CREDIT-1', outcome: 'not-applicable', facts: {}, evidence: [] },
  ],
};
export const placedExample = {
  orderId: '5b2c7f3e-8f1c-5d0a-9a34-0c7b7c2f6d11',
  status: 'placed',
  total: { amount: '22500', currency: 'JPY' },
  decision: decisionExample,
};
