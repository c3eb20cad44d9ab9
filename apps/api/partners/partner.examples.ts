/** The answer of `GET /v1/partners/kansai-cloud`. */
export const partnerExample = {
  partnerId: 'kansai-cloud',
  legalName: 'Kansai Cloud KK',
  country: 'JP',
  model: 'indirect-reseller',
  models: [{ model: 'indirect-reseller' }],
  cspTenantIds: [],
  cspTenants: [],
  locations: [
    {
      factId: '5b2c7f3e-8f1c-5d0a-9a34-0c7b7c2f6d11',
      partnerLocationId: '6543210',
      country: 'JP',
      from: '2024-01-01',
    },
  ],
  memberships: [{ factId: '9d1f0a52-53a1-5b0f-8c83-2f6a0f3f7c42', from: '2024-01-01' }],
  signingAuthority: [],
  providerAuthorization: [],
  providerRelationships: [],
  supportPlans: [],
  services: [],
  directBillAuthorization: [],
};
