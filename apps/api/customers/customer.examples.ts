/** As `GET /v1/customers/{tenantId}` answers. */
export const customerExample = {
  tenantId: '8d1f6a52-53a1-4b0f-8c83-2f6a0f3f7c42',
  legalName: 'Kobe Foods KK',
  country: 'JP',
  segment: 'commercial',
  qualifications: [],
  agreement: null,
  agreements: [],
  association: { associated: false, registrations: [], observations: [] },
  partnerRelationships: [],
};
