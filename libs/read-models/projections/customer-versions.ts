import {
  type Customer,
  type CustomerEvent,
  evolveCustomer,
  unknownCustomer,
} from '../../domain/customer/customer.js';
import { type Observation, overrules } from '../../domain/gate/case/deciding-observation.js';
import { tenantId } from '../../domain/shared/ids.js';
import { omittedSeal, type Versioning } from './versions.js';

/**
 * The types of events with facts about a customer's account that the gate needs. Orders are not
 * among them.
 */
export const customerTypes: readonly CustomerEvent['type'][] = [
  'CustomerRegistered',
  'CustomerDetailsChanged',
  'CustomerAgreementSigned',
  'CustomerAgreementWithdrawn',
  'TenantCspAssociationObserved',
  'TenantCspAssociationRegistered',
  'TenantCspAssociationRegistrationEnded',
  'CustomerPartnerRelationshipStarted',
  'CustomerPartnerRelationshipEnded',
  'CustomerPartnerRelationshipCorrected',
  'CustomerClosed',
];

/**
 * The versions of a tenant's account, reduced to the facts that are judged, without signatories and
 * orders. Of the observations of one day only the one that counts remains, so a tenant that is
 * looked up every hour adds one a day.
 */
export const customerVersions: Versioning<Customer, CustomerEvent> = {
  initial: (subject) => unknownCustomer(tenantId(subject)),
  evolve: (customer, event) => {
    if (event.type === 'CustomerAgreementSigned')
      return evolveCustomer(customer, {
        ...event,
        data: { ...event.data, signatory: omittedSeal },
      });
    const after = evolveCustomer(customer, event);
    return after.observations === customer.observations ? after : withOneADay(customer, after);
  },
  split: ({ registration, agreements, observations, registrations, relationships, closed }) => ({
    registration: registration ? [registration] : [],
    agreements,
    observations,
    registrations,
    relationships,
    closed: closed ? [closed] : [],
  }),
  join: (initial, { registration = [], closed = [], ...lists }) =>
    // `split` made the lists, each with values of its field.
    ({
      ...initial,
      ...lists,
      ...(registration.length === 0 ? {} : { registration: registration[0] }),
      ...(closed.length === 0 ? {} : { closed: closed[0] }),
    }) as Customer,
};

/** Puts the new observation in the place of its day's earlier one, if it overrules that. */
function withOneADay(before: Customer, after: Customer): Customer {
  const added = after.observations.at(-1);
  const place = before.observations.findIndex(({ observedOn }) => observedOn === added?.observedOn);
  const there = before.observations[place];
  if (!added || !there) return after;
  return overrules(added, there)
    ? { ...before, observations: replaced(before.observations, place, added) }
    : before;
}

const replaced = (
  observations: readonly Observation[],
  place: number,
  by: Observation,
): readonly Observation[] => observations.map((one, index) => (index === place ? by : one));
