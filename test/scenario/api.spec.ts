// Longer than 300 lines: one describe for each section of the HTTP API, over one service
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Loose, OrderAnswer, Problem } from '../support/answers.js';
import { addDays, monthOf } from '../support/calendar.js';
import type { Answer, Client } from '../support/client.js';
import { priceList } from '../support/price-lists.js';
import { Service } from '../support/service.js';
import { wholeLog } from '../support/whole-log.js';
import { LONG_AGO, orderOf, World } from '../support/world.js';

/** The commands of the HTTP API, one describe for each section (docs/architecture.md). */
let service: Service;
let operator: Client;
let clerk: Client;
let world: World;
const today = new Date().toISOString().slice(0, 10);
const yesterday = addDays(today, -1);
const tomorrow = addDays(today, 1);

beforeAll(async () => {
  service = await Service.start();
  operator = service.as('operator');
  clerk = service.as('order-entry');
  world = new World(operator, today);
  for (const month of new Set([today, tomorrow].map(monthOf)))
    await world.say(
      'PUT',
      `/v1/price-lists/JP/${month}`,
      priceList('JP', 'JPY', [{ ProductId: 'BASIC' }]),
    );
}, 90_000);
afterAll(async () => {
  const { code, tookMs } = await service.stop();
  service.remove();
  expect({ code, withinReadinessDeadline: tookMs < 5_000 }).toEqual({
    code: 0,
    withinReadinessDeadline: true,
  });
});

const problem = ({ status, body }: Answer<unknown>): readonly [number, string] => [
  status,
  (body as Problem).type.replace('/problems/', ''),
];
const faults = ({ status, body }: Answer<unknown>): readonly unknown[] => [
  status,
  ...((body as Problem).errors ?? []).map(({ path, code }) => `${path} ${code}`),
];
const newId = (): string => `p-${randomUUID()}`;
const count = async (stream: string): Promise<number> =>
  (await wholeLog(operator, `&stream=${stream}`)).length;

describe('registering a partner', () => {
  const details = { legalName: 'Kansai Cloud KK', country: 'JP', model: 'indirect-reseller' };

  it('answers 201 the first time and 200 for a change or a repeat, and appends nothing for a repeat', async () => {
    const id = newId();
    const put = (body: object) => operator.put(`/v1/partners/${id}`, body);
    expect((await put(details)).status).toBe(201);
    expect((await put(details)).status).toBe(200);
    expect(await count(`partner-${id}`)).toBe(1);
    const changed = await put({ ...details, legalName: 'Kansai Cloud Inc.' });
    expect(changed).toMatchObject({
      status: 200,
      body: { legalName: 'Kansai Cloud Inc.', model: 'indirect-reseller' },
    });
    expect(changed.headers.get('etag')).toBe('"1"');
  });

  it('sets the first model only: a later model needs a date', async () => {
    const id = await world.partner('indirect-reseller');
    const put = (model: string) =>
      operator.put(`/v1/partners/${id}`, { ...details, legalName: id, model });
    expect(problem(await put('direct-bill'))).toEqual([422, 'model-change-is-dated']);
    await world.say('POST', `/v1/partners/${id}/models`, { model: 'direct-bill', from: today });
    expect((await operator.get(`/v1/partners/${id}`)).body).toMatchObject({ model: 'direct-bill' });
    expect((await put('indirect-reseller')).status).toBe(200);
    expect((await operator.get(`/v1/partners/${id}`)).body).toMatchObject({ model: 'direct-bill' });
  });

  it('keeps an optional field that is left out and clears one that is null', async () => {
    const id = newId();
    const put = (body: object) =>
      operator.put(`/v1/partners/${id}`, { ...details, country: 'BQ', ...body });
    expect((await put({ marketCode: 'XJ' })).status).toBe(400);
    const market = (await operator.get<{ marketCode?: string }>(`/v1/partners/${id}`)).status;
    expect(market).toBe(404);
  });

  it.each([
    ['an unknown field', { nickname: 'K' }, '/nickname unknown-field'],
    ['null where it cannot be cleared', { legalName: null }, '/legalName type'],
    ['another type', { legalName: 5 }, '/legalName type'],
    ['an unknown model', { model: 'reseller' }, '/model enum'],
    ['a tenant that is not a GUID', { cspTenantIds: ['x'] }, '/cspTenantIds/0 format'],
    ['a null character', { legalName: 'a\u0000b' }, '/legalName pattern'],
    ['a lone surrogate', { legalName: 'a\ud800b' }, '/legalName pattern'],
  ])('refuses %s', async (_name, body, fault) => {
    const answer = await operator.put(`/v1/partners/${newId()}`, { ...details, ...body });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    expect(faults(answer)[1]?.toString().split(' ')[0]).toBe(fault.split(' ')[0]);
  });

  it.each(['-x', 'x'.repeat(65), 'a b', 'ä'])('refuses the partner id %s', async (id) => {
    expect((await operator.put(`/v1/partners/${encodeURIComponent(id)}`, details)).status).toBe(
      400,
    );
  });

  it('only adds CSP tenants, and returns them in lower case', async () => {
    const id = newId();
    const [one, two] = [randomUUID(), randomUUID()];
    const put = (cspTenantIds?: string[]) =>
      operator.put<{ cspTenantIds: string[] }>(`/v1/partners/${id}`, { ...details, cspTenantIds });
    expect((await put([one.toUpperCase()])).body.cspTenantIds).toEqual([one]);
    expect((await put([two])).body.cspTenantIds.sort()).toEqual([one, two].sort());
    expect((await put()).body.cspTenantIds).toHaveLength(2);
    expect((await put([])).body.cspTenantIds).toHaveLength(2);
  });

  it('ends a CSP tenant for the partner and the tenant, also when the partner does not list it', async () => {
    const id = newId();
    const tenantId = randomUUID();
    const end = (partnerId: string) =>
      operator.post(`/v1/partners/${partnerId}/csp-tenants/${tenantId}/end`, {
        on: today,
        reason: 'sold',
      });
    expect((await end(id)).status).toBe(404);
    await operator.put(`/v1/partners/${id}`, { ...details, cspTenantIds: [tenantId] });
    expect((await end(id)).status).toBe(201);
    expect((await end(id)).status).toBe(200);
    expect(
      (await wholeLog(operator, `&stream=customer-${tenantId}`)).map(({ type }) => type),
    ).toEqual(['TenantCspAssociationRegistered', 'TenantCspAssociationRegistrationEnded']);
    const again = await operator.put<{ cspTenantIds: string[] }>(`/v1/partners/${id}`, {
      ...details,
      cspTenantIds: [tenantId],
    });
    expect(again.body.cspTenantIds).toEqual([tenantId]);
  });
});

