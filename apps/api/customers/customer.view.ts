import type { Customer } from '../../../libs/domain/customer/customer.js';
import type { PartnerId } from '../../../libs/domain/shared/ids.js';
import type { CustomerRow } from '../../../libs/read-models/rows.js';
import { factView, isInForce, sealedView } from '../partners/partner.view.js';
import { segmentOf } from './customer-registration.js';

/**
 * The partners whose relationships the caller may see. A scoped key sees only those of its own
 * partners.
 */
type Shows = (partnerId: PartnerId) => boolean;

/**
 * A customer as the API shows it, with its agreement, association and segment. `today` is a UTC
 * date.
 */
export function customerView(customer: Customer, today: string, shows: Shows) {
  const { registration, agreements, registrations, observations } = customer;
  const shown = agreements.map(
    ({ signedOn, country, language, version, method, withdrawnOn, signatory }) => ({
      signedOn,
      country,
      language,
      version,
      method,
      withdrawnOn,
      signatory: sealedView(signatory, customer),
    }),
  );
  return {
    tenantId: customer.tenantId,
    legalName: registration?.legalName,
    country: registration?.country,
    marketCode: registration?.marketCode,
    domain: registration?.domain,
    language: registration?.language,
    segment: segmentOf(registration?.qualifications ?? []),
    qualifications: registration?.qualifications,
    creditLimit: registration?.creditLimit,
    agreement: shown.at(-1) ?? null,
    agreements: shown,
    association: {
      associated:
        registrations.some(({ endedOn }) => endedOn === undefined || endedOn > today) ||
        latest(observations)?.associated === true,
      registrations: registrations.map(({ partnerId, endedOn }) => ({ partnerId, endedOn })),
      observations: observations.map(({ associated, observedOn, source }) => ({
        associated,
        observedOn,
        source,
      })),
    },
    partnerRelationships: customer.relationships
      .filter(({ value }) => shows(value.partnerId))
      .map(factView),
    closedOn: customer.closed?.on,
  };
}

/**
 * TENANT-1: the latest observation counts. If two are from the same day, the one that says
 * "associated" counts.
 */
const latest = (
  observations: Customer['observations'],
): Customer['observations'][number] | undefined =>
  observations.reduce<Customer['observations'][number] | undefined>(
    (best, one) =>
      !best ||
      one.observedOn > best.observedOn ||
      (one.observedOn === best.observedOn && one.associated)
        ? one
        : best,
    undefined,
  );

/** A customer as an item of a list. `on` is a UTC date. */
export function customerItem(row: CustomerRow, on: string, shows: Shows) {
  const { registrations, observation } = row.cspAssociation;
  return {
    tenantId: row.tenantId,
    legalName: row.legalName,
    country: row.country,
    marketCode: row.marketCode,
    domain: row.domain,
    language: row.language,
    segment: segmentOf(row.qualifications),
    qualifications: row.qualifications,
    creditLimit: row.creditLimit,
    agreement: row.agreement ?? null,
    association: {
      associated:
        registrations.some(({ endedOn }) => endedOn === undefined || endedOn > on) ||
        observation?.associated === true,
      observedOn: observation?.observedOn,
    },
    partnerIds: row.relationships
      .filter((fact) => isInForce(fact, on) && shows(fact.partnerId))
      .map(({ partnerId }) => partnerId),
    closedOn: row.closedOn,
  };
}

/** The answer of `GET /v1/customers/{tenantId}`. */
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
