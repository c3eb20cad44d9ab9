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
    'A log begins. Always its first event.',
    object({ logId: text, clock: oneOf('system', 'manual') }),
  ),
  PolicyPublished: entry(
    'program',
    "The program's numbers and switches hold from a day on. It carries every key: what a request left out was copied from the policy in force then.",
    object({ effectiveFrom: date, policy }),
  ),
  ReferenceDataPublished: entry(
    'program',
    'A start brings reference data that the log does not have yet. It replaces all that was published under its name.',
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
    'From here on decisions are judged by this ruleset.',
    object({ ruleset: text }),
  ),
  AgreementVersionPublished: entry(
    'program',
    'A version of the customer agreement is the one to sign from a day on. The last one of a version holds.',
    object({ version: text, from: date }, { acceptedUntil: date }),
  ),
  ExchangeRatesPublished: entry(
    'program',
    "A month's exchange rates, US dollars for one unit. The last publication of a month replaces those before it.",
    object({ month, usdPerUnit: dictionary(currency, decimal) }),
  ),
  DayStarted: entry(
    'program',
    'A day begins (UTC). Once a day, in order, never ahead of the clock.',
    object({ date }),
  ),
  ClockSet: entry(
    'program',
    'The clock of a manual log is set, and stands there until it is set again.',
    object({ at: instant }),
  ),
};
