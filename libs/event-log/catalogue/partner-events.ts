import type { PartnerEvent } from '../../domain/partner/partner.js';
import { type EntriesOf, entry, factEntries, personalDataErased } from './entry.js';
import {
  country,
  date,
  object,
  oneOf,
  orNull,
  partnerId,
  sealed,
  tenantId,
  text,
} from './schema.js';

const model = oneOf('indirect-provider', 'indirect-reseller', 'direct-bill');
const change = object({ on: date, reason: text });

export const partnerEvents: EntriesOf<PartnerEvent> = {
  PartnerRegistered: entry(
    'partner',
    'A partner becomes known. Its first model holds from the beginning.',
    object({ partnerId, legalName: text, country, model }, { marketCode: text }),
  ),
  PartnerDetailsChanged: entry(
    'partner',
    'Its name, country or market is another one. What did not change is left out; `null` clears.',
    object({}, { legalName: text, country, marketCode: orNull(text) }),
  ),
  PartnerModelStarted: entry(
    'partner',
    'It sells by another model from a day on. What was sold before keeps its model.',
    object({ model, from: date }),
  ),
  PartnerCspTenantRegistered: entry(
    'partner',
    'A tenant is its CSP tenant. The tenant knows before the partner does (`TenantCspAssociationRegistered`).',
    object({ tenantId }),
  ),
  PartnerCspTenantEnded: entry(
    'partner',
    'A tenant is no longer its CSP tenant from a day on.',
    object({ tenantId, on: date, reason: text }),
  ),
  ...factEntries('PartnerLocation', 'partner', 'A PartnerID for a place where it sells', {
    required: { partnerLocationId: partnerId, country },
    optional: { marketCode: text },
    fromOptional: true,
  }),
  ...factEntries('PartnerMembership', 'partner', 'Its membership of the AI Cloud Partner Program', {
    required: {},
  }),
  ...factEntries('PartnerSigningAuthority', 'partner', "A person's authority to sign for it", {
    required: { name: sealed, title: text },
  }),
  ...factEntries(
    'PartnerProviderAuthorization',
    'partner',
    "Microsoft's authorization as an indirect provider",
    { required: {} },
  ),
  ...factEntries(
    'PartnerProviderRelationship',
    'partner',
    'Its relationship with an indirect provider',
    {
      required: { providerId: partnerId },
    },
  ),
  ...factEntries('PartnerSupportPlan', 'partner', 'Its support plan with Microsoft', {
    required: { plan: oneOf('advanced', 'premier') },
  }),
  ...factEntries('PartnerService', 'partner', 'A service that it offers beside the licences', {
    required: { kind: oneOf('managed-service', 'ip-service', 'customer-solution'), name: text },
  }),
  DirectBillAuthorizationStarted: entry(
    'partner',
    'It may bill customers directly from a day on.',
    object({ from: date, evidence: text }),
  ),
  DirectBillAuthorizationRestricted: entry(
    'partner',
    'From a day on it may renew and change what exists, and sell nothing new.',
    change,
  ),
  DirectBillAuthorizationSuspended: entry(
    'partner',
    'From a day on it may sell nothing new at all, until it is restored.',
    change,
  ),
  DirectBillAuthorizationRevoked: entry(
    'partner',
    'From a day on it is no direct-bill partner any more.',
    change,
  ),
  DirectBillAuthorizationRestored: entry(
    'partner',
    'From a day on its authorization is whole again.',
    change,
  ),
  PersonalDataErased: personalDataErased,
};