describe('dated facts of a partner', () => {
  const bodies: Readonly<Record<string, object>> = {
    locations: { partnerLocationId: 'L1', country: 'JP', from: LONG_AGO },
    memberships: { from: LONG_AGO },
    'signing-authority': { name: 'Hanako', title: 'CEO', from: LONG_AGO },
    'provider-authorization': { from: LONG_AGO },
    'provider-relationships': { providerId: 'some-provider', from: LONG_AGO },
    services: { kind: 'ip-service', name: 'Backup', from: LONG_AGO },
    'support-plans': { plan: 'premier', from: LONG_AGO },
  };
  const kinds = Object.keys(bodies);
  const owner = (kind: string) =>
    world.partner(kind === 'provider-authorization' ? 'indirect-provider' : 'indirect-reseller');

  it.each(kinds)(
    '%s: answers 201 with a factId, and 200 with the same factId when the fact is already recorded',
    async (kind) => {
      const id = await owner(kind);
      const state = () =>
        operator.post<{ factId: string }>(`/v1/partners/${id}/${kind}`, bodies[kind]);
      const first = await state();
      const second = await state();
      expect([first.status, second.status, second.body.factId]).toEqual([
        201,
        200,
        first.body.factId,
      ]);
      const started = await wholeLog(operator, `&stream=partner-${id}`);
      expect(started.map(({ id: eventId }) => eventId)).toContain(first.body.factId);
      expect(started).toHaveLength(2);
    },
  );

  it.each(kinds)(
    '%s: ends once, is no longer open then, and is corrected as a whole, including its end',
    async (kind) => {
      const id = await owner(kind);
      const say = (what: string, body: object) =>
        operator.post<{ factId: string }>(`/v1/partners/${id}/${kind}${what}`, body);
      const { factId } = (await say('', bodies[kind] ?? {})).body;
      expect(faults(await say('/end', { on: addDays(LONG_AGO, -1), reason: 'x', factId }))[0]).toBe(
        400,
      );
      expect((await say('/end', { on: today, reason: 'x' })).status).toBe(201);
      expect(problem(await say('/end', { on: today, reason: 'x' }))).toEqual([
        422,
        'fact-not-open',
      ]);
      const value = { ...bodies[kind], to: tomorrow };
      expect((await say('/correction', { factId, reason: 'x', value })).status).toBe(201);
      expect((await say('/correction', { factId, reason: 'x', value })).status).toBe(200);
      const read = await operator.get<
        Record<string, { factId: string; to?: string; retracted?: boolean }[]>
      >(`/v1/partners/${id}`);
      const field = kind.replace(/-(.)/g, (_dash, letter: string) => letter.toUpperCase());
      expect(read.body[field]).toMatchObject([{ factId, from: LONG_AGO, to: tomorrow }]);
      expect((await say('/correction', { factId, reason: 'x', retracted: true })).status).toBe(201);
      expect((await say('/correction', { factId, reason: 'x', retracted: true })).status).toBe(200);
      expect(problem(await say('/end', { on: today, reason: 'x', factId }))).toEqual([
        422,
        'fact-not-open',
      ]);
      expect((await say('', bodies[kind] ?? {})).status).toBe(201);
    },
  );

  it('requires a factId when several facts are open', async () => {
    const id = await world.partner('indirect-reseller');
    const first = await world.fact(id, 'memberships', { from: LONG_AGO });
    await world.fact(id, 'memberships', { from: yesterday });
    const end = (body: object) =>
      operator.post(`/v1/partners/${id}/memberships/end`, { on: today, reason: 'x', ...body });
    expect(problem(await end({}))).toEqual([422, 'fact-ambiguous']);
    expect((await end({ on: addDays(yesterday, -1) })).status).toBe(201);
    expect((await end({})).status).toBe(201);
    expect(problem(await end({ factId: first }))).toEqual([422, 'fact-not-open']);
    expect((await end({ factId: randomUUID() })).status).toBeGreaterThanOrEqual(404);
  });

  it('ends a relationship named by its provider', async () => {
    const id = await world.partner('indirect-reseller');
    for (const providerId of ['provider-a', 'provider-b'])
      await world.fact(id, 'provider-relationships', { providerId });
    const end = (providerId: string) =>
      operator.post(`/v1/partners/${id}/provider-relationships/${providerId}/end`, {
        on: today,
        reason: 'x',
      });
    expect([
      (await end('provider-a')).status,
      problem(await end('provider-a')),
      problem(await end('provider-c')),
    ]).toEqual([201, [422, 'fact-not-open'], [422, 'fact-not-open']]);
  });

  it.each([
    ['value and retraction together', { value: { from: LONG_AGO }, retracted: true }],
    ['neither', {}],
    ['retracted: false', { retracted: false }],
    ['a value that ends before it begins', { value: { from: today, to: yesterday } }],
    ['an unknown field in the value', { value: { from: today, until: today } }],
  ])('refuses a correction with %s', async (_name, body) => {
    const id = await world.partner('indirect-reseller');
    const factId = await world.fact(id, 'memberships');
    expect(
      (
        await operator.post(`/v1/partners/${id}/memberships/correction`, {
          factId,
          reason: 'x',
          ...body,
        })
      ).status,
    ).toBe(400);
  });

  it('refuses a support plan that ends before it begins', async () => {
    const id = await world.partner('direct-bill');
    const state = (to: string) =>
      operator.post(`/v1/partners/${id}/support-plans`, { plan: 'premier', from: today, to });
    expect([(await state(yesterday)).status, (await state(today)).status]).toEqual([400, 201]);
  });

  it('answers 404 for a partner that is not registered', async () => {
    expect(
      problem(await operator.post(`/v1/partners/${newId()}/memberships`, { from: today }))[0],
    ).toBe(404);
  });
});

