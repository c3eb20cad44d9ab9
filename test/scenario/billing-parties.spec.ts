import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Loose, Page } from '../support/answers.js';
import type { Answer, Client } from '../support/client.js';
import { Service } from '../support/service.js';
import { World } from '../support/world.js';

/** The parties of billing and the tax rates over HTTP. */
const address = { lines: ['1-1 Marunouchi'], city: 'Chiyoda-ku', country: 'JP' };
const entityOf = (partnerId: string, more: object = {}) => ({
  partnerId,
  legalName: 'Kansai Cloud KK',
  address,
  currency: 'JPY',
  language: 'ja',
  numberPrefix: 'KC-',
  timeZone: 'Asia/Tokyo',
  taxRounding: 'truncate',
  pricing: { basis: 'erp-price', adjustmentPercent: '-5' },
  ...more,
});
const code = ({ status, body }: Answer<Loose>): readonly [number, string] => [
  status,
  String(body['type']).replace('/problems/', ''),
];
const newId = (): string => `entity-${randomUUID().slice(0, 13)}`;
const addressOf = (entityId: string): string => `/v1/billing-entities/${entityId}`;

let service: Service;
let operator: Client;
let world: World;

beforeAll(async () => {
  service = await Service.start();
  operator = service.as('operator');
  world = new World(operator, new Date().toISOString().slice(0, 10));
}, 60_000);
afterAll(async () => {
  await service.stop();
  service.remove();
});

describe('a billing entity', () => {
  it('is registered, repeated, changed under its ETag, read and listed', async () => {
    const partnerId = await world.partner('direct-bill');
    const at = addressOf(newId());
    const stated = entityOf(partnerId, { taxId: 'T7000012050002' });
    const created = await operator.put(at, stated, { headers: { 'if-none-match': '*' } });
    expect([created.status, created.body]).toMatchObject([
      201,
      { ...stated, paymentTermsDays: 30, warnings: [] },
    ]);
    const again = await operator.put(at, stated, { headers: { 'if-none-match': '*' } });
    expect(code(again)).toEqual([412, 'precondition-failed']);
    expect((await operator.put(at, stated)).status).toBe(200);

    const etag = String(created.headers.get('etag'));
    const changed = { ...stated, legalName: 'Kinki Cloud KK', paymentTermsDays: 60 };
    const { status, position } = await operator.put(at, changed, { ifMatch: etag });
    expect(status).toBe(200);
    expect(code(await operator.put(at, stated, { ifMatch: etag }))).toEqual([
      412,
      'precondition-failed',
    ]);
    // Absent payment terms are unchanged; null restores the default.
    const { paymentTermsDays: _terms, ...rest } = changed;
    expect((await operator.put(at, rest)).body).toMatchObject({ paymentTermsDays: 60 });
    const reset = await operator.put(at, { ...rest, paymentTermsDays: null, taxId: null });
    expect(reset.body).toMatchObject({ paymentTermsDays: 30 });
    expect(reset.body).not.toHaveProperty('taxId');

    const read = await operator.get(at);
    expect(read.body).toEqual(reset.body);
    const unchanged = { 'if-none-match': String(read.headers.get('etag')) };
    expect((await operator.get(at, { headers: unchanged })).status).toBe(304);
    const list = `/v1/billing-entities?partnerId=${partnerId}&minPosition=${reset.position}`;
    expect(Number(reset.position)).toBeGreaterThan(Number(position));
    expect((await operator.get<Page<Loose>>(list)).body).toEqual({
      items: [reset.body],
      nextCursor: null,
    });
  });

  it('is one for each partner, and its id belongs to one partner, also in parallel requests', async () => {
    const [mine, theirs] = [await world.partner('direct-bill'), await world.partner('direct-bill')];
    const ids = Array.from({ length: 8 }, newId);
    const answers = await Promise.all(ids.map((id) => operator.put(addressOf(id), entityOf(mine))));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      201,
      ...ids.slice(1).map(() => 422),
    ]);
    const winner = answers.find(({ status }) => status === 201)!.body['entityId'];
    for (const refused of answers.filter(({ status }) => status === 422))
      expect(refused.body).toMatchObject({
        type: '/problems/billing-entity-exists',
        entityId: winner,
      });

    const taken = await operator.put(addressOf(String(winner)), entityOf(theirs), {
      language: 'ja',
    });
    expect(code(taken)).toEqual([422, 'billing-entity-of-another-partner']);
    expect(taken.body['title']).toBe('この請求主体は別のパートナーのものです');
    expect(code(await operator.put(addressOf(newId()), entityOf('nobody')))).toEqual([
      404,
      'partner-unknown',
    ]);
    expect((await operator.get(addressOf(newId()))).status).toBe(404);
  });

  it.each([
    ['a registration number of 12 digits', { taxId: 'T700001205000' }, '/taxId', 'format'],
    ['an offset for a time zone', { timeZone: '+09:00' }, '/timeZone', 'format'],
    ['a currency that ISO 4217 does not have', { currency: 'XXX' }, '/currency', 'enum'],
    ['a price below zero', { pricing: { basis: 'erp-price', adjustmentPercent: '-100.01' } }, '/pricing/adjustmentPercent', 'pattern'],
    ['a number for a decimal', { pricing: { basis: 'erp-price', adjustmentPercent: -5 } }, '/pricing/adjustmentPercent', 'type'],
    ['five address lines', { address: { ...address, lines: ['1', '2', '3', '4', '5'] } }, '/address/lines', 'length'],
    ['another language', { language: 'fr' }, '/language', 'enum'],
    ['an unknown field', { colour: 'red' }, '/colour', 'unknown-field'],
  ])('is malformed with %s', async (_what, more, path, fault) => {
    const partnerId = await world.partner('direct-bill');
    const { status, body } = await operator.put(addressOf(newId()), entityOf(partnerId, more));
    expect([status, body['errors']]).toMatchObject([400, [{ path, code: fault }]]);
  }); // prettier-ignore

  it('answers a wrong check digit with a warning, in the language of the request', async () => {
    const partnerId = await world.partner('direct-bill');
    const stated = entityOf(partnerId, { taxId: 'T8000012050002' });
    const { status, body } = await operator.put(addressOf(newId()), stated, { language: 'ja' });
    expect([status, body['warnings']]).toMatchObject([
      201,
      [{ path: '/taxId', code: 'check-digit', message: expect.stringContaining('検査用数字') }],
    ]);
  });

  it('is answered from its first answer for a repeated key', async () => {
    const partnerId = await world.partner('direct-bill');
    const at = addressOf(newId());
    const first = await operator.put(at, entityOf(partnerId), { key: `k-${at}` });
    await operator.put(at, entityOf(partnerId, { legalName: 'Renamed' }));
    const again = await operator.put(at, entityOf(partnerId), { key: `k-${at}` });
    expect([again.status, again.replayed, again.body]).toEqual([201, true, first.body]);
    const other = await operator.put(at, entityOf(partnerId, { language: 'en' }), {
      key: `k-${at}`,
    });
    expect(code(other)).toEqual([422, 'idempotency-key-reused']);
  });
});

