import { addDays } from '../shared/calendar.js';
import type { Dates } from '../shared/dated-fact.js';
import { unreachable } from '../shared/event.js';
import type { EventId, PartnerId } from '../shared/ids.js';
import type { CustomerEvent } from './customer.js';

/**
 * The kind of key that recorded a relationship. `registration`: a scoped key, when it registered
 * the customer as new. Events of early logs do not record the kind, and count as `unscoped-key`
 * (decision 0039).
 */
export type RecordedBy = 'unscoped-key' | 'scoped-key' | 'registration';

/**
 * The days on which a relationship puts the customer in its partner's scope, both included; an
 * absent bound is open.
 */
export interface ScopeGrant {
  readonly factId: EventId;
  readonly partnerId: PartnerId;
  readonly from?: string;
  readonly to?: string;
}

type RelationshipEvent = Extract<CustomerEvent, { type: `CustomerPartnerRelationship${string}` }>;

/**
 * A scoped key can only shorten the relationships that grant its scope: those that it records on an
 * existing customer grant nothing.
 */
export function evolveScopeGrants(
  grants: readonly ScopeGrant[],
  event: RelationshipEvent,
): readonly ScopeGrant[] {
  switch (event.type) {
    case 'CustomerPartnerRelationshipStarted':
      return event.data.recordedBy === 'scoped-key'
        ? grants
        : [...grants, grantOf(event.id, event.data)];
    case 'CustomerPartnerRelationshipEnded': {
      const { factId, on } = event.data;
      return grants.map((grant) =>
        grant.factId === factId ? shortened(grant, { to: addDays(on, -1) }) : grant,
      );
    }
    case 'CustomerPartnerRelationshipCorrected':
      return corrected(grants, event.data);
    default:
      return unreachable(event);
  }
}

export const grantsOn = ({ from, to }: Dates, date: string): boolean =>
  (from === undefined || from <= date) && (to === undefined || date <= to);

function corrected(
  grants: readonly ScopeGrant[],
  correction: Extract<RelationshipEvent, { type: 'CustomerPartnerRelationshipCorrected' }>['data'],
): readonly ScopeGrant[] {
  const { factId } = correction;
  const others = grants.filter((grant) => grant.factId !== factId);
  if (!('value' in correction)) return others;
  const { value } = correction;
  if (correction.recordedBy !== 'scoped-key') return [...others, grantOf(factId, value)];
  const before = grants.find((grant) => grant.factId === factId);
  return before?.partnerId === value.partnerId ? [...others, shortened(before, value)] : others;
}

const grantOf = (
  factId: EventId,
  { partnerId, from, to }: { readonly partnerId: PartnerId } & Dates,
): ScopeGrant => ({
  factId,
  partnerId,
  ...(from !== undefined && { from }),
  ...(to !== undefined && { to }),
});

/** The days that lie in both. */
function shortened(grant: ScopeGrant, { from, to }: Dates): ScopeGrant {
  return grantOf(grant.factId, {
    partnerId: grant.partnerId,
    ...latest(grant.from, from),
    ...earliest(grant.to, to),
  });
}

const latest = (a: string | undefined, b: string | undefined): Dates => {
  const from = a === undefined || (b !== undefined && b > a) ? b : a;
  return from === undefined ? {} : { from };
};
const earliest = (a: string | undefined, b: string | undefined): Dates => {
  const to = a === undefined || (b !== undefined && b < a) ? b : a;
  return to === undefined ? {} : { to };
};
