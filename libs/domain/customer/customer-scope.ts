import { holdsOn } from '../shared/dated-fact.js';
import { unreachable } from '../shared/event.js';
import type { EventId, PartnerId, Scope } from '../shared/ids.js';
import type { Customer } from './customer.js';
import type { CustomerCommand } from './customer.decide.js';
import { grantsOn } from './scope-grant.js';

/**
 * A customer is in scope while a partner in scope has a relationship with it that an unscoped key
 * recorded, or that began when a scoped key registered the customer as new. Always judged today
 * (UTC): a relationship that ended yesterday grants nothing, for any requested day.
 */
export const isInScope = (
  { scopeGrants }: Pick<Customer, 'scopeGrants'>,
  scope: Scope,
  today: string,
): boolean =>
  scopeGrants.some((grant) => scope.includes(grant.partnerId) && grantsOn(grant, today));

/** Another partner has a relationship with the customer today. Any key may have recorded it. */
export const isShared = (
  { relationships }: Pick<Customer, 'relationships'>,
  scope: Scope,
  today: string,
): boolean =>
  relationships.some((fact) => !scope.includes(fact.value.partnerId) && holdsOn(fact, today));

/** Whether a key with this scope may give the command at all, on the record as it is. */
export function isCustomerCommandInScope(
  command: CustomerCommand,
  customer: Customer,
  scope: Scope,
  today: string,
): boolean {
  switch (command.type) {
    case 'register-customer':
      return mayRegister(command.relationshipWith, customer, scope, today);
    case 'register-csp-association':
    case 'end-csp-association':
      return isCspTenantInScope(customer, scope, today);
    // These concern every partner that sells to the customer: only an unscoped key may send them.
    case 'withdraw-agreement':
    case 'close':
      return false;
    case 'observe-csp-association':
      return command.associated && isInScope(customer, scope, today);
    case 'sign-agreement':
      return isInScope(customer, scope, today);
    case 'start-relationship':
      return scope.includes(command.value.partnerId) && isInScope(customer, scope, today);
    case 'end-relationship':
      return (
        (command.partnerId === undefined || scope.includes(command.partnerId)) &&
        isOwnFact(command.factId, customer, scope) &&
        isInScope(customer, scope, today)
      );
    case 'correct-relationship':
      return (
        scope.includes(command.value.partnerId) &&
        isOwnFact(command.factId, customer, scope) &&
        isInScope(customer, scope, today)
      );
    case 'retract-relationship':
      return isOwnFact(command.factId, customer, scope) && isInScope(customer, scope, today);
    default:
      return unreachable(command);
  }
}

/** A tenant that is not a customer is in every scope. */
export const isCspTenantInScope = (customer: Customer, scope: Scope, today: string): boolean =>
  customer.registration === undefined || isInScope(customer, scope, today);

/**
 * A new customer must name a partner in scope. A customer on record must be in scope, and must not
 * be shared with another partner.
 */
function mayRegister(
  relationshipWith: PartnerId | undefined,
  customer: Customer,
  scope: Scope,
  today: string,
): boolean {
  if (relationshipWith !== undefined && !scope.includes(relationshipWith)) return false;
  if (!customer.registration) return relationshipWith !== undefined;
  return isInScope(customer, scope, today) && !isShared(customer, scope, today);
}

/** True for an unknown fact: the decision refuses it. */
const isOwnFact = (
  factId: EventId | undefined,
  { relationships }: Customer,
  scope: Scope,
): boolean =>
  relationships.every((fact) => fact.factId !== factId || scope.includes(fact.value.partnerId));
