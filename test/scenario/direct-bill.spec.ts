// Longer than 300 lines: an application from its first step to the re-checks of later years, over
// HTTP
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { backendOf } from '../support/backend.js';
import { addDays, monthOf } from '../support/calendar.js';
import type { Loose, OrderAnswer } from '../support/answers.js';
import type { Answer, Client } from '../support/client.js';
import { sekisho } from '../support/command-line.js';
import { priceList } from '../support/price-lists.js';
import { Service } from '../support/service.js';
import { wholeLog } from '../support/whole-log.js';
import { orderOf, World } from '../support/world.js';

/** Direct-bill applications and authorizations over HTTP, on a log with a manual clock. */
const passed = {
  billing: 'passed',
  provisioning: 'passed',
  customerSupport: 'passed',
  compliance: 'passed',
  security: 'passed',
};
const code = ({ status, body }: Answer<Loose>): readonly [number, string] => [
  status,
  String(body['type']).replace('/problems/', ''),
];

let service: Service;
let operator: Client;
let world: World;
let day: string;
let providerId: string;

const tick = async (on: string): Promise<void> => {
  const answer = await operator.post('/v1/clock/ticks', { on });
  if (answer.status >= 300) throw new Error(answer.text);
};
const yearsLater = (date: string, years: number): string =>
  `${Number(date.slice(0, 4)) + years}${date.slice(4)}`;

/** A reseller that meets every requirement except the listed ones. */
async function applicant(
  ...without: readonly ('revenue' | 'support' | 'service' | 'tenure')[]
): Promise<string> {
  const partnerId = await world.partner('indirect-reseller');
  await world.equip(partnerId);
  await world.fact(partnerId, 'provider-relationships', {
    providerId,
    ...(without.includes('tenure') && { from: addDays(day, -300) }),
  });
  if (!without.includes('support'))
    await world.fact(partnerId, 'support-plans', { plan: 'premier' });
  if (!without.includes('service'))
    await world.fact(partnerId, 'services', { kind: 'managed-service', name: 'Backup' });
  if (!without.includes('revenue')) await sells(partnerId, '300000.00', addDays(day, -10));
  return partnerId;
}

async function sells(
  partnerId: string,
  amount: string,
  recognizedOn: string,
  soldAs = 'indirect-reseller',
): Promise<void> {
  const entry = {
    partnerId,
    tenantId: randomUUID(),
    amount: { amount, currency: 'USD' },
    recognizedOn,
    family: 'cloud',
    soldAs,
  };
  const answer = await operator.post(
    '/v1/revenue',
    { ...entry, source: 'test', reference: randomUUID() },
    { key: randomUUID() },
  );
  if (answer.status !== 201) throw new Error(answer.text);
}

async function submits(partnerId: string): Promise<string> {
  const { status, body, headers } = await operator.post(
    `/v1/partners/${partnerId}/direct-bill-applications`,
  );
  expect([status, body['status']]).toEqual([201, 'submitted']);
  expect(headers.get('location')).toBe(
    `/v1/direct-bill-applications/${String(body['applicationId'])}`,
  );
  return String(body['applicationId']);
}
const step = (
  application: string,
  name: string,
  body?: object,
  options = {},
): Promise<Answer<Loose>> =>
  operator.post(`/v1/direct-bill-applications/${application}/${name}`, body, options);
const assessed = (on = day, results: object = {}) => ({
  ...passed,
  ...results,
  assessor: 'Audit KK',
  on,
});

async function take(
  application: string,
  ...steps: readonly (readonly [string, object?])[]
): Promise<void> {
  for (const [name, body] of steps)
    expect([name, (await step(application, name, body)).status]).toEqual([name, 201]);
}
const road = (): readonly (readonly [string, object?])[] => [
  ['revenue-confirmation'],
  ['interview', { on: addDays(day, 7) }],
  ['assessment', assessed()],
];

const authorizations = async (partnerId: string): Promise<readonly Loose[]> =>
  (await operator.get(`/v1/partners/${partnerId}`)).body[
    'directBillAuthorization'
  ] as readonly Loose[];

/** Processes follow the log asynchronously: tests wait until the expected state is there. */
async function eventually<Value>(read: () => Promise<Value>, expected: unknown): Promise<void> {
  const until = Date.now() + 10_000;
  while (Date.now() < until && JSON.stringify(await read()) !== JSON.stringify(expected))
    await new Promise((next) => setTimeout(next, 50));
  expect(await read()).toEqual(expected);
}

