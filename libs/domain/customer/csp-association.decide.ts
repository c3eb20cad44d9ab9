import { latest, malformed } from '../shared/malformed.js';
import { accept, refuse } from '../shared/result.js';
import type {
  CustomerCommand,
  CustomerDecision,
  CustomerDecisionFacts,
} from './customer.decide.js';
import type { Customer } from './customer.js';

type Command<Type extends CustomerCommand['type']> = Extract<CustomerCommand, { type: Type }>;

export function observeCspAssociation(
  { associated, observedOn, source }: Command<'observe-csp-association'>,
  customer: Customer,
  { latestToday }: CustomerDecisionFacts,
): CustomerDecision {
  if (observedOn > latestToday) return refuse(malformed('/observedOn', latest(latestToday)));
  // The latest observation counts, and on the same day the one that says "associated", in any order
  // of the log. So a repeated observation adds nothing.
  const known = customer.observations.some(
    (observation) =>
      observation.associated === associated &&
      observation.observedOn === observedOn &&
      observation.source === source,
  );
  return accept(
    known
      ? []
      : [{ type: 'TenantCspAssociationObserved', data: { associated, observedOn, source } }],
  );
}

export function registerCspAssociation(
  { partnerId }: Command<'register-csp-association'>,
  customer: Customer,
): CustomerDecision {
  const open = customer.registrations.some(
    (registration) => registration.partnerId === partnerId && registration.endedOn === undefined,
  );
  return accept(open ? [] : [{ type: 'TenantCspAssociationRegistered', data: { partnerId } }]);
}

export function endCspAssociation(
  { partnerId, on, reason }: Command<'end-csp-association'>,
  customer: Customer,
): CustomerDecision {
  const last = customer.registrations.findLast(
    (registration) => registration.partnerId === partnerId,
  );
  if (last && last.endedOn === undefined) {
    return accept([
      { type: 'TenantCspAssociationRegistrationEnded', data: { partnerId, on, reason } },
    ]);
  }
  return last?.endedOn === on ? accept([]) : refuse({ code: 'fact-not-open' });
}
