import type { DirectBillApplicationEvent } from '../../domain/qualification/application.js';
import {
  directBillReasons,
  directBillRuleIds,
} from '../../domain/qualification/direct-bill-reasons.js';
import { type EntriesOf, entry } from './entry.js';
import {
  date,
  dictionary,
  either,
  flag,
  list,
  object,
  oneOf,
  partnerId,
  type Schema,
  seenRevision,
  text,
  tuple,
  uuid,
  wholeNumber,
} from './schema.js';

const optional = { reason: text, note: text };
const step = (more: Readonly<Record<string, Schema>> = {}): Schema =>
  object({ on: date, ...more }, optional);
const result = oneOf('passed', 'failed');

const check = object(
  {
    rule: oneOf(...directBillRuleIds),
    outcome: oneOf('pass', 'fail', 'not-applicable'),
    facts: dictionary(text, either(text, { type: 'integer' }, flag, list(text))),
  },
  { reason: oneOf(...directBillReasons) },
);
const judgement = object({
  asOf: date,
  occasion: oneOf('entry', 'yearly'),
  policy: wholeNumber,
  reads: list(tuple(text, seenRevision)),
  checks: list(check),
});

export const applicationEvents: EntriesOf<DirectBillApplicationEvent> = {
  DirectBillApplicationSubmitted: entry(
    'application',
    'A partner applies for direct billing; its revenue and tenure are under review from here on.',
    step({ applicationId: uuid, partnerId }),
  ),
  DirectBillApplicationInformationRequested: entry(
    'application',
    'The review asks for more information.',
    step(),
  ),
  DirectBillApplicationInformationProvided: entry(
    'application',
    'The information has come; the review goes on.',
    step(),
  ),
  DirectBillApplicationQualificationConfirmed: entry(
    'application',
    'Revenue and tenure are confirmed: DIRECT-1 and DIRECT-2 held on `judgement.asOf`.',
    step({ judgement }),
  ),
  DirectBillApplicationInterviewScheduled: entry(
    'application',
    'The assessment interview is to take place on a day.',
    step(),
  ),
  DirectBillApplicationCapabilitiesAssessed: entry(
    'application',
    'A third party has assessed the five capabilities.',
    step({
      billing: result,
      provisioning: result,
      customerSupport: result,
      compliance: result,
      security: result,
      assessor: text,
    }),
  ),
  DirectBillApplicationApproved: entry(
    'application',
    "Every DIRECT rule held on `judgement.asOf`: the authorization begins on `from`, in the partner's own stream.",
    step({ from: date, evidence: text, judgement }),
  ),
  DirectBillApplicationDeclined: entry('application', 'The application is declined.', step()),
  DirectBillApplicationWithdrawn: entry(
    'application',
    'The partner has withdrawn it before it was decided.',
    step(),
  ),
};
