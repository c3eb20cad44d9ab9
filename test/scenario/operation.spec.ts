import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OrderAnswer, Page, Problem } from '../support/answers.js';
import { addDays, monthOf } from '../support/calendar.js';
import type { Client } from '../support/client.js';
import { priceList } from '../support/price-lists.js';
import { backend } from '../support/backend.js';
import { sekisho } from '../support/command-line.js';
import { newDataDir, Service } from '../support/service.js';
import { wholeLog } from '../support/whole-log.js';
import { LONG_AGO, orderOf, World } from '../support/world.js';

/** Starts, stops and restarts of the service, and two processes on one data directory. */
const today = new Date().toISOString().slice(0, 10);
const started: Service[] = [];

async function start(options: Parameters<typeof Service.start>[0] = {}): Promise<Service> {
  const service = await Service.start(options);
  started.push(service);
  return service;
}
afterEach(async () => {
  for (const service of started.splice(0)) {
    await service.kill();
    service.remove();
  }
});

/** A seller and a customer that pass every rule of the gate. */
async function sellable(operator: Client): Promise<{
  readonly order: object;
  readonly world: World;
  readonly tenantId: string;
  readonly seller: string;
}> {
  const world = new World(operator, today);
  for (const month of new Set([today, addDays(today, 1)].map(monthOf)))
    await world.say(
      'PUT',
      `/v1/price-lists/JP/${month}`,
      priceList('JP', 'JPY', [{ ProductId: 'BASIC' }]),
    );
  const seller = await world.reseller(await world.provider());
  const tenantId = await world.readyCustomer();
  return { order: orderOf(seller, tenantId), world, tenantId, seller };
}

describe('the start of the service', () => {
  it('reports why it fails: another address without configured authentication', async () => {
    const failed = Service.start({ env: { HOST: '0.0.0.0' } });
    await expect(failed).rejects.toThrow(/ended with [1-9]/);
    await expect(failed).rejects.not.toThrow(/\n\s+at /);
  }, 90_000);

  // In one process, because none of these becomes a service.
  it.each([
    ['no port', { PORT: 'http' }],
    ['an unknown log', { EVENT_LOG: 'paper' }],
    ['a missing key file', { API_KEYS_FILE: '/nowhere/keys.json' }],
  ])(
    'reports why it fails: %s',
    async (_name, env: Readonly<Record<string, string>>) => {
      const dataDir = newDataDir();
      const { code, stdout, stderr } = await sekisho(['serve'], {
        dataDir,
        env: { PORT: '0', HOST: '127.0.0.1', ...env },
      });
      rmSync(dataDir, { recursive: true });
      expect(code).toBeGreaterThan(0);
      expect(stderr).not.toBe('');
      expect(stdout + stderr).not.toMatch(/\n\s+at /);
    },
    90_000,
  );
});

