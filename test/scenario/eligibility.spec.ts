// Longer than 300 lines: three reads in two times, over one service
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Check, Decision, Loose, Problem } from '../support/answers.js';
import { addDays, monthOf, stillNoon } from '../support/calendar.js';
import type { Client } from '../support/client.js';
import { priceList } from '../support/price-lists.js';
import { Service } from '../support/service.js';
import { orderOf, World } from '../support/world.js';

/**
 * Tenure, direct-bill eligibility and customer eligibility at two times (`asOf` and `knownAt`), on
 * a log whose manual clock is at noon.
 */
const { date: today, instant } = stillNoon();
const inAYear = `${Number(today.slice(0, 4)) + 1}${today.slice(4)}`;

interface InTwoTimes {
  readonly asOf: string;
  readonly knownAt: string;
  readonly policyVersion: string;
}
interface Eligibility extends InTwoTimes {
  readonly eligible: boolean;
  readonly reasons: readonly string[];
  readonly checks: readonly Check[];
}
interface Tenure extends InTwoTimes {
  readonly status: string;
  readonly months: number;
  readonly since?: string;
  readonly satisfiedOn?: string;
  readonly interruptedOn?: string;
  readonly reason?: string;
}

const secret = (id: string): string => `${id}-${'s'.repeat(32)}`;
let folder: string;
let service: Service;
let operator: Client;
let clerk: Client;
let scoped: Client;
let world: World;
let provider: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-eligibility-'));
  const key = (id: string, more: object) => ({
    id,
    sha256: createHash('sha256').update(secret(id)).digest('hex'),
    ...more,
  });
  writeFileSync(
    join(folder, 'keys.json'),
    JSON.stringify({
      keys: [
        key('operator', { roles: ['operator'] }),
        key('clerk', { roles: ['order-entry'] }),
        key('scoped', { roles: ['order-entry', 'reporting'], partnerIds: ['own'] }),
      ],
    }),
  );
  service = await Service.start({
    env: { CLOCK: 'manual', API_KEYS_FILE: join(folder, 'keys.json') },
  });
  operator = service.withKey(secret('operator'));
  clerk = service.withKey(secret('clerk'));
  scoped = service.withKey(secret('scoped'));
  world = new World(operator, today);
  await world.say('POST', '/v1/clock/ticks', { on: today, at: instant });
  await world.say(
    'PUT',
    `/v1/price-lists/JP/${monthOf(today)}`,
    priceList('JP', 'JPY', [{ ProductId: 'BASIC' }]),
  );
  provider = await world.provider();
}, 90_000);
afterAll(async () => {
  await service.stop();
  service.remove();
  rmSync(folder, { recursive: true, force: true });
});

const queryOf = (query: Loose): string =>
  new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
/** The position of the last event, to read everything recorded so far. */
const head = async (): Promise<string> =>
  (
    await operator.put('/v1/customers/00000000-0000-4000-8000-000000000000', {
      legalName: 'Head',
      country: 'JP',
    })
  ).position;
const reads = async <Body>(path: string, query: Loose = {}, client = operator) =>
  client.get<Body>(`${path}?${queryOf({ minPosition: await head(), ...query })}`);
const eligibility = async (
  tenantId: string,
  query: Loose = {},
  client = operator,
): Promise<Eligibility> =>
  (await reads<Eligibility>(`/v1/customers/${tenantId}/eligibility`, query, client)).body;
const tenure = async (partnerId: string, query: Loose = {}): Promise<Tenure> =>
  (await reads<Tenure>(`/v1/partners/${partnerId}/tenure`, query)).body;
const directBill = async (partnerId: string, query: Loose = {}): Promise<Eligibility> =>
  (await reads<Eligibility>(`/v1/partners/${partnerId}/direct-bill-eligibility`, query)).body;
const reasonsOf = ({ checks }: Pick<Eligibility, 'checks'>): readonly string[] => [
  ...new Set(checks.flatMap(({ reason }) => reason ?? [])),
];