beforeAll(async () => {
  service = await Service.start({ env: { CLOCK: 'manual' } });
  operator = service.as('operator');
  day = addDays(
    `${monthOf(addDays(`${monthOf(new Date().toISOString().slice(0, 10))}-28`, 40))}-01`,
    4,
  );
  world = new World(operator, day);
  await tick(day);
  providerId = await world.provider();
}, 90_000);
afterAll(async () => {
  await service.stop();
  service.remove();
});

describe('the application', () => {
  it('takes its steps in a fixed order and refuses any other', async () => {
    const application = await submits(await applicant());
    const refused = async (...names: readonly string[]): Promise<void> => {
      for (const name of names) {
        const answer = await step(
          application,
          name,
          name === 'assessment' ? assessed() : undefined,
        );
        expect([name, ...code(answer)]).toEqual([name, 422, 'application-step-out-of-order']);
      }
    };
    await refused('information', 'interview', 'assessment', 'approval', 'decline');
    await take(application, ['information-requests', { note: 'invoices of October' }]);
    await refused(
      'information-requests',
      'revenue-confirmation',
      'interview',
      'assessment',
      'approval',
      'decline',
    );
    await take(
      application,
      ['information'],
      ['information-requests'],
      ['information'],
      ['revenue-confirmation'],
    );
    await refused(
      'information-requests',
      'information',
      'revenue-confirmation',
      'assessment',
      'approval',
      'decline',
    );
    await take(application, ['interview', { on: addDays(day, 30) }]);
    await refused('revenue-confirmation', 'interview', 'approval', 'decline');
    await take(application, ['assessment', assessed()], ['decline', { reason: 'too early' }]);
    await refused(
      'information-requests',
      'information',
      'revenue-confirmation',
      'interview',
      'assessment',
      'approval',
      'decline',
      'withdrawal',
    );
    const { body } = await operator.get(`/v1/direct-bill-applications/${application}`);
    expect(body).toMatchObject({ status: 'declined', possibleSteps: [], steps: { length: 9 } });
  });

  it('can be withdrawn at every step before the decision', async () => {
    const partnerId = await applicant();
    for (let count = 0; count <= 3; count += 1) {
      const application = await submits(partnerId);
      await take(application, ...road().slice(0, count), ['withdrawal', { reason: 'not now' }]);
      expect(code(await step(application, 'withdrawal'))).toEqual([
        422,
        'application-step-out-of-order',
      ]);
    }
    const { body } = await operator.get(`/v1/partners/${partnerId}/direct-bill-applications`);
    expect((body['items'] as Loose[]).map(({ status }) => status)).toEqual([
      'withdrawn',
      'withdrawn',
      'withdrawn',
      'withdrawn',
    ]);
  });

  it('is not confirmed without enough revenue or tenure, and says in the reader’s language what is missing', async () => {
    const application = await submits(await applicant('revenue', 'tenure'));
    const answer = await step(application, 'revenue-confirmation', undefined, { language: 'ja' });
    expect(code(answer)).toEqual([422, 'direct-bill-not-eligible']);
    expect(answer.body).toMatchObject({
      status: 422,
      reasons: ['trailing-revenue-below-threshold', 'tenure-too-short'],
    });
    const [revenue] = answer.body['checks'] as Loose[];
    expect(revenue).toMatchObject({
      rule: 'DIRECT-1',
      outcome: 'fail',
      facts: { total: '0.00', shortfall: '300000.00' },
    });
    expect(revenue!['message']).toContain('不足額 300000.00 USD');
  });

  it('is not approved while a rule fails, and is approved once the cause is fixed', async () => {
    const partnerId = await applicant('support', 'service');
    const application = await submits(partnerId);
    await take(application, ...road());
    const refused = await step(application, 'approval');
    expect(refused.body).toMatchObject({
      status: 422,
      reasons: ['support-plan-inactive', 'service-missing'],
      checks: { length: 7 },
    });
    await world.fact(partnerId, 'support-plans', { plan: 'advanced' });
    await world.fact(partnerId, 'services', { kind: 'ip-service', name: 'Monitoring' });
    await take(application, ['approval']);
  });

  it('uses the last assessment, whichever application it belongs to', async () => {
    const partnerId = await applicant();
    const [first, second] = [await submits(partnerId), await submits(partnerId)];
    await take(first, ...road().slice(0, 2), ['assessment', assessed(day, { security: 'failed' })]);
    expect((await step(first, 'approval')).body).toMatchObject({ reasons: ['capability-failed'] });
    await take(second, ...road());
    await take(first, ['approval']);
  });

  it('repeats its answer for a key, checks If-Match and answers 404 for an unknown application', async () => {
    const partnerId = await applicant();
    const key = randomUUID();
    const submit = () =>
      operator.post(`/v1/partners/${partnerId}/direct-bill-applications`, {}, { key });
    const [once, again] = [await submit(), await submit()];
    expect([again.status, again.replayed, again.body]).toEqual([201, true, once.body]);
    const application = String(once.body['applicationId']);
    const read = await operator.get(
      `/v1/direct-bill-applications/${application}?minPosition=${once.position}`,
    );
    expect([read.body, read.headers.get('etag')]).toEqual([once.body, '"0"']);
    expect((await step(application, 'information-requests', {}, { ifMatch: '"4"' })).status).toBe(
      412,
    );
    expect(
      (await step(application, 'information-requests', {}, { ifMatch: '"0"' })).headers.get('etag'),
    ).toBe('"1"');
    for (const [answer, problem] of [
      [await step(randomUUID(), 'withdrawal'), 'application-unknown'],
      [await operator.get(`/v1/direct-bill-applications/${randomUUID()}`), 'application-unknown'],
      [await operator.post('/v1/partners/nobody/direct-bill-applications'), 'partner-unknown'],
    ] as const)
      expect(code(answer)).toEqual([404, problem]);
    for (const body of [
      { ...assessed(), billing: 'yes' },
      { ...passed, on: day },
      { ...assessed(), on: addDays(day, 3) },
      { ...assessed(), score: 1 },
    ])
      expect([400, 422]).toContain((await step(application, 'assessment', body)).status);
    expect((await step(application, 'withdrawal', { on: addDays(day, 3) })).status).toBe(400);
    expect(
      (await service.as('auditor').post(`/v1/direct-bill-applications/${application}/withdrawal`))
        .status,
    ).toBe(403);
    expect(
      (await service.as('reporting').get(`/v1/direct-bill-applications/${application}`)).status,
    ).toBe(200);
  });
});

