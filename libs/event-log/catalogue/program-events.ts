import type { Policy } from '../../domain/program/policy.js';
import type { ProgramEvent } from '../../domain/program/program.js';
import { type EntriesOf, entry, listOfText } from './entry.js';
import {
  constant,
  country,
  currency,
  date,
  decimal,
  dictionary,
  either,
  flag,
  instant,
  list,
  month,
  object,
  oneOf,
  type Schema,
  text,
  wholeNumber,
} from './schema.js';

const policy = object({
  tenantCheckRequired: flag,
  tenantCheckMaxAgeDays: wholeNumber,
  customerRelationshipRequired: flag,
  trailingRevenueThreshold: decimal,
  revenueWindow: oneOf('rolling-12-months', 'calendar-months'),
  revenueBasis: oneOf('billed', 'paid'),
  revenueAmount: oneOf('microsoft-billed', 'own-invoices'),
  excludedFamilies: list(oneOf('cloud', 'perpetual-software', 'partner-owned')),
  tenureMonths: wholeNumber,
  tenureGapDays: wholeNumber,
  supportPlans: list(oneOf('advanced', 'premier')),
  assessmentValidMonths: wholeNumber,
  serviceRequired: flag,
  suspendAfterDays: wholeNumber,
  revokeAfterDays: wholeNumber,
  cancellationWindowDays: wholeNumber,
  perpetualCancellationWindowDays: wholeNumber,
  prorationRounding: oneOf('truncate', 'half-even'),
  reconciliationTolerance: decimal,
} satisfies Record<keyof Policy, Schema>);

const referenceData = (name: string, row: Schema): Schema =>
  object({ name: constant(name), asOf: date, digest: text, rows: list(row) });

const marketRow = object(
  { country, marketCode: text, name: text, region: text, regionGroup: text, currency },
  { currencyInferred: constant(true) },
);

export const programEvents: EntriesOf<ProgramEvent> = {
  LogCreated: entry(
    'program',
    'A log was created. This is always its first event.',
    object({ logId: text, clock: oneOf('system', 'manual') }),
  ),
  PolicyPublished: entry(
    'program',
    'A policy is in force from a day on. The event contains every key: keys that the request omitted were copied from the policy in force on that day.',
    object({ effectiveFrom: date, policy }),
  ),
  ReferenceDataPublished: entry(
    'program',
    'A start of the service found reference data that the log did not have. The data replaces everything published before under the same name.',
    either(
      referenceData('markets', marketRow),
      referenceData(
        'agreement-locales',
        object({ marketCode: text, name: text, languages: listOfText }),
      ),
      referenceData('segment-matrix', object({ qualifications: listOfText, mayBuy: listOfText })),
    ),
  ),
  RulesetActivated: entry(
    'program',
    'Later decisions use this ruleset.',
    object({ ruleset: text }),
  ),
  AgreementVersionPublished: entry(
    'program',
    'A version of the customer agreement can be signed from a day on. If a version is published again, the last event counts.',
    object({ version: text, from: date }, { acceptedUntil: date }),
  ),
  ExchangeRatesPublished: entry(
    'program',
    'The exchange rates of a month were published, in US dollars for one unit. The last event of a month counts.',
    object({ month, usdPerUnit: dictionary(currency, decimal) }),
  ),
  DayStarted: entry(
    'program',
    'A day (UTC) began. The log has each day once, in order, never before the clock reaches it.',
    object({ date }),
  ),
  ClockSet: entry(
    'program',
    'The clock of a manual log was set. It does not move until it is set again.',
    object({ at: instant }),
  ),
};
