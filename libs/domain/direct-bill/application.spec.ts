import { describe, expect, it } from '@jest/globals';
import { applicationId, partnerId } from '../shared/ids.js';
import { Story } from '../shared/testing/story.js';
// prettier-ignore
import { type ApplicationStatus, type DirectBillApplication, type DirectBillApplicationEvent, evolveApplication, unknownApplication } from './application.js';
import {
  type ApplicationCommand,
  type ApplicationRefusal,
  decideApplication,
} from './application.decide.js';
import { judgeDirectBill } from './direct-bill-rules.js';
import type { DirectBillFacts } from './direct-bill-rule.js';
import { eligible, today } from '../qualification/testing/eligible-partner.js';

const id = applicationId('2f1d3a7e-0c3b-5d0e-9a51-1c9b1f6f7a10');
const passed = {
  billing: 'passed',
  provisioning: 'passed',
  customerSupport: 'passed',
  compliance: 'passed',
  security: 'passed',
} as const;

const steps = {
  submit: { type: 'submit', partnerId: partnerId('kansai'), details: {} },
  request: { type: 'request-information', details: { note: 'invoices' } },
  provide: { type: 'provide-information', details: {} },
  confirm: { type: 'confirm-qualification', details: {} },
  interview: { type: 'schedule-interview', details: { on: '2027-01-15' } },
  assess: {
    type: 'assess-capabilities',
    details: { on: today },
    results: passed,
    assessor: 'Audit KK',
  },
  approve: { type: 'approve', details: {} },
  decline: { type: 'decline', details: { reason: 'too small' } },
  withdraw: { type: 'withdraw', details: {} },
} as const satisfies Record<string, ApplicationCommand>;
type StepName = keyof typeof steps;

const application = (...taken: readonly StepName[]) => applicationOf(eligible, ...taken);
function applicationOf(facts: DirectBillFacts, ...taken: readonly StepName[]) {
  const decide = (command: ApplicationCommand, state: DirectBillApplication) =>
    decideApplication(command, state, {
      today,
      latestToday: '2026-11-23',
      partnerIsRegistered: facts.partner.registration !== undefined,
      judge: () => ({
        ...judgeDirectBill(facts, 'entry'),
        asOf: today,
        occasion: 'entry',
        policy: 0,
        reads: [],
      }),
    });
  const story = new Story<
    DirectBillApplication,
    DirectBillApplicationEvent,
    ApplicationCommand,
    ApplicationRefusal
  >(unknownApplication(id), evolveApplication, decide);
  for (const step of taken) story.does(steps[step]);
  return story;
}

const path: readonly StepName[] = ['submit', 'confirm', 'interview', 'assess', 'approve'];
const possible: readonly [ApplicationStatus, readonly StepName[], readonly StepName[]][] = [
  ['submitted', ['submit'], ['request', 'confirm', 'withdraw']],
  ['information-requested', ['submit', 'request'], ['provide', 'withdraw']],
  ['information-provided', ['submit', 'request', 'provide'], ['request', 'confirm', 'withdraw']],
  ['qualification-confirmed', path.slice(0, 2), ['interview', 'withdraw']],
  ['interview-scheduled', path.slice(0, 3), ['assess', 'withdraw']],
  ['capabilities-assessed', path.slice(0, 4), ['approve', 'decline', 'withdraw']],
  ['approved', path, []],
  ['declined', [...path.slice(0, 4), 'decline'], []],
  ['withdrawn', ['submit', 'withdraw'], []],
];

describe('an application', () => {
  it.each(possible)('once %s takes the next step and no other', (status, taken, next) => {
    const story = application(...taken);
    expect(story.state.status).toBe(status);
    expect(story.state.steps.map(({ proof }) => proof.revision)).toEqual(
      taken.map((_step, index) => index),
    );
    for (const step of Object.keys(steps) as StepName[]) {
      const result = story.asks(steps[step]);
      if (next.includes(step)) expect(result).toMatchObject({ ok: true });
      else
        expect(result).toMatchObject({
          refusal: {
            code: 'application-step-out-of-order',
            applicationStatus: status,
            possibleSteps: next.map(typeOf),
          },
        });
    }
  });
  const typeOf = (step: StepName) => steps[step].type;

  it('is unknown before it is submitted', () => {
    for (const step of Object.keys(steps) as StepName[]) {
      if (step !== 'submit')
        expect(application().asks(steps[step])).toEqual({
          ok: false,
          refusal: { code: 'application-unknown' },
        });
    }
  });

  it('needs a registered partner', () => {
    const { registration: _none, ...partner } = eligible.partner;
    expect(applicationOf({ ...eligible, partner }).asks(steps.submit)).toEqual({
      ok: false,
      refusal: { code: 'partner-unknown' },
    });
  });

  it('is confirmed by revenue and tenure alone, whether the other rules pass or not', () => {
    const short = { ...eligible, revenue: [] };
    expect(applicationOf(short, 'submit').asks(steps.confirm)).toMatchObject({
      refusal: {
        code: 'direct-bill-not-eligible',
        reasons: ['trailing-revenue-below-threshold'],
        checks: [
          { rule: 'DIRECT-1', outcome: 'fail' },
          { rule: 'DIRECT-2', outcome: 'pass' },
        ],
      },
    });
    const unassessed = applicationOf({ ...eligible, assessments: [] }, 'submit');
    expect(unassessed.asks(steps.confirm)).toMatchObject({
      ok: true,
      value: [{ data: { judgement: { checks: [{}, {}] } } }],
    });
  });

  it('is not approved while any rule fails', () => {
    const story = applicationOf({ ...eligible, assessments: [] }, ...path.slice(0, 4));
    expect(story.asks(steps.approve)).toMatchObject({
      refusal: { reasons: ['capability-not-assessed'], checks: { length: 7 } },
    });
    expect(story.asks(steps.decline)).toMatchObject({ ok: true });
  });

  it('records the first day of the authorization and its evidence when approved', () => {
    const [event] = (
      application(...path.slice(0, 4)).asks(steps.approve) as { value: readonly { data: object }[] }
    ).value;
    expect(event?.data).toMatchObject({
      on: today,
      from: today,
      evidence: `direct-bill application ${id}`,
      judgement: { asOf: today },
    });
    const stated = application(...path.slice(0, 4)).asks({
      ...steps.approve,
      from: '2026-12-01',
      evidence: 'letter',
    });
    expect(stated).toMatchObject({ value: [{ data: { from: '2026-12-01', evidence: 'letter' } }] });
  });

  it.each([
    [
      'a step dated today somewhere on earth',
      { ...steps.request, details: { on: '2026-11-23' } },
      undefined,
    ],
    [
      'a step dated on a day that has begun nowhere',
      { ...steps.request, details: { on: '2026-11-24' } },
      '/on',
    ],
  ])('%s', (_what, command, path) => {
    const result = application('submit').asks(command);
    expect(result.ok ? undefined : result.refusal).toEqual(
      path && expect.objectContaining({ code: 'malformed', path, rule: 'range' }),
    );
  });

  it('is not approved for days that have passed', () => {
    const asked = application(...path.slice(0, 4)).asks({ ...steps.approve, from: '2026-11-21' });
    expect(asked).toEqual({
      ok: false,
      refusal: {
        code: 'malformed',
        path: '/from',
        rule: 'range',
        expected: '2026-11-22',
        bound: 'min',
      },
    });
  });
});