describe('the approval', () => {
  it('starts the authorization that SELLER-5 requires, and is readable at once', async () => {
    const partnerId = await applicant();
    await world.say('POST', `/v1/partners/${partnerId}/models`, {
      model: 'direct-bill',
      from: day,
    });
    const tenantId = await world.readyCustomer();
    await operator.put(
      `/v1/price-lists/JP/${monthOf(day)}`,
      priceList('JP', 'JPY', [{ ProductId: 'BASIC' }]),
    );
    const order = async (): Promise<readonly [number, unknown]> => {
      const { status, body } = await operator.order<OrderAnswer>(orderOf(partnerId, tenantId));
      return [status, status === 201 ? undefined : body.reasons];
    };
    expect(await order()).toEqual([422, ['direct-bill-not-authorized']]);
    // It sold as a reseller until yesterday, and today its tenure is interrupted: it becomes a
    // reseller again to apply.
    await world.say('POST', `/v1/partners/${partnerId}/models`, {
      model: 'indirect-reseller',
      from: day,
    });
    const application = await submits(partnerId);
    await take(application, ...road());
    const key = randomUUID();
    const approve = () =>
      step(application, 'approval', { evidence: 'letter of approval' }, { key });
    const approved = await approve();
    expect(approved.body).toMatchObject({
      status: 'approved',
      authorization: { from: day, evidence: 'letter of approval' },
    });
    expect(await authorizations(partnerId)).toEqual([{ status: 'authorized', from: day }]);
    const [started] = (await wholeLog(operator, `&stream=partner-${partnerId}`)).slice(-1);
    expect([started?.type, started?.position, started?.metadata.actor]).toEqual([
      'DirectBillAuthorizationStarted',
      approved.position,
      'process:direct-bill-approval',
    ]);
    await world.say('POST', `/v1/partners/${partnerId}/models`, {
      model: 'direct-bill',
      from: day,
    });
    expect(await order()).toEqual([201, undefined]);
    expect([(await approve()).replayed, (await authorizations(partnerId)).length]).toEqual([
      true,
      1,
    ]);
  });
});