describe('customers', () => {
  it('are registered with 201, changed or repeated with 200, and answer 404 before that even if their tenant was observed', async () => {
    const tenantId = randomUUID();
    const put = (body: object) =>
      clerk.put(`/v1/customers/${tenantId.toUpperCase()}`, {
        legalName: 'Kobe',
        country: 'CU',
        ...body,
      });
    await world.observe(tenantId);
    expect((await clerk.get(`/v1/customers/${tenantId}`)).status).toBe(404);
    expect([
      (await put({})).status,
      (await put({})).status,
      (await put({ legalName: 'Kobe Foods' })).status,
    ]).toEqual([201, 200, 200]);
    expect((await clerk.get(`/v1/customers/${tenantId}`)).body).toMatchObject({
      tenantId,
      legalName: 'Kobe Foods',
      segment: 'commercial',
    });
    expect((await put({ country: 'ZZ' })).status).toBe(400);
  });

  it('normalises a domain name, whatever form it has', async () => {
    const tenantId = await world.customer({ domain: 'cafe\u0301.fr' });
    const put = (domain: string) =>
      clerk.put(`/v1/customers/${tenantId}`, { legalName: 'Kobe Foods', country: 'JP', domain });
    const first = await put('CAF\u00c9.fr');
    expect(first).toMatchObject({ status: 200, body: { domain: 'caf\u00e9.fr' } });
    expect((await put('xn--caf-dma.fr')).headers.get('etag')).toBe(first.headers.get('etag'));
    expect((await put('उदाहरण.भारत')).body).toMatchObject({ domain: 'उदाहरण.भारत' });
    expect((await put('contoso.com/path')).body).toMatchObject({
      errors: [{ path: '/domain', code: 'format' }],
    });
  });

  it.each(['   ', '\u200b', '\u3000', 'a\u202eb', 'a\u0007b'])(
    'refuses a name with unreadable characters: %j',
    async (legalName) => {
      const { status, body } = await clerk.put(`/v1/customers/${randomUUID()}`, {
        legalName,
        country: 'JP',
      });
      expect({ status, body }).toMatchObject({
        status: 400,
        body: { errors: [{ path: '/legalName', code: 'format' }] },
      });
    },
  );

  it('keeps fields that are left out and clears fields that are null', async () => {
    const tenantId = await world.customer({
      domain: 'kobe.example',
      language: 'JA-jp',
      creditLimit: { amount: '1000', currency: 'USD' },
    });
    const put = (body: object) =>
      clerk.put(`/v1/customers/${tenantId}`, { legalName: 'Kobe Foods', country: 'JP', ...body });
    const kept = {
      domain: 'kobe.example',
      language: 'ja-JP',
      creditLimit: { amount: '1000.00', currency: 'USD' },
    };
    expect((await put({})).body).toMatchObject(kept);
    const cleared = (await put({ domain: null, creditLimit: null })).body;
    expect(cleared).toMatchObject({ language: 'ja-JP' });
    expect(cleared['domain'] ?? null).toBeNull();
    expect(cleared['creditLimit'] ?? null).toBeNull();
    expect((await put({ legalName: null })).status).toBe(400);
  });

  it.each([
    [{ segment: 'education' }, ['education']],
    [{ segment: 'commercial' }, []],
    [{ qualifications: ['stateOwnedEntity', 'education'] }, ['education', 'stateOwnedEntity']],
    [{ qualifications: ['gcc', 'stateOwnedEntity'] }, ['gcc', 'stateOwnedEntity']],
    [{ qualifications: ['education', 'nonprofit'] }, undefined],
    [{ qualifications: ['gcc', 'education'] }, undefined],
    [{ segment: 'government' }, undefined],
    [{ segment: 'education', qualifications: ['nonprofit'] }, undefined],
  ])('maps the segment %j', async (stated, qualifications) => {
    const { status, body } = await clerk.put<{ qualifications: string[] }>(
      `/v1/customers/${randomUUID()}`,
      {
        legalName: 'K',
        country: 'JP',
        ...stated,
      },
    );
    expect([status, status < 300 ? [...body.qualifications].sort() : undefined]).toEqual(
      qualifications === undefined ? [400, undefined] : [201, qualifications],
    );
  });

  it.each([
    [{ amount: '1000.5', currency: 'JPY' }, 400],
    [{ amount: '1000', currency: 'JPY' }, 201],
    [{ amount: '1.005', currency: 'USD' }, 400],
    [{ amount: '1.005', currency: 'KWD' }, 201],
    [{ amount: '123456789012345.00', currency: 'USD' }, 201],
    [{ amount: '1234567890123456', currency: 'USD' }, 400],
    [{ amount: '-1', currency: 'USD' }, 400],
    [{ amount: 1000, currency: 'JPY' }, 400],
    [{ amount: '1e3', currency: 'JPY' }, 400],
    [{ amount: '1000', currency: 'XXZ' }, 400],
    [{ amount: '1000' }, 400],
  ])('answers a credit limit of %j with %d', async (creditLimit, status) => {
    expect(
      (
        await clerk.put(`/v1/customers/${randomUUID()}`, {
          legalName: 'K',
          country: 'JP',
          creditLimit,
        })
      ).status,
    ).toBe(status);
  });

  it('begins, ends and corrects relationships between customers and partners', async () => {
    const tenantId = await world.customer();
    const path = `/v1/customers/${tenantId}/partner-relationships`;
    const start = () =>
      clerk.post<{ factId: string }>(path, { partnerId: 'a-partner', from: LONG_AGO });
    const first = await start();
    expect([first.status, (await start()).status]).toEqual([201, 200]);
    const { factId } = first.body;
    expect((await clerk.post(`${path}/a-partner/end`, { on: today, reason: 'x' })).status).toBe(
      201,
    );
    expect(problem(await clerk.post(`${path}/a-partner/end`, { on: today, reason: 'x' }))).toEqual([
      422,
      'fact-not-open',
    ]);
    const value = { partnerId: 'a-partner', from: LONG_AGO };
    expect((await clerk.post(`${path}/correction`, { factId, reason: 'x', value })).status).toBe(
      201,
    );
    expect((await clerk.post(`${path}/end`, { factId, on: today, reason: 'x' })).status).toBe(201);
    expect(
      (await clerk.post(`${path}/correction`, { factId, reason: 'x', retracted: true })).status,
    ).toBe(201);
  });
});

