import {
  agreementVersionOn,
  isInForceOn,
  type Program,
  templateLanguages,
} from '../program/program.js';
import { latest, malformed, oneOf } from '../shared/malformed.js';
import { accept, refuse, type Result } from '../shared/result.js';
import { sameSealed } from '../shared/sealed.js';
import type {
  CustomerCommand,
  CustomerDecision,
  CustomerDecisionFacts,
  CustomerRefusal,
} from './customer.decide.js';
import type { Agreement, Customer } from './customer.js';

type Command<Type extends CustomerCommand['type']> = Extract<CustomerCommand, { type: Type }>;

/**
 * An agreement for a country other than the customer's present one is recorded too, because
 * customers move. AGREEMENT-1 judges it.
 */
export function signAgreement(
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

/** The agreement on record that states the same and has not been withdrawn. */
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

/** The agreement on record that a statement repeats. */
export function existingAgreement(
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

/**
 * Whether it is named or the default, the version must be in force on the day of signing
 * (AGREEMENT-1).
 */
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

export function withdrawAgreement(
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
