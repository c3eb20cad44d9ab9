// Longer than 300 lines: the permissions of every role, over one service
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OrderAnswer, Page, Problem } from '../support/answers.js';
import { addDays, monthOf } from '../support/calendar.js';
import { Client } from '../support/client.js';
import { priceList } from '../support/price-lists.js';
import { newDataDir, type Role, Service } from '../support/service.js';
import { LONG_AGO, orderOf, World } from '../support/world.js';

/**
 * Roles, and keys that are limited to partners (docs/decisions/0039).
 */
const today = new Date().toISOString().slice(0, 10);
const roles: readonly Role[] = ['order-entry', 'auditor', 'reporting', 'operator', 'metrics'];
const MINE = 'mine';
const THEIRS = 'theirs';

let service: Service;
let keyFile: string;
let operator: Client;
let scoped: Client;
let world: World;
const secrets = new Map<string, string>();
const as = (id: string): Client => service.withKey(secrets.get(id) ?? '');

beforeAll(async () => {
  const dataDir = newDataDir();
  const key = (id: string, granted: readonly Role[], limits: object = {}) => {
    const secret = randomUUID();
    secrets.set(id, secret);
    return {
      id,
      sha256: createHash('sha256').update(secret).digest('hex'),
      roles: granted,
      ...limits,
    };
  };
  const keys = [
    ...roles.map((role) => key(role, [role])),
    key('scoped', ['order-entry'], { partnerIds: [MINE] }),
    key('scoped-reporting', ['reporting'], { partnerIds: [MINE] }),
    key('scoped-operator', ['operator'], { partnerIds: [MINE] }),

    key('expired', ['operator'], { expiresOn: addDays(today, -2) }),
    key('lasting', ['operator'], { expiresOn: addDays(today, 2) }),
    key('both', ['reporting', 'order-entry']),
    key('withdrawn', ['auditor']),
  ];
  keyFile = join(dataDir, 'keys.json');
  writeFileSync(keyFile, JSON.stringify({ keys }));
  service = await Service.start({ dataDir, env: { API_KEYS_FILE: keyFile } });
  operator = as('operator');
  scoped = as('scoped');
  world = new World(operator, today);
  for (const month of new Set([today, addDays(today, 1)].map(monthOf)))
    await world.say(
      'PUT',
      `/v1/price-lists/JP/${month}`,
      priceList('JP', 'JPY', [{ ProductId: 'BASIC' }]),
    );
  const provider = await world.provider();
  for (const partnerId of [MINE, THEIRS]) {
    await world.say('PUT', `/v1/partners/${partnerId}`, {
      legalName: partnerId,
      country: 'JP',
      model: 'indirect-reseller',
    });
    await world.equip(partnerId);
    await world.fact(partnerId, 'provider-relationships', { providerId: provider });
  }
}, 90_000);
afterAll(async () => {
  await service.stop();
  service.remove();
});

const customerOf = async (partnerId: string): Promise<string> => {
  const tenantId = await world.readyCustomer();
  await world.say('POST', `/v1/customers/${tenantId}/partner-relationships`, {
    partnerId,
    from: LONG_AGO,
  });
  return tenantId;
};

