import type { PartnerEvent, PartnerModel } from '../../domain/partner/partner.js';
import type { Recorded } from '../../domain/shared/event.js';
import { projection, table } from '../projection.js';
import type { PartnerRow, RowFact } from '../rows.js';
import { withDetails, corrected, ended, started } from './row-facts.js';

const partners = table<PartnerRow>('partners', {
  columns: {
    position: { type: 'integer', of: (row) => row.position },
    country: { type: 'text', of: (row) => row.country },
  },
  indexes: [['position']],
  links: {
    models: {
      columns: { model: 'text', since: 'text', before: 'text' },
      of: (row) => modelSpans(row.models),
    },
    providers: {
      columns: { providerId: 'text', since: 'text', through: 'text' },
      of: (row) =>
        row.providerRelationships.filter(notRetracted).map(({ providerId, from, to }) => ({
          providerId,
          since: from ?? FIRST_DAY,
          through: to ?? LAST_DAY,
        })),
    },
  },
});

/** Changes a partner's row. Events of a partner that was never registered change nothing. */
const of = ({ stream }: Recorded, to: (row: PartnerRow) => PartnerRow) =>
  partners.change(stream.slice('partner-'.length), (row) => row && to(row));

export const partnersProjection = projection<PartnerEvent>('partners', 1, {
  streams: ['partner'],
  tables: [partners],
  on: {
    PartnerRegistered: ({ data: { partnerId, legalName, country, marketCode, model }, position }) =>
      partners.put(partnerId, {
        partnerId,
        legalName,
        country,
        ...(marketCode === undefined ? {} : { marketCode }),
        models: [{ model }],
        locations: [],
        memberships: [],
        providerAuthorizations: [],
        providerRelationships: [],
        cspTenants: [],
        position,
      }),
    PartnerDetailsChanged: (event) =>
      of(event, (row) => withDetails(row, event.data, ['legalName', 'country', 'marketCode'])),
    PartnerModelStarted: (event) =>
      of(event, (row) => ({
        ...row,
        models: [...row.models, { model: event.data.model, from: event.data.from }],
      })),

    PartnerCspTenantRegistered: (event) =>
      of(event, (row) => ({
        ...row,
        cspTenants: [
          ...row.cspTenants.filter(({ tenantId }) => tenantId !== event.data.tenantId),
          { tenantId: event.data.tenantId },
        ],
      })),
    PartnerCspTenantEnded: (event) =>
      of(event, (row) => ({
        ...row,
        cspTenants: row.cspTenants.map((tenant) =>
          tenant.tenantId === event.data.tenantId ? { ...tenant, endedOn: event.data.on } : tenant,
        ),
      })),

    PartnerLocationStarted: (event) =>
      of(event, (row) => ({ ...row, locations: started(row.locations, event) })),
    PartnerLocationEnded: (event) =>
      of(event, (row) => ({ ...row, locations: ended(row.locations, event.data) })),
    PartnerLocationCorrected: (event) =>
      of(event, (row) => ({ ...row, locations: corrected(row.locations, event.data) })),
    PartnerMembershipStarted: (event) =>
      of(event, (row) => ({ ...row, memberships: started(row.memberships, event) })),
    PartnerMembershipEnded: (event) =>
      of(event, (row) => ({ ...row, memberships: ended(row.memberships, event.data) })),
    PartnerMembershipCorrected: (event) =>
      of(event, (row) => ({ ...row, memberships: corrected(row.memberships, event.data) })),
    PartnerProviderAuthorizationStarted: (event) =>
      of(event, (row) => ({
        ...row,
        providerAuthorizations: started(row.providerAuthorizations, event),
      })),
    PartnerProviderAuthorizationEnded: (event) =>
      of(event, (row) => ({
        ...row,
        providerAuthorizations: ended(row.providerAuthorizations, event.data),
      })),
    PartnerProviderAuthorizationCorrected: (event) =>
      of(event, (row) => ({
        ...row,
        providerAuthorizations: corrected(row.providerAuthorizations, event.data),
      })),
    PartnerProviderRelationshipStarted: (event) =>
      of(event, (row) => ({
        ...row,
        providerRelationships: started(row.providerRelationships, event),
      })),
    PartnerProviderRelationshipEnded: (event) =>
      of(event, (row) => ({
        ...row,
        providerRelationships: ended(row.providerRelationships, event.data),
      })),
    PartnerProviderRelationshipCorrected: (event) =>
      of(event, (row) => ({
        ...row,
        providerRelationships: corrected(row.providerRelationships, event.data),
      })),
  },
});

// Texts that sort before and after every date, so that open ends compare like dates.
const FIRST_DAY = '';
const LAST_DAY = '~';

const notRetracted = ({ retracted }: RowFact): boolean => !retracted;

/**
 * The first day of each model, and the day before which it ends. On a day the latest `from` wins,
 * then the last in the log.
 */
function modelSpans(
  models: PartnerRow['models'],
): { model: PartnerModel; since: string; before: string }[] {
  const starts = models.map(({ model, from }) => ({ model, since: from ?? FIRST_DAY }));
  const latest = starts.filter(
    ({ since }, index) => !starts.some((other, later) => later > index && other.since === since),
  );
  const ordered = latest.sort((a, b) => (a.since < b.since ? -1 : 1));
  return ordered.map((span, index) => ({ ...span, before: ordered[index + 1]?.since ?? LAST_DAY }));
}
