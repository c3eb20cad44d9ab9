import {
  type AgreementVersion,
  agreementVersionOn,
  isInForceOn,
  type Program,
  templateLanguages,
} from '../program/program.js';
import type { Dates } from '../shared/dated-fact.js';
import { type Proposed, unreachable } from '../shared/event.js';
import type { EventId, PartnerId } from '../shared/ids.js';
import { latest, type Malformed, malformed, oneOf } from '../shared/malformed.js';
import type { Money } from '../shared/money.js';
import { accept, refuse, type Result } from '../shared/result.js';
import { type Sealed, sameSealed } from '../shared/sealed.js';
import type {
  Agreement,
  AgreementMethod,
  Customer,
  CustomerEvent,
  Qualification,
} from './customer.js';
import { changeDetails, registerDetails } from './customer-details.js';
import type { Scope } from './customer-scope.js';
import {
  correctRelationship,
  endRelationship,
  retractRelationship,
  startRelationship,
} from './relationship.decide.js';

export type CustomerCommand =
  | {
      readonly type: 'register-customer';
      readonly legalName: string;
      readonly country: string;
      /** Of the optional fields: left out, unchanged; `null`, cleared. */
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
 * `malformed` is what only reference data or the record can tell to be malformed: the API answers
 * it 400 with `path` and `rule`.
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

/** What a command comes to: events to append, none when nothing changes, or why it is refused. */
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
    // What is known of a tenant's association with CSP is recorded whether it is a customer or not.
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
 * For another country than the customer's present one it is recorded too: customers move
 * (AGREEMENT-1 judges it).
 */
function signAgreement(
  command: Command<'sign-agreement'>,
  customer: Customer,
  facts: CustomerDecisionFacts,
): CustomerDecision {
  const { signedOn, country, signatory, method } = command;
  if (signedOn > facts.latestToday)
    return refuse(malformed('/signedOn', latest(facts.latestToday)));

  const offered = templateLanguages(facts.program, country, marketCodeIn(customer, country));
  if (offered.length === 0)
    return refuse(malformed('/country', { rule: 'enum', expected: 'agreement-country' }));
  const language = offeredLanguage(command, customer, facts.program);
  if (language === undefined) return refuse(malformed('/language', oneOf(offered)));

  const version = signedVersion(command, facts.program);
  if (!version.ok) return version;

  const agreement = { signedOn, country, language, version: version.value, signatory, method };
  return accept(
    sameAgreement(agreement, customer)
      ? []
      : [{ type: 'CustomerAgreementSigned', data: agreement }],
  );
}

type Signed = Pick<
  Agreement,
  'signedOn' | 'country' | 'language' | 'version' | 'signatory' | 'method'
>;

/** The agreement on record that says the same and has not been withdrawn. */
const sameAgreement = (signed: Signed, { agreements }: Customer): Agreement | undefined =>
  agreements.find(
    (other) =>
      other.withdrawnOn === undefined &&
      other.signedOn === signed.signedOn &&
      other.country === signed.country &&
      other.language === signed.language &&
      other.version === signed.version &&
      other.method === signed.method &&
      sameSealed(other.signatory, signed.signatory),
  );

/** For a statement that changes nothing: the agreement on record that it states again. */
export function heldAgreement(
  command: Command<'sign-agreement'>,
  customer: Customer,
  { program }: CustomerDecisionFacts,
): Agreement | undefined {
  const { signedOn, country, signatory, method } = command;
  const language = offeredLanguage(command, customer, program);
  const version = signedVersion(command, program);
  if (language === undefined || !version.ok) return undefined;
  return sameAgreement(
    { signedOn, country, language, version: version.value, signatory, method },
    customer,
  );
}

/** The language as the template's list spells it; undefined when it is not offered there. */
const offeredLanguage = (
  { country, language }: Command<'sign-agreement'>,
  customer: Customer,
  program: Program,
): string | undefined =>
  templateLanguages(program, country, marketCodeIn(customer, country)).find(
    (tag) => tag.toLowerCase() === language.toLowerCase(),
  );

const marketCodeIn = ({ registration }: Customer, country: string): string | undefined =>
  registration?.country === country ? registration.marketCode : undefined;

type VersionRefusal = Extract<CustomerRefusal, { code: `agreement-version-${string}` }>;

/** Named or left out, it is a version in force on the day of signing (AGREEMENT-1). */
function signedVersion(
  { version, signedOn }: Command<'sign-agreement'>,
  program: Program,
): Result<string, VersionRefusal> {
  if (version === undefined) {
    const inForce = agreementVersionOn(program, signedOn);
    return inForce
      ? accept(inForce.version)
      : refuse({ code: 'agreement-version-not-in-force', signedOn });
  }
  const named = program.agreementVersions.find((published) => published.version === version);
  if (!named) return refuse({ code: 'agreement-version-unknown' });
  if (isInForceOn(named, signedOn)) return accept(version);
  const { from, acceptedUntil } = named;
  return refuse({
    code: 'agreement-version-not-in-force',
    signedOn,
    version,
    from,
    ...(acceptedUntil !== undefined && { acceptedUntil }),
  });
}

function withdrawAgreement(
  { on, reason }: Command<'withdraw-agreement'>,
  { agreements }: Customer,
): CustomerDecision {
  if (agreements.some(({ withdrawnOn }) => withdrawnOn === undefined || withdrawnOn > on)) {
    return accept([{ type: 'CustomerAgreementWithdrawn', data: { on, reason } }]);
  }
  return agreements.some(({ withdrawnOn }) => withdrawnOn === on)
    ? accept([])
    : refuse({ code: 'agreement-missing' });
}

function observeCspAssociation(
  { associated, observedOn, source }: Command<'observe-csp-association'>,
  customer: Customer,
  { latestToday }: CustomerDecisionFacts,
): CustomerDecision {
  if (observedOn > latestToday) return refuse(malformed('/observedOn', latest(latestToday)));
  // Among observations the latest wins and on a tie "associated" does, whatever their order in the
  // log: one said twice says no more.
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

function registerCspAssociation(
  { partnerId }: Command<'register-csp-association'>,
  customer: Customer,
): CustomerDecision {
  const open = customer.registrations.some(
    (registration) => registration.partnerId === partnerId && registration.endedOn === undefined,
  );
  return accept(open ? [] : [{ type: 'TenantCspAssociationRegistered', data: { partnerId } }]);
}

function endCspAssociation(
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

/**
 * A closed customer stays closed: an earlier day moves the closure, a later one says nothing new.
 */
const close = ({ on, reason }: Command<'close'>, { closed }: Customer): CustomerDecision =>
  accept(closed && closed.on <= on ? [] : [{ type: 'CustomerClosed', data: { on, reason } }]);