describe('credentials', () => {
  it.each(['', 'nonsense', 'Bearer'])(
    'refuses the secret "%s" with 401 before it reads the body',
    async (secret) => {
      const response = await fetch(`${service.url}/v1/orders`, {
        method: 'POST',
        headers: {
          authorization: secret === 'Bearer' ? 'Bearer' : `Bearer ${secret}`,
          'content-type': 'application/json',
        },
        body: '{ not json',
      });
      expect(response.status).toBe(401);
      expect(((await response.json()) as Problem).type).toBe('/problems/unauthorized');
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    },
  );

  it('refuses a request without credentials, with another scheme and with an expired key', async () => {
    expect((await new Client(service.url).get('/v1/partners')).status).toBe(401);
    const basic = { headers: { authorization: `Basic ${secrets.get('operator') ?? ''}` } };
    expect((await new Client(service.url).get('/v1/partners', basic)).status).toBe(401);
    expect((await as('expired').get('/v1/partners')).status).toBe(401);
    expect((await as('lasting').get('/v1/partners')).status).toBe(200);
  });

  it('works until the key is removed from its file, which also ends its open streams', async () => {
    const before = readFileSync(keyFile, 'utf8');
    const { keys } = JSON.parse(before) as { keys: { id: string }[] };
    const stream = await as('withdrawn').open('/v1/events', { accept: 'text/event-stream' });
    const ended = (async () => {
      for await (const _chunk of stream.body ?? []);
    })().catch(() => undefined);
    expect((await as('withdrawn').get('/v1/partners')).status).toBe(200);
    writeFileSync(
      `${keyFile}.new`,
      JSON.stringify({ keys: keys.filter(({ id }) => id !== 'withdrawn') }),
    );
    renameSync(`${keyFile}.new`, keyFile);
    service.hangUp();
    await ended;
    expect((await as('withdrawn').get('/v1/partners')).status).toBe(401);
    expect((await as('reporting').get('/v1/partners')).status).toBe(200);
    expect((await operator.get('/metrics')).text).toContain('sekisho_key_file_usable 1');
    writeFileSync(keyFile, before.slice(0, 100));
    service.hangUp();
    const isRefused = async () =>
      (await operator.get('/metrics')).text.includes('sekisho_key_file_usable 0');
    for (let looks = 0; looks < 50 && !(await isRefused()); looks++)
      await new Promise((done) => setTimeout(done, 100));
    expect([await isRefused(), (await as('reporting').get('/v1/partners')).status]).toEqual([
      true,
      200,
    ]);
  });

  it('is not needed on public routes', async () => {
    for (const path of [
      '/health/live',
      '/health/ready',
      '/openapi.json',
      '/docs',
      '/problems/order-refused',
    ])
      expect([path, (await fetch(service.url + path)).status]).toEqual([path, 200]);
  });

  it('has no development keys when authentication is configured', () => {
    expect(() => service.as('operator')).toThrow();
  });
});