describe('a service', () => {
  let service: Service;
  beforeAll(async () => {
    service = await Service.start();
  }, 90_000);
  afterAll(() => service.remove());

  it('writes one key for each role, readable by the owner only', async () => {
    const file = join(service.dataDir, 'dev-keys.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const keys = readFileSync(file, 'utf8');
    expect(Object.keys(JSON.parse(keys) as object).sort()).toEqual([
      'auditor',
      'metrics',
      'operator',
      'order-entry',
      'reporting',
    ]);
    expect(service.output()).toContain('dev-keys.json');
    for (const key of Object.values(JSON.parse(keys) as Record<string, string>))
      expect(service.output()).not.toContain(key);
  });

  it('stops within five seconds, with open streams, idle connections and orders in progress', async () => {
    const { order } = await sellable(service.as('operator'));
    const stream = await service.as('auditor').open('/v1/events', { accept: 'text/event-stream' });
    expect(stream.status).toBe(200);
    const reading = stream.text().catch(() => 'cut off');
    const { hostname, port } = new URL(service.url);
    const idle = connect(Number(port), hostname);
    const half = connect(Number(port), hostname);
    half.write('POST /v1/orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{');
    for (const socket of [idle, half]) socket.on('error', () => undefined);
    const clerk = service.as('order-entry');
    const orders = Array.from({ length: 20 }, () =>
      clerk.order(order).then(
        ({ status }) => status,
        () => 'not taken',
      ),
    );
    const { code, tookMs } = await service.stop();
    expect([code, tookMs < 5_000]).toEqual([0, true]);
    for (const status of await Promise.all(orders))
      expect([201, 503, 'not taken']).toContain(status);
    await reading;
  }, 90_000);
});

describe('a service that is started again', () => {
  it('keeps its API keys, decisions, revisions, idempotency keys and lists, also when the read models are deleted', async () => {
    const service = await start();
    const { order, tenantId, seller } = await sellable(service.as('operator'));
    const key = randomUUID();
    const placed = await service.as('order-entry').order<OrderAnswer>(order, { key });
    const read = async (from: Service) => {
      const auditor = from.as('auditor');
      const paths = [
        `orders/${placed.body.orderId}`,
        `orders/${placed.body.orderId}/explanation`,
        `customers/${tenantId}`,
        `partners/${seller}`,
      ];
      const lists = ['orders', 'customers', 'partners', 'offers?market=JP'];
      const answers = await Promise.all([
        ...paths.map((path) => auditor.get(`/v1/${path}`)),
        ...lists.map((path) =>
          auditor.get(`/v1/${path}${path.includes('?') ? '&' : '?'}minPosition=${placed.position}`),
        ),
      ]);
      return answers.map(({ status, body, headers }) => ({
        status,
        body,
        etag: headers.get('etag'),
      }));
    };
    const apiKeys = () => readFileSync(join(service.dataDir, 'dev-keys.json'), 'utf8');
    const [before, keysBefore] = [await read(service), apiKeys()];
    expect(before.map(({ status }) => status)).toEqual(before.map(() => 200));
    await service.stop();
    const again = await start({ dataDir: service.dataDir });
    expect([await read(again), apiKeys()]).toEqual([before, keysBefore]);
    expect(await again.as('order-entry').order(order, { key })).toMatchObject({
      status: 201,
      replayed: true,
      body: placed.body,
    });
    await again.stop();
    if (backend === 'cluster') return; // The read models of this backend are on the server.
    const models = readdirSync(service.dataDir).filter((name) => /read-?model/i.test(name));
    expect(models).not.toEqual([]);
    for (const name of models) rmSync(join(service.dataDir, name), { recursive: true });
    expect(await read(await start({ dataDir: service.dataDir }))).toEqual(before);
  }, 120_000);
});

/** A process whose clock is this many seconds slow. */
async function withSlowClock(dataDir: string, seconds: number): Promise<Service> {
  const file = join(dataDir, `slow-${seconds}.mjs`);
  writeFileSync(
    file,
    `const now = Date.now; const Real = Date; globalThis.Date = class extends Real { constructor(...a) { if (a.length) super(...a); else super(now() - ${seconds * 1000}); } static now() { return now() - ${seconds * 1000}; } };`,
  );
  return Service.start({ dataDir, env: { NODE_OPTIONS: `--import=${pathToFileURL(file).href}` } });
}

describe('two processes on one data directory', () => {
  let here: Service;
  let there: Service;
  beforeAll(async () => {
    const dataDir = newDataDir();
    [here, there] = await Promise.all([Service.start({ dataDir }), Service.start({ dataDir })]);
  }, 90_000);
  afterAll(async () => {
    await here.stop();
    await there.stop();
    here.remove();
  });

  it('create one log when they start on an empty directory at the same time', async () => {
    const services = [here, there];
    const logs = await Promise.all(services.map((service) => wholeLog(service.as('auditor'))));
    expect(logs[0]?.filter(({ type }) => type === 'LogCreated')).toHaveLength(1);
    expect(logs[0]?.filter(({ type }) => type === 'PolicyPublished')).toHaveLength(1);
    for (const log of logs) expect(log.map(({ id }) => id)).toEqual(logs[0]?.map(({ id }) => id));
    const { order } = await sellable(here.as('operator'));
    for (const service of services)
      expect((await service.as('order-entry').order(order)).status).toBe(201);
  });

  it('decide on everything that the other has just recorded', async () => {
    const { world, order, seller, tenantId } = await sellable(here.as('operator'));
    expect((await there.as('order-entry').order(order)).status).toBe(201);
    const providers: string[] = [];
    for (let more = 0; more < 12; more++) {
      const providerId = await world.provider();
      providers.push(providerId);
      await world.fact(seller, 'provider-relationships', { providerId });
    }
    const ambiguous = await there.as('order-entry').order<OrderAnswer>(order);
    expect([ambiguous.status, ambiguous.body.reasons]).toEqual([422, ['provider-ambiguous']]);
    // Twelve streams change in one process. The other must read them before it has been notified.
    await Promise.all(
      providers.map((id) =>
        world.say('POST', `/v1/partners/${id}/provider-authorization/end`, {
          on: today,
          reason: 'x',
        }),
      ),
    );
    expect((await there.as('order-entry').order(order)).status).toBe(201);
    await world.say(
      'PUT',
      `/v1/price-lists/JP/${monthOf(today)}`,
      priceList('JP', 'JPY', [{ ProductId: 'BASIC', UnitPrice: '7' }]),
    );
    expect((await there.as('order-entry').order<OrderAnswer>(order)).body.total?.amount).toBe('35');
    await world.withdraw(tenantId);
    expect((await there.as('order-entry').order<OrderAnswer>(order)).body.reasons).toEqual([
      'agreement-withdrawn',
    ]);
  }, 90_000);

  it('keep a key for one request, on every route and in both processes', async () => {
    const key = randomUUID();
    const id = `p-${randomUUID()}`;
    const body = {
      legalName: 'One KK',
      country: 'JP',
      model: 'direct-bill',
      cspTenantIds: [randomUUID()],
    };
    const first = await here.as('operator').put(`/v1/partners/${id}`, body, { key });
    expect([first.status, first.replayed]).toEqual([201, false]);
    const again = await there.as('operator').put(`/v1/partners/${id}`, body, { key });
    expect([again.status, again.replayed, again.body, again.position]).toEqual([
      201,
      true,
      first.body,
      first.position,
    ]);
    for (const [path, other] of [
      [`/v1/partners/${id}/memberships`, { from: LONG_AGO }],
      ['/v1/orders', orderOf(id, randomUUID())],
    ] as const)
      expect((await there.as('operator').post<Problem>(path, other, { key })).body.type).toBe(
        '/problems/idempotency-key-reused',
      );
  });

  it('keep the key of an upload for its content', async () => {
    const key = randomUUID();
    const put = (service: Service, price: string) =>
      service
        .as('operator')
        .put<Problem>(
          '/v1/price-lists/FR/2031-01',
          priceList('FR', 'EUR', [{ ProductId: 'A', UnitPrice: price }]),
          { key },
        );
    expect((await put(here, 'x')).status).toBe(422);
    const first = await put(here, '1.50');
    expect([
      first.status,
      (await put(there, '1.50')).replayed,
      (await put(there, '1.50')).text,
    ]).toEqual([201, true, first.text]);
    expect((await put(there, '2.50')).body.type).toBe('/problems/idempotency-key-reused');
  });

  it('cancel an order once when both are asked at the same time', async () => {
    const { order, world, seller } = await sellable(here.as('operator'));
    const { body } = await here
      .as('order-entry')
      .order<OrderAnswer>({ ...order, tenantId: await world.readyCustomer(), partnerId: seller });
    const cancel = (service: Service) =>
      service.as('order-entry').post(`/v1/orders/${body.orderId}/cancellation`, { reason: 'x' });
    const answers = await Promise.all([here, there, here, there].map(cancel));
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
    for (const { status } of answers) expect(status).toBeLessThan(500);
    const cancelled = await wholeLog(there.as('auditor'), '&type=OrderCancelled');
    expect(cancelled.filter(({ data }) => data['orderId'] === body.orderId)).toHaveLength(1);
  });

  it('return the same lists, whichever process projects', async () => {
    const { position } = await there
      .as('operator')
      .put(`/v1/customers/${randomUUID()}`, { legalName: 'There', country: 'JP' });
    const list = async (service: Service) =>
      (await service.as('auditor').get<Page>(`/v1/customers?limit=500&minPosition=${position}`))
        .body;
    expect(await list(here)).toEqual(await list(there));
  });

  it('refuse commands when the clock of one is more than a minute slow, and never record a time before the log’s last', async () => {
    const { order } = await sellable(here.as('operator'));
    const slow = await withSlowClock(here.dataDir, 90);
    const refused = await slow.as('order-entry').order<Problem>(order);
    expect([refused.status, refused.body.type, refused.headers.has('retry-after')]).toEqual([
      503,
      '/problems/clock-behind',
      true,
    ]);
    expect((await slow.as('auditor').post('/v1/eligibility-checks', order)).status).toBeLessThan(
      500 + 4,
    );
    const late = await withSlowClock(here.dataDir, 30);
    expect((await late.as('order-entry').order(order)).status).toBe(201);
    const instants = (await wholeLog(late.as('auditor'))).map(({ recordedAt }) => recordedAt);
    expect(instants).toEqual([...instants].sort());
    await Promise.all([slow.stop(), late.stop()]);
  }, 90_000);

  it('continue when the one that projects is killed', async () => {
    const third = await start({ dataDir: here.dataDir });
    await here.kill();
    const { position } = await there
      .as('operator')
      .put(`/v1/customers/${randomUUID()}`, { legalName: 'Left', country: 'JP' });
    const read = async () =>
      (await there.as('auditor').get(`/v1/customers?minPosition=${position}`)).status;
    for (const until = Date.now() + 30_000; Date.now() < until && (await read()) !== 200;)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await read()).toBe(200);
    await third.stop();
  }, 90_000);
});
