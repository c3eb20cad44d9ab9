import type { AgreementVersion, Program } from '../program/program.js';
import type { Dates } from '../shared/dated-fact.js';
import { type Proposed, unreachable } from '../shared/event.js';
import type { EventId, PartnerId, Scope } from '../shared/ids.js';
import type { Malformed } from '../shared/malformed.js';
import type { Money } from '../shared/money.js';
import { accept, refuse, type Result } from '../shared/result.js';
import type { Sealed } from '../shared/sealed.js';
import { signAgreement, withdrawAgreement } from './agreement.decide.js';
import {
  endCspAssociation,
  observeCspAssociation,
  registerCspAssociation,
} from './csp-association.decide.js';
import type { AgreementMethod, Customer, CustomerEvent, Qualification } from './customer.js';
import { changeDetails, registerDetails } from './registration.decide.js';
import {
  correctRelationship,
  endRelationship,
  retractRelationship,
  startRelationship,
} from './relationship.decide.js';

export { existingAgreement } from './agreement.decide.js';

export type CustomerCommand =
  | {
      readonly type: 'register-customer';
      readonly legalName: string;
      readonly country: string;
      /** An absent optional field is unchanged; `null` clears it. */
      readonly marketCode?: string | null;
      readonly domain?: string | null;
      readonly language?: string | null;
      readonly qualifications?: readonly Qualification[];
      readonly creditLimit?: Money | null;
      /** A new customer records the relationship with it, from today. */
      readonly relationshipWith?: PartnerId;
    }
  | {
      readonly type: 'sign-agreement';
      readonly signedOn: string;
      readonly country: string;
      readonly language: string;
      readonly version?: string;
      readonly signatory: Sealed;
      readonly method: AgreementMethod;
    }
  | { readonly type: 'withdraw-agreement'; readonly on: string; readonly reason: string }
  | {
      readonly type: 'observe-csp-association';
      readonly associated: boolean;
      readonly observedOn: string;
      readonly source: string;
    }
  | { readonly type: 'register-csp-association'; readonly partnerId: PartnerId }
  | {
      readonly type: 'end-csp-association';
      readonly partnerId: PartnerId;
      readonly on: string;
      readonly reason: string;
    }
  | {
      readonly type: 'start-relationship';
      readonly value: { readonly partnerId: PartnerId } & Dates;
    }
  | {
      readonly type: 'end-relationship';
      readonly partnerId?: PartnerId;
      readonly factId?: EventId;
      readonly on: string;
      readonly reason: string;
    }
  | {
      readonly type: 'correct-relationship';
      readonly factId: EventId;
      readonly reason: string;
      readonly value: { readonly partnerId: PartnerId } & Dates;
    }
  | { readonly type: 'retract-relationship'; readonly factId: EventId; readonly reason: string }
  | { readonly type: 'close'; readonly on: string; readonly reason: string };

/**
 * `malformed`: a value that only reference data or the record shows to be wrong. The API answers
 * 400 with `path` and `rule`.
 */
export type CustomerRefusal =
  | { readonly code: 'customer-unknown' }
  | { readonly code: 'customer-closed' }
  | { readonly code: 'agreement-missing' }
  | { readonly code: 'agreement-version-unknown' }
  | ({ readonly code: 'agreement-version-not-in-force'; readonly signedOn: string } & Partial<
      Pick<AgreementVersion, 'version' | 'from' | 'acceptedUntil'>
    >)
  | { readonly code: 'fact-unknown' }
  | { readonly code: 'fact-not-open' }
  | { readonly code: 'fact-ambiguous'; readonly factIds: readonly EventId[] }
  | Malformed;

export interface CustomerDecisionFacts {
  readonly program: Program;
  /** The UTC date. */
  readonly today: string;
  /**
   * The date at UTC+14: the customer's own dates (`signedOn`, `observedOn`) may be as late as this.
   */
  readonly latestToday: string;
  /** The partners that the key is limited to; absent: no limit. */
  readonly scope?: Scope | undefined;
}

export type CustomerDecision = Result<readonly Proposed<CustomerEvent>[], CustomerRefusal>;
type Command<Type extends CustomerCommand['type']> = Extract<CustomerCommand, { type: Type }>;

/** Returns the events to append (none if nothing changes), or the refusal. */
export function decideCustomer(
  command: CustomerCommand,
  customer: Customer,
  facts: CustomerDecisionFacts,
): CustomerDecision {
  switch (command.type) {
    case 'register-customer':
      return customer.registration
        ? changeDetails(command, customer.registration, facts.program)
        : registerDetails(command, customer.tenantId, facts);
    // An observation of a tenant's association with CSP is recorded whether it is a customer or
    // not.
    case 'observe-csp-association':
      return observeCspAssociation(command, customer, facts);
    case 'register-csp-association':
      return registerCspAssociation(command, customer);
    case 'end-csp-association':
      return endCspAssociation(command, customer);
    default:
      return customer.registration
        ? decideRegistered(command, customer, facts)
        : refuse({ code: 'customer-unknown' });
  }
}

type RegisteredCommand = Exclude<
  CustomerCommand,
  {
    type:
      | 'register-customer'
      | 'observe-csp-association'
      | 'register-csp-association'
      | 'end-csp-association';
  }
>;

function decideRegistered(
  command: RegisteredCommand,
  customer: Customer,
  facts: CustomerDecisionFacts,
): CustomerDecision {
  switch (command.type) {
    case 'sign-agreement':
      return signAgreement(command, customer, facts);
    case 'withdraw-agreement':
      return withdrawAgreement(command, customer);
    case 'start-relationship':
      return startRelationship(command, customer, facts);
    case 'end-relationship':
      return endRelationship(command, customer, facts);
    case 'correct-relationship':
      return correctRelationship(command, customer, facts);
    case 'retract-relationship':
      return retractRelationship(command, customer);
    case 'close':
      return close(command, customer);
    default:
      return unreachable(command);
  }
}

/**
 * A closed customer stays closed: an earlier date moves the closure, a later date changes nothing.
 */
const close = ({ on, reason }: Command<'close'>, { closed }: Customer): CustomerDecision =>
  accept(closed && closed.on <= on ? [] : [{ type: 'CustomerClosed', data: { on, reason } }]);
