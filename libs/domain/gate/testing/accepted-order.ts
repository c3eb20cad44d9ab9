import type { PriceRow } from '../../catalog/price-list.js';
import {
  defaultAgreementVersion,
  defaultPolicy,
  POLICY_FROM_THE_BEGINNING,
} from '../../program/default-policy.js';
import type { Policy } from '../../program/policy.js';
import type { ProgramEvent } from '../../program/program.js';
import type { PartnerEvent } from '../../partner/partner.js';
import type { Proposed } from '../../shared/event.js';
import { partnerId, tenantId } from '../../shared/ids.js';
import type { Sealed } from '../../shared/sealed.js';
import { agreementLocales, markets, segments } from './places.js';
import { World } from './world.js';

export const today = '2026-11-22';
export const resellerId = partnerId('res-1');
export const directBillId = partnerId('direct-1');
export const providerId = partnerId('prov-1');
export const customerId = tenantId('11111111-2222-4333-8444-555555555555');
export const offerId = 'CFQ7TTC0LH18:0001';

export const sealed: Sealed = {
  sealed: 1,
  subject: 'customer:c',
  generation: 1,
  iv: 'iv',
  box: 'box',
  mac: 'mac',
};

export const row = (changes: Partial<PriceRow> = {}): PriceRow => ({
  row: 1,
  offerId,
  title: 'Microsoft 365 Business Basic',
  term: 'P1Y',
  billingPlan: 'annual',
  currency: 'EUR',
  unitPrice: '61.20',
  erpPrice: '72.00',
  segment: 'commercial',
  family: 'cloud',
  ...changes,
});

export const signed = (
  changes: { signedOn?: string; country?: string; language?: string; version?: string } = {},
) =>
  ({
    type: 'CustomerAgreementSigned',
    data: {
      signedOn: '2026-01-10',
      country: 'FR',
      language: 'fr-FR',
      version: 'default',
      signatory: sealed,
      method: 'partner-attested',
      ...changes,
    },
  }) as const;

export const observed = (associated: boolean, observedOn: string) =>
  ({
    type: 'TenantCspAssociationObserved',
    data: { associated, observedOn, source: 'partner-center' },
  }) as const;

export const registeredCustomer = (
  country: string,
  changes: {
    marketCode?: string;
    qualifications?: readonly ('nonprofit' | 'education' | 'gcc' | 'stateOwnedEntity')[];
  } = {},
) =>
  ({
    type: 'CustomerRegistered',
    data: {
      tenantId: customerId,
      legalName: 'Contoso SARL',
      country,
      qualifications: [],
      ...changes,
    },
  }) as const;

export const registeredPartner = (
  id: typeof resellerId,
  country: string,
  model: 'indirect-provider' | 'indirect-reseller' | 'direct-bill',
): Proposed<PartnerEvent> => ({
  type: 'PartnerRegistered',
  data: { partnerId: id, legalName: id, country, model },
});

export const location = (
  country: string,
  dates: { from?: string; to?: string } = {},
): Proposed<PartnerEvent> => ({
  type: 'PartnerLocationStarted',
  data: { partnerLocationId: `${country}-1`, country, ...dates },
});

export const policy = (
  changes: Partial<Policy>,
  effectiveFrom = '2026-11-01',
): Proposed<ProgramEvent> => ({
  type: 'PolicyPublished',
  data: { effectiveFrom, policy: { ...defaultPolicy, ...changes } },
});

const beginning: readonly Proposed<ProgramEvent>[] = [
  { type: 'LogCreated', data: { logId: 'log-1', clock: 'manual' } },
  { type: 'RulesetActivated', data: { ruleset: '2027-01' } },
  policy({}, POLICY_FROM_THE_BEGINNING),
  { type: 'AgreementVersionPublished', data: defaultAgreementVersion },
  {
    type: 'ReferenceDataPublished',
    data: { name: 'markets', asOf: '2023-08-17', digest: 'm', rows: markets },
  },
  {
    type: 'ReferenceDataPublished',
    data: { name: 'agreement-locales', asOf: '2023-08-17', digest: 'a', rows: agreementLocales },
  },
  {
    type: 'ReferenceDataPublished',
    data: { name: 'segment-matrix', asOf: '2023-08-17', digest: 's', rows: segments },
  },
];

/** The facts that every seller needs: a membership, a location in Europe, a signing authority. */
const fitToSell: readonly Proposed<PartnerEvent>[] = [
  { type: 'PartnerMembershipStarted', data: { from: '2026-01-01' } },
  location('FR'),
  {
    type: 'PartnerSigningAuthorityStarted',
    data: { name: sealed, title: 'CEO', from: '2026-01-01' },
  },
];

export const authorizedProvider = (
  id: typeof resellerId,
  country: string,
): readonly Proposed<PartnerEvent>[] => [
  registeredPartner(id, country, 'indirect-provider'),
  { type: 'PartnerProviderAuthorizationStarted', data: { from: '2026-01-01' } },
];

/**
 * An indirect reseller in France orders one offer for a French customer: every rule passes. Each
 * test changes one thing.
 */
export const acceptedOrder: World = new World({
  date: today,
  order: {
    partnerId: resellerId,
    tenantId: customerId,
    currency: 'EUR',
    lines: [{ offerId, quantity: 10, term: 'P1Y', billingPlan: 'annual' }],
  },
  written: [],
  rows: [row()],
  published: ['FR/2026-11'],
  count: 0,
})
  .program(...beginning)
  .partner(resellerId, registeredPartner(resellerId, 'FR', 'indirect-reseller'), ...fitToSell, {
    type: 'PartnerProviderRelationshipStarted',
    data: { providerId, from: '2026-01-01' },
  })
  .partner(providerId, ...authorizedProvider(providerId, 'DE'))
  .partner(
    directBillId,
    registeredPartner(directBillId, 'FR', 'direct-bill'),
    ...fitToSell,
    { type: 'DirectBillAuthorizationStarted', data: { from: '2026-01-01', evidence: 'letter' } },
    { type: 'PartnerSupportPlanStarted', data: { plan: 'advanced', from: '2026-01-01' } },
  )
  .customer(registeredCustomer('FR'), signed(), observed(false, '2026-11-01'));

/** The same order, sold by a direct-bill partner. */
export const acceptedDirectOrder: World = acceptedOrder.ordering({ partnerId: directBillId });
