import { TakeApplicationStep } from '../../../libs/application/direct-bill/application.commands.js';
import { ChangePartner } from '../../../libs/application/partners/partner.commands.js';
import type { ApplicationCommand } from '../../../libs/domain/direct-bill/application.decide.js';
import type { PartnerCommand } from '../../../libs/domain/partner/partner.decide.js';
import { partnerId } from '../../../libs/domain/shared/ids.js';
import { applicationIdOf } from '../../../libs/event-log/identity.js';
import { dayOf } from './months.js';
import { demoCommandId, type DemoStep, step } from './step.js';

/**
 * Tenure and applications for direct billing. Their dates depend on the demonstration's first
 * month.
 */
export const qualificationSteps = (firstMonth: string): readonly DemoStep[] => [
  ...interruptedTenure(firstMonth),
  ...firstApplication(firstMonth),
  ...reassessment(firstMonth),
];

/** It had no provider for a month, so its tenure began again. */
export const interruptedPartner = 'hokuto-it';
export const interruption = (
  firstMonth: string,
): { readonly on: string; readonly resumed: string } => ({
  on: dayOf(firstMonth, -6, 1),
  resumed: dayOf(firstMonth, -5, 1),
});

function interruptedTenure(firstMonth: string): readonly DemoStep[] {
  const id = partnerId(interruptedPartner);
  const providerId = partnerId('kaname-distribution');
  const { on, resumed } = interruption(firstMonth);
  const change = (name: string, command: PartnerCommand): DemoStep =>
    step(`partner/${id}/${name}`, (context) => new ChangePartner(context, id, command));
  return [
    change('provider-end', {
      type: 'end-fact',
      kind: 'providerRelationship',
      providerId,
      on,
      reason: 'the contract was not renewed',
    }),
    change('provider-again', {
      type: 'start-fact',
      fact: { kind: 'providerRelationship', value: { providerId, from: resumed } },
    }),
  ];
}

/**
 * The partner above the threshold has applied for direct billing; its next step is the interview.
 */
const firstApplication = (firstMonth: string): readonly DemoStep[] =>
  application('sakura-systems', firstMonth, ({ submit, take, on }) => [
    submit(on(-1, 4)),
    take('question', {
      type: 'request-information',
      details: { on: on(-1, 11), note: 'Which of the entries were sold through the distributor?' },
    }),
    take('answer', {
      type: 'provide-information',
      details: { on: on(-1, 18), note: 'A list by order was handed in.' },
    }),
    take('confirmation', { type: 'confirm-qualification', details: { on: on(-1, 25) } }),
    take('interview', { type: 'schedule-interview', details: { on: on(1, 12) } }),
  ]);

/**
 * The capabilities of a direct-bill partner have been assessed again, as the yearly check requires.
 */
const reassessment = (firstMonth: string): readonly DemoStep[] =>
  application('cascade-cloud', firstMonth, ({ submit, take, on }) => [
    submit(on(-2, 3)),
    take('confirmation', { type: 'confirm-qualification', details: { on: on(-2, 17) } }),
    take('interview', { type: 'schedule-interview', details: { on: on(-1, 7) } }),
    take('assessment', {
      type: 'assess-capabilities',
      details: { on: on(-1, 21) },
      results: {
        billing: 'passed',
        provisioning: 'passed',
        customerSupport: 'passed',
        compliance: 'passed',
        security: 'passed',
      },
      assessor: 'Rainier Assurance, LLP',
    }),
  ]);

interface ApplicationSteps {
  readonly submit: (on: string) => DemoStep;
  readonly take: (name: string, step: ApplicationCommand) => DemoStep;
  /** A day of a month, counted from the demonstration's first month. */
  readonly on: (months: number, day: number) => string;
}

function application(
  partner: string,
  firstMonth: string,
  steps: (of: ApplicationSteps) => readonly DemoStep[],
): readonly DemoStep[] {
  const submission = `application/${partner}`;
  const applicationId = applicationIdOf(demoCommandId(submission));
  const taking = (key: string, taken: ApplicationCommand): DemoStep =>
    step(key, (context) => new TakeApplicationStep(context, applicationId, taken));
  return steps({
    submit: (on) =>
      taking(submission, { type: 'submit', partnerId: partnerId(partner), details: { on } }),
    take: (name, taken) => taking(`${submission}/${name}`, taken),
    on: (months, day) => dayOf(firstMonth, months, day),
  });
}
