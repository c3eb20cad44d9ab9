import type { DirectBillApplicationEvent } from '../../domain/direct-bill/application.js';
import {
  directBillReasons,
  directBillRuleIds,
} from '../../domain/direct-bill/direct-bill-reasons.js';
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
    'A partner applied for direct billing. The review of its revenue and tenure began.',
    step({ applicationId: uuid, partnerId }),
  ),
  DirectBillApplicationInformationRequested: entry(
    'application',
    'The review requested more information.',
    step(),
  ),
  DirectBillApplicationInformationProvided: entry(
    'application',
    'The partner provided the information. The review continues.',
    step(),
  ),
  DirectBillApplicationQualificationConfirmed: entry(
    'application',
    'Revenue and tenure were confirmed: DIRECT-1 and DIRECT-2 passed on `judgement.asOf`.',
    step({ judgement }),
  ),
  DirectBillApplicationInterviewScheduled: entry(
    'application',
    'The assessment interview was scheduled for a day.',
    step(),
  ),
  DirectBillApplicationCapabilitiesAssessed: entry(
    'application',
    'A third party assessed the five capabilities.',
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
    "Every DIRECT rule passed on `judgement.asOf`. The authorization begins on `from`, in the partner's own stream.",
    step({ from: date, evidence: text, judgement }),
  ),
  DirectBillApplicationDeclined: entry('application', 'The application was declined.', step()),
  DirectBillApplicationWithdrawn: entry(
    'application',
    'The partner withdrew the application before the decision.',
    step(),
  ),
};
