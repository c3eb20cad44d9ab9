import type { CustomerEvent } from '../../domain/customer/customer.js';
import { evolveScopeGrants } from '../../domain/customer/scope-grant.js';
import type { Recorded } from '../../domain/shared/event.js';
import { type TenantId, tenantId } from '../../domain/shared/ids.js';
import { projection, table } from '../projection.js';
import type { CspAssociation, CustomerRow } from '../rows.js';
import { withDetails, corrected, ended, started } from './row-facts.js';
import { searchText } from './search-text.js';

/**
 * A row begins with the first event of the tenant's stream. It is listed as a customer once it is
 * registered.
 */
export type AccountRow = Omit<CustomerRow, 'legalName' | 'country' | 'position'> &
  Partial<Pick<CustomerRow, 'legalName' | 'country' | 'position'>>;

const customers = table<AccountRow>('customers', {
  columns: {
    position: { type: 'integer', of: (row) => row.position },
    country: { type: 'text', of: (row) => row.country },
    search: { type: 'text', of: ({ legalName, domain }) => searchText(legalName, domain) },
  },
  indexes: [['position']],
  links: {
    partners: {
      columns: { partnerId: 'text', since: 'text', through: 'text' },
      of: (row) => partnersOf(row),
    },
    scopes: {
      columns: { partnerId: 'text', since: 'text', through: 'text' },
      of: ({ scopeGrants }) => scopeGrants.map(spanOf),
    },
  },
});

const details = [
  'legalName',
  'country',
  'marketCode',
  'domain',
  'language',
  'qualifications',
  'creditLimit',
] as const;

const unknownAccount = (tenant: TenantId): AccountRow => ({
  tenantId: tenant,
  qualifications: [],
  cspAssociation: { registrations: [] },
  relationships: [],
  soldBy: [],
  scopeGrants: [],
});

const of = ({ stream }: Recorded, to: (row: AccountRow) => AccountRow) => {
  const tenant = tenantId(stream.slice('customer-'.length));
  return customers.change(tenant, (row) => to(row ?? unknownAccount(tenant)));
};

/**
 * The list of customers, with the latest agreement, the tenant's association and its partners.
 * Version 2 adds the partners in whose scope the customer is.
 */
export const customersProjection = projection<CustomerEvent>('customers', 2, {
  streams: ['customer'],
  tables: [customers],
  on: {
    CustomerRegistered: (event) =>
      of(event, (row) => ({ ...withDetails(row, event.data, details), position: event.position })),
    CustomerDetailsChanged: (event) => of(event, (row) => withDetails(row, event.data, details)),

    CustomerAgreementSigned: (event) =>
      of(event, (row) => {
        const { signedOn, country, language, version } = event.data;
        return { ...row, agreement: { signedOn, country, language, version } };
      }),
    // A withdrawal ends every agreement recorded so far; the date of an earlier withdrawal remains.
    CustomerAgreementWithdrawn: (event) =>
      of(event, (row) =>
        row.agreement
          ? { ...row, agreement: { withdrawnOn: event.data.on, ...row.agreement } }
          : row,
      ),

    TenantCspAssociationObserved: (event) =>
      of(event, (row) => ({ ...row, cspAssociation: observed(row.cspAssociation, event.data) })),
    TenantCspAssociationRegistered: (event) =>
      of(event, (row) =>
        withRegistrations(row, [
          ...registrationsOfOthers(row, event.data.partnerId),
          { partnerId: event.data.partnerId },
        ]),
      ),
    TenantCspAssociationRegistrationEnded: (event) =>
      of(event, (row) => {
        const { partnerId, on } = event.data;
        return withRegistrations(
          row,
          row.cspAssociation.registrations.map((one) =>
            one.partnerId === partnerId ? { ...one, endedOn: on } : one,
          ),
        );
      }),

    CustomerPartnerRelationshipStarted: (event) => {
      const { recordedBy: _recordedBy, ...data } = event.data;
      return related(event, (relationships) => started(relationships, { ...event, data }));
    },
    CustomerPartnerRelationshipEnded: (event) =>
      related(event, (relationships) => ended(relationships, event.data)),
    CustomerPartnerRelationshipCorrected: (event) =>
      related(event, (relationships) => corrected(relationships, event.data)),

    CustomerClosed: (event) => of(event, (row) => ({ ...row, closedOn: event.data.on })),
    OrderPlaced: (event) =>
      of(event, (row) =>
        row.soldBy.includes(event.data.partnerId)
          ? row
          : { ...row, soldBy: [...row.soldBy, event.data.partnerId] },
      ),
  },
});

type Relationships = AccountRow['relationships'];

const related = (
  event: Parameters<typeof evolveScopeGrants>[1],
  to: (relationships: Relationships) => Relationships,
) =>
  of(event, (row) => ({
    ...row,
    relationships: to(row.relationships),
    scopeGrants: evolveScopeGrants(row.scopeGrants, event),
  }));

type Observation = NonNullable<CspAssociation['observation']>;

function observed(
  association: CspAssociation,
  { associated, observedOn }: Observation,
): CspAssociation {
  const last = association.observation;
  const counts =
    !last || observedOn > last.observedOn || (observedOn === last.observedOn && associated);
  return counts ? { ...association, observation: { associated, observedOn } } : association;
}

const withRegistrations = (
  row: AccountRow,
  registrations: CspAssociation['registrations'],
): AccountRow => ({
  ...row,
  cspAssociation: { ...row.cspAssociation, registrations },
});
const registrationsOfOthers = (row: AccountRow, partner: string) =>
  row.cspAssociation.registrations.filter(({ partnerId }) => partnerId !== partner);

// Texts that sort before and after every date, so that open ends compare like dates.
const FIRST_DAY = '';
const LAST_DAY = '~';

/**
 * Partners with a relationship, on its days (both included), or with an accepted order, without an
 * end.
 */
const partnersOf = ({ relationships, soldBy }: AccountRow) => [
  ...relationships.filter(({ retracted }) => !retracted).map(spanOf),
  ...soldBy.map((partnerId) => ({ partnerId, since: FIRST_DAY, through: LAST_DAY })),
];

function spanOf({
  partnerId,
  from,
  to,
}: {
  readonly partnerId: string;
  readonly from?: string;
  readonly to?: string;
}) {
  return { partnerId, since: from ?? FIRST_DAY, through: to ?? LAST_DAY };
}
