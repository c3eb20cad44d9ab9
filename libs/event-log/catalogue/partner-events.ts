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
    'A partner was registered. Its first model is in force from the beginning.',
    object({ partnerId, legalName: text, country, model }, { marketCode: text }),
  ),
  PartnerDetailsChanged: entry(
    'partner',
    "The partner's name, country or market changed. Fields that did not change are omitted; `null` clears a field.",
    object({}, { legalName: text, country, marketCode: orNull(text) }),
  ),
  PartnerModelStarted: entry(
    'partner',
    'The partner sells under another model from a day on. Earlier orders keep their model.',
    object({ model, from: date }),
  ),
  PartnerCspTenantRegistered: entry(
    'partner',
    "A tenant is the partner's CSP tenant. The tenant's own event (`TenantCspAssociationRegistered`) precedes this one.",
    object({ tenantId }),
  ),
  PartnerCspTenantEnded: entry(
    'partner',
    "A tenant is no longer the partner's CSP tenant from a day on.",
    object({ tenantId, on: date, reason: text }),
  ),
  ...factEntries('PartnerLocation', 'partner', 'A PartnerID for a location of the partner', {
    required: { partnerLocationId: partnerId, country },
    optional: { marketCode: text },
    fromOptional: true,
  }),
  ...factEntries(
    'PartnerMembership',
    'partner',
    "The partner's membership of the AI Cloud Partner Program",
    {
      required: {},
    },
  ),
  ...factEntries(
    'PartnerSigningAuthority',
    'partner',
    "A person's authority to sign for the partner",
    {
      required: { name: sealed, title: text },
    },
  ),
  ...factEntries(
    'PartnerProviderAuthorization',
    'partner',
    "Microsoft's authorization as an indirect provider",
    { required: {} },
  ),
  ...factEntries(
    'PartnerProviderRelationship',
    'partner',
    "The partner's relationship with an indirect provider",
    {
      required: { providerId: partnerId },
    },
  ),
  ...factEntries('PartnerSupportPlan', 'partner', "The partner's support plan with Microsoft", {
    required: { plan: oneOf('advanced', 'premier') },
  }),
  ...factEntries(
    'PartnerService',
    'partner',
    'A service that the partner offers in addition to licences',
    {
      required: { kind: oneOf('managed-service', 'ip-service', 'customer-solution'), name: text },
    },
  ),
  DirectBillAuthorizationStarted: entry(
    'partner',
    'The partner may bill customers directly from a day on.',
    object({ from: date, evidence: text }),
  ),
  DirectBillAuthorizationRestricted: entry(
    'partner',
    'From a day on the partner may renew and change existing subscriptions, but may not sell new ones.',
    change,
  ),
  DirectBillAuthorizationSuspended: entry(
    'partner',
    'From a day on the partner may not sell anything new, until the authorization is restored.',
    change,
  ),
  DirectBillAuthorizationRevoked: entry(
    'partner',
    'From a day on the partner is not a direct-bill partner.',
    change,
  ),
  DirectBillAuthorizationRestored: entry(
    'partner',
    "From a day on the partner's authorization has no restriction.",
    change,
  ),
  PersonalDataErased: personalDataErased,
};