describe('agreements and observations', () => {
  const agreement = {
    signedOn: LONG_AGO,
    country: 'JP',
    language: 'ja-JP',
    signatory: { firstName: 'Taro', lastName: 'Suzuki', email: 'taro@kobe.example' },
    method: 'partner-attested',
  };

  it.each([
    ['in the template’s language, its case aside', { language: 'JA-jp' }, 201],
    ['in another language that exists there', { country: 'CH', language: 'de-DE' }, 'either'],
    ['in a language without a template there', { language: 'fr-FR' }, 400],
    ['for a country without a template', { country: 'CN', language: 'zh-CN' }, 400],
    ['signed in the future', { signedOn: addDays(today, 2) }, 400],
    ['with a phone', { signatory: { ...agreement.signatory, phone: '+81 3-1234-5678' } }, 201],
    ['without an e-mail', { signatory: { firstName: 'Taro', lastName: 'Suzuki' } }, 400],
    ['by another method', { method: 'verbal' }, 400],
    ['in an unknown version', { version: 'never' }, 'refused'],
    ['in the version named', { version: 'default' }, 201],
  ])('%s', async (_name, details, expected) => {
    const tenantId = await world.customer();
    const { status } = await clerk.post(`/v1/customers/${tenantId}/agreements`, {
      ...agreement,
      ...details,
    });
    if (expected === 'either') expect([201, 400]).toContain(status);
    else if (expected === 'refused') expect([400, 422]).toContain(status);
    else expect(status).toBe(expected);
  });

  it('refuses an agreement of a tenant that is not a customer', async () => {
    expect(
      problem(await clerk.post(`/v1/customers/${randomUUID()}/agreements`, agreement)),
    ).toEqual([404, 'customer-unknown']);
  });

  it('gets the version in force on the day of signature, unless the request names one', async () => {
    await world.say('PUT', '/v1/agreement-versions/v2', { from: yesterday, acceptedUntil: null });
    const sign = async (signedOn: string) =>
      (await world.sign(await world.customer(), { signedOn }))['version'];
    expect([await sign(addDays(yesterday, -1)), await sign(yesterday), await sign(today)]).toEqual([
      'default',
      'v2',
      'v2',
    ]);
    const put = (body: object) => operator.put('/v1/agreement-versions/v2', body);
    expect((await put({ from: yesterday })).status).toBe(200);
    expect((await put({ from: yesterday, acceptedUntil: addDays(yesterday, -1) })).status).toBe(
      400,
    );
  });

  it('withdraws an agreement that is on record, and refuses when there is none', async () => {
    const tenantId = await world.customer();
    const withdraw = () =>
      clerk.post(`/v1/customers/${tenantId}/agreements/withdrawal`, { on: today, reason: 'x' });
    expect((await withdraw()).status).toBe(422);
    await world.sign(tenantId);
    expect([(await withdraw()).status, (await withdraw()).status]).toEqual([201, 200]);
  });

  it.each([
    [{ associated: 'yes' }, 400],
    [{ associated: null }, 400],
    [{ observedOn: addDays(today, 2) }, 400],
    [{ source: '' }, 400],
    [{}, 201],
  ])('answers the observation %j with %d', async (details, status) => {
    const body = { associated: true, observedOn: today, source: 'Partner Center', ...details };
    expect((await clerk.post(`/v1/customers/${randomUUID()}/csp-association`, body)).status).toBe(
      status,
    );
  });
});