describe('roles', () => {
  const tenant = randomUUID();
  const order = orderOf('nobody', tenant);
  const everyone: readonly Role[] = ['order-entry', 'auditor', 'reporting', 'operator'];
  const clerks: readonly Role[] = ['order-entry', 'operator'];
  const readers: readonly Role[] = ['auditor', 'reporting', 'operator'];
  const experts: readonly Role[] = ['auditor', 'operator'];
  const routes: readonly (readonly [
    string,
    string,
    object | string | undefined,
    readonly Role[],
  ])[] = [
    ['POST', '/v1/eligibility-checks', order, everyone],
    ['POST', '/v1/orders', order, clerks],
    ['POST', `/v1/orders/${randomUUID()}/cancellation`, { reason: 'x' }, clerks],
    ['GET', '/v1/orders', undefined, everyone],
    ['GET', `/v1/orders/${randomUUID()}`, undefined, everyone],
    ['GET', `/v1/orders/${randomUUID()}/explanation`, undefined, everyone],
    ['PUT', `/v1/customers/${tenant}`, { legalName: 'K', country: 'JP' }, clerks],
    ['GET', '/v1/customers', undefined, everyone],
    ['GET', `/v1/customers/${tenant}`, undefined, everyone],
    ['POST', `/v1/customers/${tenant}/agreements`, {}, clerks],
    ['POST', `/v1/customers/${tenant}/agreements/withdrawal`, {}, clerks],
    ['POST', `/v1/customers/${tenant}/csp-association`, {}, clerks],
    ['POST', `/v1/customers/${tenant}/partner-relationships`, {}, clerks],
    ['POST', `/v1/customers/${tenant}/closure`, {}, clerks],
    ['DELETE', `/v1/customers/${tenant}/personal-data`, undefined, ['operator']],
    ['DELETE', '/v1/partners/nobody/personal-data', undefined, ['operator']],
    ['GET', '/v1/offers?market=JP', undefined, ['order-entry', 'auditor', 'operator']],
    ['GET', '/v1/partners', undefined, readers],
    ['GET', `/v1/partners/${MINE}`, undefined, readers],
    ['PUT', '/v1/partners/nobody', {}, ['operator']],
    ['POST', '/v1/partners/nobody/memberships', {}, ['operator']],
    ['POST', '/v1/partners/nobody/memberships/end', {}, ['operator']],
    ['POST', '/v1/partners/nobody/direct-bill-authorization', {}, ['operator']],
    ['POST', `/v1/partners/nobody/csp-tenants/${tenant}/end`, {}, ['operator']],
    ['PUT', '/v1/price-lists/JP/2026-11', 'ProductTitle\n', ['operator']],
    ['PUT', '/v1/exchange-rates/2026-11', {}, ['operator']],
    ['PUT', '/v1/policies/2031-01-01', { x: 1 }, ['operator']],
    ['GET', '/v1/policies', undefined, experts],
    ['PUT', '/v1/agreement-versions/x', {}, ['operator']],
    ['GET', '/v1/events', undefined, experts],
    ['GET', '/v1/projections', undefined, readers],
    ['GET', '/metrics', undefined, ['metrics', 'auditor', 'operator']],
    ['GET', '/v1/reports', undefined, readers],
    ['GET', '/v1/reports/orders', undefined, readers],
    ['POST', '/v1/projections/nothing/rebuild', undefined, ['operator']],
    ['POST', '/v1/clock/ticks', {}, ['operator']],
    ['POST', '/v1/rulesets/x/activation', undefined, ['operator']],
  ];

  it.each(routes)(
    'allows %s %s to its roles and refuses it to all others',
    async (method, path, body, allowed) => {
      for (const role of roles) {
        const { status } = await as(role).call(
          method,
          path,
          body,
          path === '/v1/orders' && method === 'POST' ? { key: randomUUID() } : {},
        );
        expect({ role, isForbidden: status === 403 || status === 401 }).toEqual({
          role,
          isForbidden: !allowed.includes(role),
        });
        expect(status).toBeLessThan(500);
      }
    },
  );

  it('gives a key with two roles the permissions of both', async () => {
    expect([
      (await as('both').get('/v1/partners')).status,
      (await as('both').get('/v1/offers?market=JP')).status,
    ]).toEqual([200, 200]);
    expect((await as('both').get('/v1/events')).status).toBe(403);
  });

  it('refuses a forbidden role before it reads the body', async () => {
    expect((await as('auditor').put('/v1/price-lists/JP/2026-11', { not: 'a csv' })).status).toBe(
      403,
    );
    expect((await as('auditor').call('POST', '/v1/orders', 'not json')).status).toBe(403);
    expect((await as('order-entry').call('POST', '/v1/orders', 'not json')).status).toBe(415);
  });

  it('records the id of the key as the actor of an event', async () => {
    const { position } = await operator.put('/v1/partners/named', {
      legalName: 'N',
      country: 'JP',
      model: 'direct-bill',
    });
    const { body } = await as('auditor').get<{ items: { metadata: { actor: string } }[] }>(
      `/v1/events?after=${Number(position) - 1}&limit=1`,
    );
    expect(body.items[0]?.metadata.actor).toBe('key:operator');
  });
});

