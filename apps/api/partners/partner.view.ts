import {
  directBillStatusOn,
  latestOn,
  modelOn,
  type Partner,
} from '../../../libs/domain/partner/partner.js';
import type { PartnerRow, RowFact } from '../../../libs/read-models/rows.js';
import type { DatedFact } from '../../../libs/domain/shared/dated-fact.js';
import { type Sealed } from '../../../libs/domain/shared/sealed.js';

/** A partner as the API shows it: all facts with their dates. `today` is a UTC date. */
export function partnerView(partner: Partner, today: string) {
  const { registration, facts } = partner;
  const names = { erased: partner.erased };
  return {
    partnerId: partner.partnerId,
    legalName: registration?.legalName,
    country: registration?.country,
    marketCode: registration?.marketCode,
    model: modelOn(partner, today),
    models: partner.models.map(({ model, from }) => ({ model, from })),
    cspTenantIds: partner.cspTenants
      .filter(({ endedOn }) => endedOn === undefined || endedOn > today)
      .map(({ tenantId }) => tenantId),
    cspTenants: partner.cspTenants.map(({ tenantId, endedOn }) => ({ tenantId, endedOn })),
    locations: facts.location.map(factView),
    memberships: facts.membership.map(factView),
    signingAuthority: facts.signingAuthority.map((fact) => ({
      ...factView(fact),
      name: sealedView(fact.value.name, names),
    })),
    providerAuthorization: facts.providerAuthorization.map(factView),
    providerRelationships: facts.providerRelationship.map(factView),
    supportPlans: facts.supportPlan.map(factView),
    services: facts.service.map(factView),
    directBillStatus: directBillStatusOn(partner, today),
    directBillAuthorization: partner.directBill.map(({ status, from }) => ({ status, from })),
  };
}

/**
 * `to` is the last day in force. A retracted fact is shown because it is on record, but it never
 * counts.
 */
export const factView = <Value extends object>({
  factId,
  value,
  from,
  to,
  retracted,
}: DatedFact<Value>) => ({
  factId,
  ...value,
  from,
  to,
  retracted,
});

/** Personal data is shown only as present or erased, never readable. */
export const sealedView = (
  { generation }: Sealed,
  { erased }: { readonly erased: readonly number[] },
): { sealed: true } | { erased: true } =>
  erased.includes(generation) ? { erased: true } : { sealed: true };

/** A partner as an item of a list, with its facts as of a day. `on` is a UTC date. */
export function partnerItem(row: PartnerRow, on: string) {
  return {
    partnerId: row.partnerId,
    legalName: row.legalName,
    country: row.country,
    marketCode: row.marketCode,
    model: latestOn(row.models, on)?.model,
    cspTenantIds: row.cspTenants
      .filter(({ endedOn }) => endedOn === undefined || endedOn > on)
      .map(({ tenantId }) => tenantId),
    membershipActive: row.memberships.some((fact) => isInForce(fact, on)),
    locations: row.locations
      .filter((fact) => isInForce(fact, on))
      .map(({ partnerLocationId, country, marketCode }) => ({
        partnerLocationId,
        country,
        marketCode,
      })),
    providerIds: row.providerRelationships
      .filter((fact) => isInForce(fact, on))
      .map(({ providerId }) => providerId),
  };
}

export const isInForce = ({ from, to, retracted }: RowFact, on: string): boolean =>
  !retracted && (from === undefined || from <= on) && (to === undefined || on <= to);