describe('eligibility of a customer', () => {
  let seller: string;
  beforeAll(async () => {
    seller = await world.reseller(provider);
  });

  it('is the gate’s verdict without the rules about a single order', async () => {
    const tenantId = await world.readyCustomer();
    for (const asOf of [today, addDays(today, -400), addDays(today, -1), inAYear]) {
      const { decision } = (
        await clerk.post<{ decision: Decision }>('/v1/eligibility-checks', {
          ...orderOf(seller, tenantId),
          asOf,
        })
      ).body;
      const read = await eligibility(tenantId, { partnerId: seller, asOf });
      expect(read.checks).toEqual(
        decision.checks.filter(({ rule }) => !/^(MARKET-2|OFFER-\d|CREDIT-1)$/.test(rule)),
      );
      expect(read).toMatchObject({
        tenantId,
        partnerId: seller,
        asOf,
        policyVersion: decision.policyVersion,
        ruleset: decision.ruleset,
      });
      expect(read.reasons).toEqual(reasonsOf(read));
      expect(read.eligible).toBe(read.reasons.length === 0);
    }
    expect((await eligibility(tenantId, { partnerId: seller })).eligible).toBe(true);
    expect((await eligibility(tenantId, { partnerId: seller, asOf: inAYear })).eligible).toBe(true);
  });

  it('covers the customer’s rules only when no seller is named', async () => {
    const { checks } = await eligibility(await world.readyCustomer());
    expect(checks.map(({ rule, outcome }) => `${rule} ${outcome}`)).toEqual([
      'MARKET-1 not-applicable',
      'CUSTOMER-1 pass',
      'AGREEMENT-1 pass',
      'TENANT-1 pass',
      'TENANT-2 pass',
    ]);
  });

  it('is answered for a tenant that is not a customer and for an unregistered seller', async () => {
    const tenantId = randomUUID();
    await world.observe(tenantId, true);
    const read = await eligibility(tenantId, { partnerId: 'nobody' });
    expect(reasonsOf(read)).toEqual([
      'seller-unknown',
      'customer-unknown',
      'tenant-csp-associated',
    ]);
  });

  it('names the provider that it was checked for', async () => {
    const other = await world.provider();
    const both = await world.reseller(provider);
    await world.fact(both, 'provider-relationships', { providerId: other });
    const tenantId = await world.readyCustomer();
    expect(reasonsOf(await eligibility(tenantId, { partnerId: both }))).toEqual([
      'provider-ambiguous',
    ]);
    expect(await eligibility(tenantId, { partnerId: both, providerId: other })).toMatchObject({
      eligible: true,
      providerId: other,
    });
  });

  it('repeats an earlier answer by its position, despite later statements and corrections', async () => {
    const tenantId = await world.readyCustomer();
    const knownAt = await head();
    const before = await eligibility(tenantId, { partnerId: seller, asOf: today, knownAt });
    expect(before.eligible).toBe(true);
    await world.withdraw(tenantId);
    await world.observe(tenantId, true);
    expect(await eligibility(tenantId, { partnerId: seller, asOf: today, knownAt })).toEqual(
      before,
    );
    expect(reasonsOf(await eligibility(tenantId, { partnerId: seller }))).toEqual([
      'agreement-withdrawn',
      'tenant-csp-associated',
    ]);
    // Known now: the agreement held until the day before the withdrawal.
    expect(
      reasonsOf(await eligibility(tenantId, { partnerId: seller, asOf: addDays(today, -1) })),
    ).not.toContain('agreement-withdrawn');
    expect(reasonsOf(await eligibility(tenantId, { partnerId: seller, knownAt: '0' }))).toEqual([
      'seller-unknown',
      'customer-unknown',
      'tenant-association-unverified',
    ]);
  });

  it('is in the reader’s language', async () => {
    const path = `/v1/customers/${randomUUID()}/eligibility`;
    const texts = await Promise.all(
      ['en', 'ja'].map(
        async (language) =>
          (await operator.get<Eligibility>(path, { language })).body.checks.find(
            ({ rule }) => rule === 'CUSTOMER-1',
          )?.message,
      ),
    );
    expect(new Set(texts).size).toBe(2);
    expect(texts[1]).toMatch(/[ぁ-ん]/);
  });

  it('is readable by every role; a scoped key gets 404 for a customer outside its scope', async () => {
    await world.say('PUT', '/v1/partners/own', {
      legalName: 'Own',
      country: 'JP',
      model: 'indirect-reseller',
    });
    const stranger = await world.readyCustomer();
    expect((await clerk.get(`/v1/customers/${stranger}/eligibility`)).status).toBe(200);
    for (const query of ['', '?partnerId=own', `?partnerId=${seller}`])
      expect((await scoped.get(`/v1/customers/${stranger}/eligibility${query}`)).status).toBe(404);
    await world.say('POST', `/v1/customers/${stranger}/partner-relationships`, {
      partnerId: 'own',
      from: today,
    });
    const open = await eligibility(stranger, { partnerId: 'own' }, scoped);
    expect(open.checks.find(({ rule }) => rule === 'AGREEMENT-1')?.evidence).toHaveLength(1);
    expect((await eligibility(stranger, {}, scoped)).checks).toHaveLength(5);
  });
});