describe('orders', () => {
  it.each([
    ['no lines', { lines: [] }],
    [
      '101 lines',
      {
        lines: Array.from({ length: 101 }, () => ({
          offerId: 'A:1',
          quantity: 1,
          term: 'P1M',
          billingPlan: 'monthly',
        })),
      },
    ],
    [
      'half a seat',
      { lines: [{ offerId: 'A:1', quantity: 1.5, term: 'P1M', billingPlan: 'monthly' }] },
    ],
    ['no seat', { lines: [{ offerId: 'A:1', quantity: 0, term: 'P1M', billingPlan: 'monthly' }] }],
    [
      'a million and one',
      { lines: [{ offerId: 'A:1', quantity: 1_000_001, term: 'P1M', billingPlan: 'monthly' }] },
    ],
    [
      'a quantity in a string',
      { lines: [{ offerId: 'A:1', quantity: '1', term: 'P1M', billingPlan: 'monthly' }] },
    ],
    [
      'an unknown term',
      { lines: [{ offerId: 'A:1', quantity: 1, term: 'P2Y', billingPlan: 'monthly' }] },
    ],
    [
      'a long offer',
      { lines: [{ offerId: 'A'.repeat(65), quantity: 1, term: 'P1M', billingPlan: 'monthly' }] },
    ],
    ['small letters', { currency: 'jpy' }],
    ['a control character', { reference: 'a\nb' }],
    ['a blank reference', { reference: '\u3000' }],
    ['a reference of invisible characters', { reference: '\u200b' }],
    ['a long reference', { reference: 'a'.repeat(129) }],
    ['null for a reference', { reference: null }],
    ['a date of its own', { judgedAt: today }],
    ['no guid', { tenantId: 'x' }],
  ])(
    'refuses %s with 400, before the gate judges the order, and does not use up its key',
    async (_name, body) => {
      const order = orderOf('nobody', randomUUID());
      const key = randomUUID();
      expect(problem(await clerk.order({ ...order, ...body }, { key }))).toEqual([
        400,
        'malformed-request',
      ]);
      expect((await clerk.order(order, { key })).status).toBe(422);
    },
  );

  it('accepts a reference of 128 characters, no reference, and any three letters as a currency', async () => {
    for (const body of [{ reference: '契'.repeat(128) }, { reference: '' }, { currency: 'ZZZ' }])
      expect((await clerk.order({ ...orderOf('nobody', randomUUID()), ...body })).status).toBe(422);
  });

  it('requires an Idempotency-Key', async () => {
    expect(problem(await clerk.post('/v1/orders', orderOf('nobody', randomUUID())))).toEqual([
      400,
      'idempotency-key-required',
    ]);
    expect(
      problem(await clerk.order(orderOf('nobody', randomUUID()), { key: 'a'.repeat(256) }))[0],
    ).toBe(400);
  });

  it('answers a repeated key with the first answer, placed or refused, and another request with 422', async () => {
    const seller = await world.reseller(await world.provider());
    const tenantId = await world.readyCustomer();
    for (const order of [orderOf(seller, tenantId), orderOf('nobody', tenantId)]) {
      const key = randomUUID();
      const first = await clerk.order<OrderAnswer>(order, { key });
      const again = await clerk.order<OrderAnswer>(order, { key });
      const { instance: _, ...body } = first.body as OrderAnswer & { instance?: string };
      expect(again).toMatchObject({
        status: first.status,
        body,
        position: first.position,
        replayed: true,
      });
      expect(first.replayed).toBe(false);
      expect(problem(await clerk.order({ ...order, reference: 'x' }, { key }))).toEqual([
        422,
        'idempotency-key-reused',
      ]);
      // JCS (RFC 8785) makes requests that differ only in field order equal.
      expect(
        (await clerk.order(Object.fromEntries(Object.entries(order).reverse()), { key })).replayed,
      ).toBe(true);
      // A key belongs to one principal.
      expect((await operator.order<OrderAnswer>(order, { key })).body.orderId).not.toBe(
        first.body.orderId,
      );
    }
    expect((await wholeLog(operator, `&stream=customer-${tenantId}&type=OrderPlaced`)).length).toBe(
      2,
    );
  });

  it('lists, returns and cancels orders', async () => {
    const seller = await world.reseller(await world.provider());
    const tenantId = await world.readyCustomer();
    const order = { ...orderOf(seller, tenantId), reference: 'PO-1' };
    const placed = await clerk.order<OrderAnswer>(order);
    const refused = await clerk.order<OrderAnswer>(orderOf(`nobody-${seller}`, tenantId));
    const list = async (query: string) =>
      (
        await clerk.get<{ items: { orderId: string; status: string }[] }>(
          `/v1/orders?${query}&minPosition=${refused.position}`,
        )
      ).body.items.map(({ orderId }) => orderId);
    const both = [placed.body.orderId, refused.body.orderId];
    expect((await list(`tenantId=${tenantId}`)).sort()).toEqual([...both].sort());
    expect(await list(`partnerId=${seller}`)).toEqual([placed.body.orderId]);
    expect(await list(`tenantId=${tenantId}&status=refused`)).toEqual([refused.body.orderId]);
    expect((await list(`tenantId=${tenantId}&from=${today}&to=${tomorrow}`)).length).toBe(2);
    expect(await list(`tenantId=${tenantId}&to=${addDays(yesterday, -1)}`)).toEqual([]);
    expect((await clerk.get(`/v1/orders/${placed.body.orderId}`)).body).toMatchObject({
      status: 'placed',
      reference: 'PO-1',
      total: { amount: '500', currency: 'JPY' },
    });

    const cancel = (orderId: string, key?: string) =>
      clerk.post(
        `/v1/orders/${orderId}/cancellation`,
        { reason: 'twice' },
        key === undefined ? {} : { key },
      );
    const key = randomUUID();
    expect((await cancel(placed.body.orderId, key)).status).toBeLessThan(300);
    expect((await cancel(placed.body.orderId, key)).replayed).toBe(true);
    expect((await cancel(placed.body.orderId)).status).toBe(422);
    expect((await cancel(refused.body.orderId)).status).toBe(422);
    expect((await cancel(randomUUID())).status).toBe(404);
    expect((await clerk.get(`/v1/orders/${placed.body.orderId}`)).body).toMatchObject({
      status: 'cancelled',
    });
    expect((await clerk.get(`/v1/orders/${randomUUID()}`)).status).toBe(404);
  });
});

