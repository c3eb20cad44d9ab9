import type { OrderDecided } from '../../domain/customer/customer.js';
import type { LoggedEvent, Position } from '../../event-log/event-log.js';
import { type RowUpdate, type Projection, type ProjectionStep, table } from '../projection.js';
import { customerTypes, customerVersions } from './customer-versions.js';
import { directBillTypes, partnerTypes, partnerVersions } from './partner-versions.js';
import { type VersionStep, versionedTables } from './versioned-tables.js';

/** A partner and a customer with a relationship or an order. */
export interface PairRow {
  readonly tenantId: string;
  readonly partnerId: string;
  /** The position of the first event that names both. Pairs are paged in this order. */
  readonly position: Position;
  /** The position of the first decision on an order of both, accepted or refused. */
  readonly orderedAt?: Position;
}

const partners = versionedTables(
  'partners',
  'partner',
  [
    ...partnerTypes(
      'location',
      'membership',
      'signingAuthority',
      'providerAuthorization',
      'providerRelationship',
      'supportPlan',
    ),
    ...directBillTypes,
  ],
  partnerVersions,
);
const customers = versionedTables('customers', 'customer', customerTypes, customerVersions);
const pairs = table<PairRow>('pairs', {
  columns: {
    position: { type: 'integer', of: (row) => row.position },
    partnerId: { type: 'text', of: (row) => row.partnerId },
  },
  indexes: [['position'], ['partnerId', 'position']],
});

/**
 * The facts that the gate needs of each partner and each customer, in versions, and the pairs of
 * both. A pair is judged when it is read.
 */
export const eligibilityProjection: Projection = {
  name: 'eligibility',
  version: 1,
  streams: ['partner', 'customer'],
  tables: [...partners.tables, ...customers.tables, pairs],
  on: new Map<string, (event: LoggedEvent) => ProjectionStep>([
    ...partners.steps,
    ...customers.steps.map(([type, step]) => [type, withPair(step)] as const),
    ['OrderPlaced', ordered],
    ['OrderRefused', ordered],
  ]),
};

/** A relationship creates a pair, and so does a correction that names another partner. */
function withPair(step: VersionStep): VersionStep {
  return (event) => {
    const version = step(event);
    const partnerId = event.type.startsWith('CustomerPartnerRelationship')
      ? partnerNamed(event)
      : undefined;
    if (partnerId === undefined) return version;
    const { table, key, ...change } = pair(event, partnerId);
    return {
      rows: [...version.rows, { table, key }],
      then: (rows) => [...version.then(rows), { table, key, ...change }],
    };
  };
}

function ordered(event: LoggedEvent): RowUpdate {
  const { partnerId } = event.data as OrderDecided; // the data of OrderPlaced or OrderRefused
  return pair(event, partnerId, event.position);
}

function pair(
  { stream, position }: LoggedEvent,
  partnerId: string,
  orderedAt?: Position,
): RowUpdate {
  const tenantId = stream.slice('customer-'.length);
  return pairs.change(`${tenantId}/${partnerId}`, (row) => {
    if (row && (orderedAt === undefined || row.orderedAt !== undefined)) return row;
    return {
      ...(row ?? { tenantId, partnerId, position }),
      ...(orderedAt === undefined ? {} : { orderedAt }),
    };
  });
}

/**
 * The partner in a relationship's start or a correction's value; an end and a retraction name none.
 */
function partnerNamed({ data }: LoggedEvent): string | undefined {
  // The catalogue has checked the data of CustomerPartnerRelationshipStarted, …Ended and
  // …Corrected.
  const { partnerId, value } = data as {
    readonly partnerId?: string;
    readonly value?: { readonly partnerId: string };
  };
  return partnerId ?? value?.partnerId;
}