describe('tenure', () => {
  it('has not started for a partner without a relationship', async () => {
    expect(await tenure(await world.partner('indirect-reseller'))).toMatchObject({
      status: 'not-started',
      months: 0,
    });
  });

  it('accrues until its months have passed, clamped to the month’s last day, and is interrupted by an end', async () => {
    const partnerId = await world.partner('indirect-reseller');
    await world.fact(partnerId, 'memberships', { from: '2023-01-31' });
    await world.fact(partnerId, 'provider-relationships', {
      providerId: provider,
      from: '2020-01-01',
    });
    const on = (asOf: string) => tenure(partnerId, { asOf });
    expect(await on('2023-01-30')).toMatchObject({
      status: 'not-started',
      months: 0,
      asOf: '2023-01-30',
    });
    expect(await on('2023-02-27')).toMatchObject({
      status: 'accruing',
      months: 0,
      since: '2023-01-31',
      satisfiedOn: '2024-01-31',
    });
    expect(await on('2023-02-28')).toMatchObject({ status: 'accruing', months: 1 });
    expect(await on('2024-01-30')).toMatchObject({ status: 'accruing', months: 11 });
    expect(await on('2024-01-31')).toMatchObject({ status: 'satisfied', months: 12 });
    expect(await on('2025-06-30')).toMatchObject({ status: 'satisfied', months: 29 });

    const known = await head();
    await world.say('POST', `/v1/partners/${partnerId}/provider-relationships/${provider}/end`, {
      on: '2025-03-01',
      reason: 'moved',
    });
    expect(await on('2025-02-28')).toMatchObject({ status: 'satisfied', months: 25 });
    expect(await on('2025-03-01')).toMatchObject({
      status: 'interrupted',
      months: 0,
      interruptedOn: '2025-03-01',
      reason: 'provider-relationship',
    });
    expect(await tenure(partnerId, { asOf: '2025-03-01', knownAt: known })).toMatchObject({
      status: 'satisfied',
      months: 25,
      knownAt: known,
    });
  });

  it('changes by a back-dated correction of the provider, but not as known before the correction', async () => {
    const late = await world.partner('indirect-provider');
    const factId = await world.fact(late, 'provider-authorization', { from: '2025-06-01' });
    const partnerId = await world.reseller(late);
    const known = await head();
    await world.say('POST', `/v1/partners/${late}/provider-authorization/correction`, {
      factId,
      reason: 'mistyped',
      value: { from: '2021-06-01' },
    });
    expect(await tenure(partnerId, { asOf: '2025-07-01', knownAt: known })).toMatchObject({
      status: 'accruing',
      since: '2025-06-01',
      months: 1,
    });
    expect(await tenure(partnerId, { asOf: '2025-07-01' })).toMatchObject({
      status: 'satisfied',
      since: '2021-06-01',
      months: 49,
    });
  });

  it('answers 404 for a partner that was not registered then or is outside the scope, and 403 to order entry', async () => {
    const partnerId = await world.reseller(provider);
    const status = async (path: string, client = operator): Promise<number> =>
      (await client.get(path)).status;
    for (const what of ['tenure', 'direct-bill-eligibility']) {
      expect(await status(`/v1/partners/nobody/${what}`)).toBe(404);
      expect(await status(`/v1/partners/${partnerId}/${what}?knownAt=0`)).toBe(404);
      expect(await status(`/v1/partners/${partnerId}/${what}`, scoped)).toBe(404);
      expect(await status(`/v1/partners/${partnerId}/${what}`, clerk)).toBe(403);
    }
  });
});