describe('revisions', () => {
  it('answers a stale If-Match with 412 and appends nothing', async () => {
    const id = await world.partner('indirect-reseller');
    const etag = async () => (await operator.get(`/v1/partners/${id}`)).headers.get('etag') ?? '';
    const before = await etag();
    const state = (ifMatch: string, from: string) =>
      operator.post(`/v1/partners/${id}/memberships`, { from }, { ifMatch });
    expect((await state(before, LONG_AGO)).status).toBe(201);
    expect(problem(await state(before, yesterday))).toEqual([412, 'precondition-failed']);
    expect(await count(`partner-${id}`)).toBe(2);
    expect((await state(await etag(), yesterday)).status).toBe(201);
    expect(
      (
        await operator.put(
          `/v1/partners/${newId()}`,
          { legalName: 'x', country: 'JP', model: 'direct-bill' },
          { ifMatch: '"0"' },
        )
      ).status,
    ).toBe(412);
  });

  it('creates only when If-None-Match says that the resource must not exist', async () => {
    const created = { headers: { 'if-none-match': '*' } };
    const statuses = async (
      path: string,
      body: object | string,
      again: object | string = body,
    ): Promise<readonly number[]> => [
      (await operator.put(path, body, { ifMatch: '*' })).status,
      (await operator.put(path, body, created)).status,
      (await operator.put(path, again, created)).status,
      (await operator.put(path, body, { ifMatch: '"x", W/"0"' })).status,
      (await operator.put(path, body, { ifMatch: '*' })).status,
    ];
    const tenantId = randomUUID();
    // The tenant's stream begins before there is a customer: the customer must still count as new.
    await operator.post(`/v1/customers/${tenantId}/csp-association`, {
      associated: false,
      observedOn: yesterday,
      source: 'check',
    });
    const version = newId();
    const answers = [
      await statuses(
        `/v1/customers/${tenantId}`,
        { legalName: 'C', country: 'JP' },
        { legalName: 'D', country: 'JP' },
      ),
      await statuses(`/v1/partners/${newId()}`, {
        legalName: 'P',
        country: 'JP',
        model: 'direct-bill',
      }),
      await statuses('/v1/policies/2041-05-06', { tenureMonths: 13 }, { tenureMonths: 14 }),
      await statuses(`/v1/agreement-versions/${version}`, { from: '2041-05-06' }),
      await statuses('/v1/exchange-rates/2041-05', { usdPerUnit: { JPY: '0.0067' } }),
      await statuses(
        '/v1/price-lists/DE/2041-05',
        priceList('DE', 'EUR', [{ ProductId: 'A' }]),
        priceList('DE', 'EUR', [{ ProductId: 'B' }]),
      ),
    ];
    expect(answers).toEqual(answers.map(() => [412, 201, 412, 412, 200]));
    expect((await operator.put('/v1/price-lists/DE/2041-05', 'a,b\n', created)).status).toBe(412);
    expect((await operator.get(`/v1/customers/${tenantId}`)).body).toMatchObject({
      legalName: 'C',
    });
  });

  it('checks the partner’s revision when it registers a CSP tenant, and leaves the tenant unchanged on 412', async () => {
    const id = await world.partner('indirect-reseller');
    const tenantId = randomUUID();
    const body = {
      legalName: id,
      country: 'JP',
      model: 'indirect-reseller',
      cspTenantIds: [tenantId],
    };
    expect((await operator.put(`/v1/partners/${id}`, body, { ifMatch: '"7"' })).status).toBe(412);
    expect(await count(`customer-${tenantId}`)).toBe(0);
    expect((await operator.put(`/v1/partners/${id}`, body, { ifMatch: '"0"' })).status).toBe(200);
  });

  it('answers a repeated key before it checks the revision', async () => {
    const id = await world.partner('indirect-reseller');
    const key = randomUUID();
    const state = () =>
      operator.post(`/v1/partners/${id}/memberships`, { from: LONG_AGO }, { ifMatch: '"0"', key });
    expect([(await state()).status, (await state()).replayed]).toEqual([201, true]);
  });
});