describe('a billing profile', () => {
  const full = {
    address,
    taxId: 'X1',
    purchaseOrder: 'PO-1',
    paymentTermsDays: 60,
    language: 'en',
    taxTreatment: { treatment: 'exempt', reason: 'charity' },
  };

  it.each([
    ['customer', 'customers', () => world.customer(), 'customer-unknown'],
    ['partner', 'partners', () => world.partner('indirect-reseller'), 'partner-unknown'],
  ] as const)('of a %s is registered, changed and read', async (kind, path, make, unknown) => {
    const id = await make();
    const at = `/v1/${path}/${id}/billing-profile`;
    expect((await operator.get(at)).status).toBe(404);
    const created = await operator.put(at, full);
    expect([created.status, created.body]).toEqual([201, { payer: `${kind}:${id}`, ...full }]);
    const etag = String(created.headers.get('etag'));
    const cleared = await operator.put(at, { address, taxTreatment: null }, { ifMatch: etag });
    const { taxTreatment: _treatment, ...rest } = full;
    expect([cleared.status, cleared.body]).toEqual([200, { payer: `${kind}:${id}`, ...rest }]);
    expect((await operator.get(at)).body).toEqual(cleared.body);
    const nobody = `/v1/${path}/${randomUUID()}/billing-profile`;
    expect(code(await operator.put(nobody, full))).toEqual([404, unknown]);
  });

  it('needs a reason for a tax treatment', async () => {
    const at = `/v1/customers/${await world.customer()}/billing-profile`;
    const { status, body } = await operator.put(at, {
      address,
      taxTreatment: { treatment: 'exempt' },
    });
    expect([status, body['errors']]).toMatchObject([
      400,
      [{ path: '/taxTreatment/reason', code: 'required' }],
    ]);
  });
});

describe('tax rates', () => {
  it('are published from a day on, corrected, read and listed by country', async () => {
    const at = '/v1/tax-rates/JP/2019-10-01';
    const rates = { standard: '0.10', reduced: '0.08' };
    const created = await operator.put(at, { rates }, { headers: { 'if-none-match': '*' } });
    expect([created.status, created.body]).toEqual([
      201,
      { country: 'JP', from: '2019-10-01', rates },
    ]);
    expect((await operator.put(at, { rates })).status).toBe(200);
    await operator.put('/v1/tax-rates/DE/2007-01-01', { rates: { standard: '0.19' } });
    const earlier = { country: 'JP', from: '2014-04-01', rates: { standard: '0.08' } };
    await operator.put('/v1/tax-rates/JP/2014-04-01', { rates: earlier.rates });
    const corrected = await operator.put(at, { rates: { standard: '0.10' } });
    expect(corrected.status).toBe(201);
    const read = await operator.get(at);
    expect(read.body).toEqual(corrected.body);
    const list = `/v1/tax-rates?country=JP&minPosition=${corrected.position}`;
    expect((await operator.get<Page<Loose>>(list)).body.items).toEqual([corrected.body, earlier]);
    expect((await operator.get<Page<Loose>>('/v1/tax-rates')).body.items).toHaveLength(3);
    expect((await operator.get('/v1/tax-rates/JP/2019-10-02')).status).toBe(404);
  });

  it.each([
    ['no rate', {}],
    ['a rate above 1', { standard: '1.1' }],
    ['a negative rate', { standard: '-0.1' }],
    ['a number', { standard: 0.1 }],
    ['a category with a blank', { 'of food': '0.08' }],
  ])('are malformed with %s', async (_what, rates) => {
    expect((await operator.put('/v1/tax-rates/JP/2030-01-01', { rates })).status).toBe(400);
  });

  it.each(['/v1/tax-rates/ZZ/2019-10-01', '/v1/tax-rates/JP/2019-02-30'])(
    'have no address %s',
    async (at) => {
      expect((await operator.put(at, { rates: { standard: '0.10' } })).status).toBe(400);
    },
  );

  it.each(['auditor', 'reporting', 'order-entry'] as const)(
    'are not published by %s',
    async (role) => {
      const by = service.as(role);
      const at = '/v1/tax-rates/JP/2019-10-01';
      expect((await by.put(at, { rates: { standard: '0.10' } })).status).toBe(403);
      expect((await by.get(at)).status).toBe(role === 'auditor' ? 200 : 403);
    },
  );
});