describe('direct-bill eligibility', () => {
  it('reports every rule that a partner fails, with facts, texts and evidence', async () => {
    const partnerId = await world.reseller(provider);
    const read = await directBill(partnerId);
    expect(read.eligible).toBe(false);
    expect([...new Set(read.checks.map(({ rule }) => rule))]).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((number) => `DIRECT-${number}`),
    );
    expect(reasonsOf(read)).toEqual([
      'trailing-revenue-below-threshold',
      'support-plan-inactive',
      'capability-not-assessed',
      'service-missing',
    ]);
    expect(read.checks.find(({ rule }) => rule === 'DIRECT-1')).toMatchObject({
      message: expect.any(String),
      facts: { total: '0.00', threshold: '300000.00' },
    });
    expect(read.checks.find(({ rule }) => rule === 'DIRECT-7')?.evidence).toHaveLength(1);
  });

  it('passes when every requirement is met, from that day and position on, until the assessment expires', async () => {
    const partnerId = await world.reseller(provider);
    const early = await head();
    await world.fact(partnerId, 'support-plans', { plan: 'premier' });
    await world.fact(partnerId, 'services', { kind: 'managed-service', name: 'Backup' });
    const revenue = {
      partnerId,
      tenantId: randomUUID(),
      amount: { amount: '300000.00', currency: 'USD' },
      recognizedOn: addDays(today, -1),
    };
    await operator.post(
      '/v1/revenue',
      { ...revenue, family: 'cloud', soldAs: 'indirect-reseller', source: 'test', reference: '1' },
      { key: randomUUID() },
    );
    const { applicationId } = (await world.say(
      'POST',
      `/v1/partners/${partnerId}/direct-bill-applications`,
      {},
    )) as {
      applicationId: string;
    };
    const step = (what: string, body: object = {}) =>
      world.say('POST', `/v1/direct-bill-applications/${applicationId}/${what}`, body);
    await step('revenue-confirmation');
    await step('interview', { on: today });
    const passed = Object.fromEntries(
      ['billing', 'provisioning', 'customerSupport', 'compliance', 'security'].map((one) => [
        one,
        'passed',
      ]),
    );
    await step('assessment', { ...passed, assessor: 'TÜV', on: addDays(today, -364) });

    expect(await directBill(partnerId)).toMatchObject({ eligible: true, asOf: today });
    expect(reasonsOf(await directBill(partnerId, { asOf: addDays(today, -2) }))).toEqual([
      'trailing-revenue-below-threshold',
    ]);
    expect(reasonsOf(await directBill(partnerId, { asOf: addDays(today, 5) }))).toEqual([
      'capability-not-assessed',
    ]);
    expect(reasonsOf(await directBill(partnerId, { knownAt: early }))).toContain(
      'capability-not-assessed',
    );
    expect(
      (await directBill(partnerId, { occasion: 'yearly' })).checks.find(
        ({ rule }) => rule === 'DIRECT-2',
      )?.outcome,
    ).toBe('not-applicable');
  });
});

describe('a query', () => {
  it.each([
    ['a day more than a year ahead', `asOf=${addDays(inAYear, 1)}`, 'malformed'],
    ['an invalid date', 'asOf=2026-02-30', 'malformed'],
    ['a `knownAt` that is neither a position nor an instant', 'knownAt=yesterday', 'malformed'],
    ['a position after the end of the log', 'knownAt=99999999', undefined],
    [
      'a position to wait for after the end of the log',
      'minPosition=99999999',
      'position-not-reached',
    ],
    ['an unknown field', 'day=1', 'malformed'],
  ] as const)('is refused with %s', async (_what, query, code) => {
    const partnerId = await world.partner('indirect-reseller');
    for (const path of [
      `/v1/partners/${partnerId}/tenure`,
      `/v1/partners/${partnerId}/direct-bill-eligibility`,
      `/v1/customers/${randomUUID()}/eligibility`,
    ]) {
      const { status, body } = await operator.get<Problem>(`${path}?${query}`);
      expect([path, status]).toEqual([path, 400]);
      if (code === 'position-not-reached') expect(body.type).toBe(`/problems/${code}`);
    }
  });

  it('takes an instant and returns the position that it means', async () => {
    const partnerId = await world.partner('indirect-reseller');
    const read = await tenure(partnerId, { knownAt: instant });
    expect(read).toMatchObject({ status: 'not-started', knownAt: expect.stringMatching(/^\d+$/) });
    expect(
      (await operator.get(`/v1/partners/${partnerId}/tenure?knownAt=2000-01-01T00:00:00Z`)).status,
    ).toBe(404);
  });
});