describe('policies and rates', () => {
  it('copies keys that are left out, refuses unknown keys and returns the version', async () => {
    const from = '2031-01-01';
    const put = (body: object, on = from) => operator.put<Loose>(`/v1/policies/${on}`, body);
    const first = await put({ tenureMonths: 18 });
    expect(first.status).toBe(201);
    const second = await put({ tenantCheckMaxAgeDays: 30 });
    expect(second.body['policyVersion']).toMatch(/^2031-01-01@\d+$/);
    const read = await operator.get(`/v1/policies?on=${from}`);
    expect(read.body['policy'] ?? read.body).toMatchObject({
      tenureMonths: 18,
      tenantCheckMaxAgeDays: 30,
      trailingRevenueThreshold: '300000.00',
    });
    const [published] = (await wholeLog(operator, '&type=PolicyPublished')).slice(-1);
    expect(Object.keys(published?.data['policy'] as object)).toHaveLength(19);
    for (const body of [
      { tenantCheckMaxAgeDay: 30 },
      { tenantCheckMaxAgeDays: -1 },
      { tenantCheckMaxAgeDays: null },
      { supportPlans: ['gold'] },
      { tenureMonths: '18' },
    ])
      expect((await put(body)).status).toBe(400);
    expect((await put({}, '2031-02-30')).status).toBe(400);
  });

  it.each([
    [{ usdPerUnit: { JPY: '0.0067', EUR: '1.08' } }, 201],
    [{ usdPerUnit: { JPY: 0.0067 } }, 400],
    [{ usdPerUnit: { JPY: '0' } }, 400],
    [{ usdPerUnit: { JPY: '-1' } }, 400],
    [{ usdPerUnit: { XYZ: '1' } }, 400],
    [{ usdPerUnit: {} }, 400],
    [{}, 400],
  ])('answers the rates %j with %d', async (body, status) => {
    expect((await operator.put('/v1/exchange-rates/2026-11', body)).status).toBe(status);
  });

  it('refuses an unknown ruleset', async () => {
    expect((await operator.post('/v1/rulesets/nobodys/activation')).status).toBe(404);
  });
});