describe('a key that is limited to partners', () => {
  it('orders and checks eligibility for its own partners only', async () => {
    const tenantId = await customerOf(MINE);
    expect((await scoped.order(orderOf(MINE, tenantId))).status).toBe(201);
    expect((await scoped.order(orderOf(THEIRS, tenantId))).status).toBe(403);
    expect((await scoped.post('/v1/eligibility-checks', orderOf(MINE, tenantId))).status).toBe(200);
    expect((await scoped.post('/v1/eligibility-checks', orderOf(THEIRS, tenantId))).status).toBe(
      403,
    );
    // A malformed request is reported before a scope violation.
    expect((await scoped.order({ ...orderOf(THEIRS, tenantId), lines: [] })).status).toBe(400);
  });

  it('does not see a customer because of an order that its partner placed', async () => {
    const tenantId = await world.readyCustomer();
    const placed = await operator.order<OrderAnswer>(orderOf(MINE, tenantId));
    expect(placed.status).toBe(201);
    for (const path of [
      `customers/${tenantId}`,
      `customers/${tenantId}/eligibility?partnerId=${MINE}`,
      `orders/${placed.body.orderId}`,
    ])
      expect([path, (await scoped.get(`/v1/${path}`)).status]).toEqual([path, 404]);
    for (const refused of [
      await scoped.order(orderOf(MINE, tenantId)),
      await scoped.post('/v1/eligibility-checks', orderOf(MINE, tenantId)),
      await scoped.post(`/v1/orders/${placed.body.orderId}/cancellation`, { reason: 'x' }),
    ])
      expect([refused.status, refused.body['type']]).toEqual([403, '/problems/outside-scope']);
  });

  it('lists what belongs to its partners and answers 404 for the rest', async () => {
    const [mine, theirs] = [await customerOf(MINE), await customerOf(THEIRS)];
    const placed = await operator.order<OrderAnswer>(orderOf(MINE, mine));
    const others = await operator.order<OrderAnswer>(orderOf(THEIRS, theirs));
    const at = `limit=500&minPosition=${others.position}`;
    const customers = (
      await scoped.get<Page<{ tenantId: string }>>(`/v1/customers?${at}`)
    ).body.items.map(({ tenantId }) => tenantId);
    expect(customers).toContain(mine);
    expect(customers).not.toContain(theirs);
    const orders = (
      await scoped.get<Page<{ partnerId: string; orderId: string }>>(`/v1/orders?${at}`)
    ).body.items;
    expect(new Set(orders.map(({ partnerId }) => partnerId))).toEqual(new Set([MINE]));
    expect(orders.map(({ orderId }) => orderId)).toContain(placed.body.orderId);
    expect((await scoped.get<Page>(`/v1/orders?${at}&partnerId=${THEIRS}`)).body.items).toEqual([]);
    expect((await scoped.get(`/v1/orders/${others.body.orderId}`)).status).toBe(404);
    expect((await scoped.get(`/v1/orders/${others.body.orderId}/explanation`)).status).toBe(404);
    expect((await scoped.get(`/v1/customers/${theirs}`)).status).toBe(404);

    const reporting = as('scoped-reporting');
    const partners = (
      await reporting.get<Page<{ partnerId: string }>>(`/v1/partners?${at}`)
    ).body.items.map(({ partnerId }) => partnerId);
    expect(partners).toEqual([MINE]);
    expect((await reporting.get(`/v1/partners/${THEIRS}`)).status).toBe(404);
    expect((await reporting.get(`/v1/partners/${MINE}`)).status).toBe(200);
  });

  it('writes within its scope only', async () => {
    const [mine, theirs] = [await customerOf(MINE), await customerOf(THEIRS)];
    const agreement = {
      signedOn: today,
      country: 'JP',
      language: 'ja-JP',
      signatory: { firstName: 'T', lastName: 'S', email: 't@s.example' },
      method: 'partner-attested',
    };
    const association = { associated: true, observedOn: today, source: 'x' };
    for (const [tenantId, status] of [
      [mine, 201],
      [theirs, 403],
    ] as const) {
      const details = { legalName: `Renamed ${tenantId}`, country: 'JP' };
      expect((await scoped.put(`/v1/customers/${tenantId}`, details)).status).toBe(
        status === 201 ? 200 : 403,
      );
      expect((await scoped.post(`/v1/customers/${tenantId}/agreements`, agreement)).status).toBe(
        status,
      );
      expect(
        (await scoped.post(`/v1/customers/${tenantId}/csp-association`, association)).status,
      ).toBe(status);
    }
    const others = await operator.order<OrderAnswer>(orderOf(THEIRS, await world.readyCustomer()));
    expect(
      (await scoped.post(`/v1/orders/${others.body.orderId}/cancellation`, { reason: 'x' })).status,
    ).toBe(403);
    const operates = as('scoped-operator');
    for (const [partnerId, status] of [
      [MINE, 201],
      [THEIRS, 403],
    ] as const)
      expect(
        (
          await operates.post(`/v1/partners/${partnerId}/services`, {
            kind: 'ip-service',
            name: 'B',
            from: today,
          })
        ).status,
      ).toBe(status);
    expect(
      (
        await operates.put(`/v1/partners/${THEIRS}`, {
          legalName: 'x',
          country: 'JP',
          model: 'indirect-reseller',
        })
      ).status,
    ).toBe(403);
  });

  it('acts on the direct-bill applications of its own partners only and sees no others', async () => {
    const operates = as('scoped-operator');
    const submitted = async (partnerId: string) =>
      String(
        (await world.say('POST', `/v1/partners/${partnerId}/direct-bill-applications`))[
          'applicationId'
        ],
      );
    for (const [application, taken, read] of [
      [await submitted(MINE), 201, 200],
      [await submitted(THEIRS), 403, 404],
      [randomUUID(), 403, 404],
    ] as const) {
      const at = `/v1/direct-bill-applications/${application}`;
      expect((await operates.post(`${at}/information-requests`)).status).toBe(taken);
      expect((await as('scoped-reporting').get(at)).status).toBe(read);
    }
    expect((await operates.post(`/v1/partners/${THEIRS}/direct-bill-applications`)).status).toBe(
      403,
    );
    expect(
      (await as('scoped-reporting').get(`/v1/partners/${THEIRS}/direct-bill-applications`)).status,
    ).toBe(404);
  });

  it('changes nothing that all partners share and does not read the whole log', async () => {
    const operates = as('scoped-operator');
    const answers = [
      await operates.put('/v1/policies/2031-01-01', { tenantCheckMaxAgeDays: 30 }),
      await operates.put('/v1/exchange-rates/2031-01', { usdPerUnit: { JPY: '0.0067' } }),
      await operates.put('/v1/agreement-versions/other', { from: '2031-01-01' }),
      await operates.post('/v1/clock/ticks', { on: today }),
      await operates.post('/v1/projections/orders/rebuild', {}),
      await operates.get('/v1/events'),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 403));
  });

  it('names the partner of a new customer, which records the relationship', async () => {
    const tenantId = randomUUID();
    const put = (body: object) =>
      scoped.put(`/v1/customers/${tenantId}`, { legalName: 'New', country: 'JP', ...body });
    expect((await put({})).status).toBe(403);
    expect((await put({ partnerId: THEIRS })).status).toBe(403);
    expect((await put({ partnerId: MINE })).status).toBe(201);
    expect((await put({ partnerId: MINE })).status).toBe(200);
    expect((await scoped.get(`/v1/customers/${tenantId}`)).body).toMatchObject({
      partnerRelationships: [{ partnerId: MINE }],
    });
  });

  it('does not clear an association, withdraw an agreement or close a customer, not even its own', async () => {
    const tenantId = await customerOf(MINE);
    const path = `/v1/customers/${tenantId}`;
    const ending = { on: today, reason: 'x' };
    expect(
      (
        await scoped.post(`${path}/csp-association`, {
          associated: false,
          observedOn: today,
          source: 'x',
        })
      ).status,
    ).toBe(403);
    expect((await scoped.post(`${path}/agreements/withdrawal`, ending)).status).toBe(403);
    expect((await scoped.post(`${path}/closure`, ending)).status).toBe(403);
    expect(
      (
        await scoped.post(`${path}/csp-association`, {
          associated: true,
          observedOn: today,
          source: 'x',
        })
      ).status,
    ).toBe(201);
  });

  it('cannot bring another partner’s customer into its scope by stating a relationship', async () => {
    const theirs = await customerOf(THEIRS);
    expect(
      (
        await scoped.post(`/v1/customers/${theirs}/partner-relationships`, {
          partnerId: MINE,
          from: today,
        })
      ).status,
    ).toBe(403);
    const mine = await customerOf(MINE);
    expect(
      (
        await scoped.post(`/v1/customers/${mine}/partner-relationships`, {
          partnerId: THEIRS,
          from: today,
        })
      ).status,
    ).toBe(403);
    expect(
      (
        await scoped.post(`/v1/customers/${mine}/partner-relationships/${MINE}/end`, {
          on: today,
          reason: 'x',
        })
      ).status,
    ).toBe(201);
  });

  it('cannot perform operations that concern all partners', async () => {
    const operates = as('scoped-operator');
    const tenantId = await customerOf(THEIRS);
    expect((await operates.delete(`/v1/customers/${tenantId}/personal-data`)).status).toBe(403);
    expect((await operates.delete(`/v1/partners/${THEIRS}/personal-data`)).status).toBe(403);
    // Ending another partner's CSP tenant concerns the partner that the path names.
    expect(
      (
        await operates.post(`/v1/partners/${THEIRS}/csp-tenants/${tenantId}/end`, {
          on: today,
          reason: 'x',
        })
      ).status,
    ).toBe(403);
  });
});
