import type { OrderDecided } from '../../domain/customer/customer.js';
import type { LoggedEvent, Position } from '../../event-log/event-log.js';
import { type Change, type Projection, type Step, table } from '../projection.js';
import { customerTypes, customerVersions } from './customer-versions.js';
import { directBillTypes, partnerTypes, partnerVersions } from './partner-versions.js';
import { type VersionStep, versionedTables } from './versioned-tables.js';

/** A partner and a customer that have to do with each other. */
export interface PairRow {
  readonly tenantId: string;
  readonly partnerId: string;
  /** Of the event that first named the two together: the order in which pairs are paged through. */
  readonly position: Position;
  /** Of the first decision on an order of the two, accepted or refused. */
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
 * What the gate needs of each partner and each customer, in versions, and which two belong
 * together. A pair is judged on reading.
 */
export const eligibilityProjection: Projection = {
  name: 'eligibility',
  version: 1,
  streams: ['partner', 'customer'],
  tables: [...partners.tables, ...customers.tables, pairs],
  on: new Map<string, (event: LoggedEvent) => Step>([
    ...partners.steps,
    ...customers.steps.map(([type, step]) => [type, withPair(step)] as const),
    ['OrderPlaced', ordered],
    ['OrderRefused', ordered],
  ]),
};

/** A relationship makes a pair, and so does a correction that names another partner. */
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

function ordered(event: LoggedEvent): Change {
  const { partnerId } = event.data as OrderDecided; // OrderPlaced or OrderRefused
  return pair(event, partnerId, event.position);
}

function pair({ stream, position }: LoggedEvent, partnerId: string, orderedAt?: Position): Change {
  const tenantId = stream.slice('customer-'.length);
  return pairs.change(`${tenantId}/${partnerId}`, (row) => {
    if (row && (orderedAt === undefined || row.orderedAt !== undefined)) return row;
    return {
      ...(row ?? { tenantId, partnerId, position }),
      ...(orderedAt === undefined ? {} : { orderedAt }),
    };
  });
}

/** Of a relationship's start, or of a correction's value; an end and a retraction name none. */
function partnerNamed({ data }: LoggedEvent): string | undefined {
  // The catalogue has checked the data of CustomerPartnerRelationshipStarted, …Ended and
  // …Corrected.
  const { partnerId, value } = data as {
    readonly partnerId?: string;
    readonly value?: { readonly partnerId: string };
  };
  return partnerId ?? value?.partnerId;
}