describe('personal data', () => {
  const signatory = {
    firstName: 'Quintessa',
    lastName: 'Zwiebelfisch',
    email: 'quintessa@zwiebelfisch.example',
    phone: '+49 30 5550199',
  };
  const agreement = {
    signedOn: LONG_AGO,
    country: 'JP',
    language: 'ja-JP',
    signatory,
    method: 'partner-attested',
  };

  it('is stored encrypted only, and is unreadable after erasure', async () => {
    const tenantId = await world.customer();
    const key = randomUUID();
    const sign = () => clerk.post(`/v1/customers/${tenantId}/agreements`, agreement, { key });
    expect((await sign()).status).toBe(201);
    const partnerId = await world.partner('indirect-reseller');
    await world.fact(partnerId, 'signing-authority', {
      name: 'Quintessa Zwiebelfisch',
      title: 'CEO',
    });
    expect((await sign()).replayed).toBe(true);
    // Without a key, the same statement changes nothing: the service compares sealed values too.
    expect((await clerk.post(`/v1/customers/${tenantId}/agreements`, agreement)).status).toBe(200);
    const grep = await filesWith(service.dataDir, ['Quintessa', 'Zwiebelfisch', '5550199']);
    expect(grep).toEqual([]);

    const erase = (path: string) => operator.delete(`/v1/${path}/personal-data`);
    expect((await erase(`customers/${tenantId}`)).status).toBe(204);
    expect((await erase(`customers/${tenantId}`)).status).toBe(204);
    expect((await erase(`partners/${partnerId}`)).status).toBe(204);
    expect((await erase(`partners/${await world.partner('direct-bill')}`)).status).toBe(204);
    expect((await erase(`customers/${randomUUID()}`)).status).toBe(404);
    expect((await erase(`partners/${newId()}`)).status).toBe(404);
    const repeated = await sign();
    expect(repeated).toMatchObject({ status: 201, replayed: true, body: { erased: true } });
    expect((await wholeLog(operator, `&stream=customer-${tenantId}`)).at(-1)?.type).toBe(
      'PersonalDataErased',
    );
    // The agreement stays on record: the gate requires the agreement, not its signatory.
    expect((await clerk.get(`/v1/customers/${tenantId}`)).body).toMatchObject({
      agreement: { signedOn: LONG_AGO },
    });
    expect((await clerk.post(`/v1/customers/${tenantId}/agreements`, agreement)).status).toBe(201);
  });
});

/** Files under a folder that contain one of the words. */
async function filesWith(folder: string, words: readonly string[]): Promise<readonly string[]> {
  const { readdir, readFile } = await import('node:fs/promises');
  const { join } = await import('node:path');
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    if (words.some((word) => bytes.includes(word))) found.push(path);
  }
  return found;
}