describe('the yearly re-check', () => {
  it('restricts on the anniversary, suspends and revokes on the exact days, and stops when the cause is fixed', async () => {
    const [short, whole, fixed] = [await applicant(), await applicant(), await applicant()];
    for (const partnerId of [short, whole, fixed]) {
      const application = await submits(partnerId);
      await take(application, ...road(), ['approval']);
    }
    await world.say('PUT', `/v1/policies/${day}`, { assessmentValidMonths: 120 });
    const anniversary = yearsLater(day, 1);
    await tick(addDays(anniversary, -1));
    await sells(whole, '300000.00', addDays(anniversary, -2), 'direct-bill');
    await tick(anniversary);
    const restricted = [
      { status: 'authorized', from: day },
      { status: 'restricted', from: anniversary },
    ];
    await eventually(() => authorizations(short), restricted);
    await eventually(() => authorizations(fixed), restricted);
    expect(await authorizations(whole)).toEqual(restricted.slice(0, 1));

    await tick(addDays(anniversary, 29));
    await sells(fixed, '300000.00', addDays(anniversary, 20), 'direct-bill');
    await tick(addDays(anniversary, 100));
    const ends = [
      { status: 'suspended', from: addDays(anniversary, 30) },
      { status: 'revoked', from: addDays(anniversary, 60) },
    ];
    await eventually(() => authorizations(short), [...restricted, ...ends]);
    // After the cause is fixed, the authorization stays restricted until an operator restores it.
    expect(await authorizations(fixed)).toEqual(restricted);

    const reasons = (await wholeLog(operator, `&stream=partner-${short}`)).filter(({ type }) =>
      /Restricted|Suspended|Revoked/.test(type),
    );
    for (const { data, metadata } of reasons) {
      expect(data['reason']).toBe('yearly re-check: trailing-revenue-below-threshold');
      expect(metadata.actor).toBe('process:direct-bill-re-check');
    }
  }, 60_000);

  it('takes all missed days in order when the service was stopped', async () => {
    const partnerId = await applicant('revenue');
    const from = addDays(yearsLater(day, 1), 101);
    await tick(from);
    await world.say('POST', `/v1/partners/${partnerId}/direct-bill-authorization`, {
      from,
      evidence: 'letter',
    });
    await world.say('POST', `/v1/partners/${partnerId}/models`, { model: 'direct-bill', from });
    await service.stop();
    const anniversary = yearsLater(from, 1);
    const { dataDir } = service;
    const env = await backendOf(dataDir);
    expect((await sekisho(['tick', '--on', anniversary], { dataDir, env })).code).toBe(0);
    // No service runs here, so that no other process projects or takes the day: the command does both before
    // it judges.
    const input = JSON.stringify(orderOf(partnerId, randomUUID()));
    const checked = await sekisho(['order', 'check', '-', '--json'], { dataDir, env, input });
    expect([
      checked.code,
      checked.stderr,
      checked.stdout.includes('direct-bill-restricted'),
    ]).toEqual([1, '', true]);

    expect((await sekisho(['tick', '--on', addDays(anniversary, 61)], { dataDir, env })).code).toBe(
      0,
    );
    service = await Service.start({ dataDir });
    operator = service.as('operator');
    await eventually(
      () => authorizations(partnerId),
      [
        { status: 'authorized', from },
        { status: 'restricted', from: anniversary },
        { status: 'suspended', from: addDays(anniversary, 30) },
        { status: 'revoked', from: addDays(anniversary, 60) },
      ],
    );
  }, 60_000);

  it('comes before the next orders, checks and operator commands after a tick', async () => {
    // Both partners have been authorized since 1 January 2020. Days before the first record have no
    // effect.
    const anniversary = `${Number(day.slice(0, 4)) + 4}-01-01`;
    await tick(addDays(anniversary, -1));
    world = new World(operator, day);
    const [one, other] = [await world.directBill(), await world.directBill()];
    const tenantId = await world.readyCustomer();
    const reasonsOf = async (path: string, partnerId: string): Promise<readonly string[]> => {
      const { body } = await operator.post<Loose>(path, orderOf(partnerId, tenantId), {
        key: randomUUID(),
      });
      const { checks } = (body['decision'] ?? {}) as { checks: readonly { reason?: string }[] };
      return checks.flatMap(({ reason = '' }) =>
        reason.startsWith('direct-bill') ? [reason] : [],
      );
    };
    expect(await reasonsOf('/v1/orders', one)).toEqual([]);
    await tick(anniversary);
    const asked = [
      reasonsOf('/v1/orders', one),
      reasonsOf('/v1/eligibility-checks', one),
      reasonsOf('/v1/orders', other),
    ];
    expect(await Promise.all(asked)).toEqual(Array.from(asked, () => ['direct-bill-restricted']));

    await tick(addDays(anniversary, 30));
    await world.say('POST', `/v1/partners/${one}/direct-bill-authorization/restoration`, {
      on: addDays(anniversary, 30),
      reason: 'whole again',
    });
    expect((await authorizations(one)).map(({ status }) => status)).toEqual([
      'authorized',
      'restricted',
      'suspended',
      'authorized',
    ]);
  }, 60_000);
});
