import type { Program } from '../program/program.js';
import { placeFault, statedMarketCode } from '../partner/place.js';
import type { TenantId } from '../shared/ids.js';
import { type Malformed, malformed, moneyMalformed, oneOf } from '../shared/malformed.js';
import { compareDecimals, type Money, moneyFault, roundMoney } from '../shared/money.js';
import { accept, refuse, type Result } from '../shared/result.js';
import type {
  CustomerCommand,
  CustomerDecision,
  CustomerDecisionFacts,
} from './customer.decide.js';
import type { Customer, Qualification } from './customer.js';

type RegisterCustomer = Extract<CustomerCommand, { type: 'register-customer' }>;
type Registration = NonNullable<Customer['registration']>;
type Fault = Malformed;

/**
 * The first registration; with a partner named it records the relationship with that partner, from
 * today.
 */
export function registerDetails(
  command: RegisterCustomer,
  tenantId: TenantId,
  { program, today, scope }: Pick<CustomerDecisionFacts, 'program' | 'today' | 'scope'>,
): CustomerDecision {
  const details = readDetails(command, program);
  if (!details.ok) return details;
  const { marketCode, domain, language, creditLimit, qualifications = [] } = details.value;

  const registered = {
    type: 'CustomerRegistered' as const,
    data: {
      tenantId,
      legalName: command.legalName,
      country: command.country,
      ...(marketCode != null && { marketCode }),
      ...(domain != null && { domain }),
      ...(language != null && { language }),
      qualifications,
      ...(creditLimit != null && { creditLimit }),
    },
  };
  const { relationshipWith: partnerId } = command;
  if (partnerId === undefined) return accept([registered]);
  const recordedBy = scope === undefined ? 'unscoped-key' : 'registration';
  return accept([
    registered,
    { type: 'CustomerPartnerRelationshipStarted', data: { partnerId, from: today, recordedBy } },
  ]);
}

/** A later registration: the event has the fields that differ, `null` for cleared ones. */
export function changeDetails(
  command: RegisterCustomer,
  known: Registration,
  program: Program,
): CustomerDecision {
  const details = readDetails(command, program);
  if (!details.ok) return details;
  const { domain, language, creditLimit, qualifications } = details.value;
  const marketCode = statedMarketCode(command, known);

  const changed = {
    ...(command.legalName !== known.legalName && { legalName: command.legalName }),
    ...(command.country !== known.country && { country: command.country }),
    ...(differs(marketCode, known.marketCode) && { marketCode }),
    ...(differs(domain, known.domain) && { domain }),
    ...(differs(language, known.language) && { language }),
    ...(qualifications && !sameSet(qualifications, known.qualifications) && { qualifications }),
    ...(differsAsMoney(creditLimit, known.creditLimit) && { creditLimit }),
  };
  return accept(
    Object.keys(changed).length === 0 ? [] : [{ type: 'CustomerDetailsChanged', data: changed }],
  );
}

type Details = Pick<
  RegisterCustomer,
  'marketCode' | 'domain' | 'language' | 'qualifications' | 'creditLimit'
>;

/** The optional fields in the form in which they are recorded. */
function readDetails(command: RegisterCustomer, program: Program): Result<Details, Fault> {
  const fault = placeFault(program, command);
  if (fault) return refuse(fault);
  const language = readLanguage(command.language);
  if (!language.ok) return language;
  const qualifications = readQualifications(command.qualifications, program);
  if (!qualifications.ok) return qualifications;
  const creditLimit = readCreditLimit(command.creditLimit);
  if (!creditLimit.ok) return creditLimit;

  return accept({
    ...(command.marketCode !== undefined && { marketCode: command.marketCode }),
    ...(command.domain !== undefined && { domain: command.domain }),
    ...(language.value !== undefined && { language: language.value }),
    ...(qualifications.value !== undefined && { qualifications: qualifications.value }),
    ...(creditLimit.value !== undefined && { creditLimit: creditLimit.value }),
  });
}

/** BCP 47 in its canonical spelling: `JA-jp` is `ja-JP`. */
function readLanguage(
  language: string | null | undefined,
): Result<string | null | undefined, Fault> {
  if (language == null) return accept(language);
  try {
    return accept(Intl.getCanonicalLocales(language)[0]);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refuse(malformed('/language', { rule: 'format', expected: 'language' }));
  }
}

/** The segment matrix says which qualifications a customer may have together (OFFER-3). */
function readQualifications(
  stated: readonly Qualification[] | undefined,
  { segments }: Program,
): Result<readonly Qualification[] | undefined, Fault> {
  if (stated === undefined) return accept(undefined);
  const qualifications = [...new Set(stated)].sort();
  if (segments.some((row) => sameSet(row.qualifications, qualifications)))
    return accept(qualifications);
  return refuse(
    malformed('/qualifications', oneOf(segments.map((row) => JSON.stringify(row.qualifications)))),
  );
}

function readCreditLimit(limit: Money | null | undefined): Result<Money | null | undefined, Fault> {
  if (limit == null) return accept(limit);
  const fault = moneyFault(limit);
  if (fault) return refuse(moneyMalformed('/creditLimit', fault));
  if (compareDecimals(limit.amount, '0') < 0)
    return refuse(malformed('/creditLimit/amount', { rule: 'range', expected: 0, bound: 'min' }));
  return accept(roundMoney(limit.amount, limit.currency));
}

const differs = (
  stated: string | null | undefined,
  known: string | undefined,
): stated is string | null => stated !== undefined && stated !== (known ?? null);

const differsAsMoney = (
  stated: Money | null | undefined,
  known: Money | undefined,
): stated is Money | null =>
  stated !== undefined &&
  (stated?.amount !== known?.amount || stated?.currency !== known?.currency);

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((qualification) => b.includes(qualification));
