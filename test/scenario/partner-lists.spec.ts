import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Decision, Loose, OrderAnswer, Page } from '../support/answers.js';
import { monthOf, stillNoon } from '../support/calendar.js';
import type { Answer, Client, RequestOptions } from '../support/client.js';
import { priceList, type Row } from '../support/price-lists.js';
import { Service } from '../support/service.js';
import { line, orderOf, World } from '../support/world.js';

/** A partner's selling prices and the offers that it owns, over HTTP. */
const { date: today, instant } = stillNoon();
const month = monthOf(today);
const code = ({ status, body }: Answer<Loose>): readonly [number, string] => [
  status,
  String(body['type']).replace('/problems/', ''),
];

let service: Service;
let operator: Client;
let world: World;
let owner: string;
let provider: string;

beforeAll(async () => {
  service = await Service.start({ env: { CLOCK: 'manual' } });
  operator = service.as('operator');
  world = new World(operator, today);
  await world.say('POST', '/v1/clock/ticks', { on: today, at: instant });
  provider = await world.provider();
  owner = await world.reseller(provider);
  await world.say(
    'PUT',
    `/v1/price-lists/JP/${month}`,
    priceList('JP', 'JPY', [{ ProductId: 'BASIC', UnitPrice: '4500' }]),
  );
}, 60_000);
afterAll(async () => {
  await service.stop();
  service.remove();
});

const upload = (at: string, csv: string, options?: RequestOptions) =>
  operator.put<Loose>(at, csv, options);

describe('selling prices', () => {
  const at = (): string => `/v1/selling-prices/${owner}/JP/${month}`;
  const prices = (...rows: readonly Row[]): string => priceList('JP', 'JPY', rows);
  const listed = async (minPosition: string) =>
    (await operator.get<Page<Loose>>(`${at()}?minPosition=${minPosition}`)).body.items;

  it('are published, repeated, replaced under their ETag, and read row by row', async () => {
    expect((await operator.get(at())).status).toBe(404);
    const csv = prices({ ProductId: 'BASIC', SellingPrice: '5500', UnitPrice: '' });
    const created = await upload(at(), csv);
    expect([created.status, created.body]).toEqual([
      201,
      { accepted: 1, rejected: [], skipped: 0, columnsNotRead: [] },
    ]);
    expect((await upload(at(), csv)).status).toBe(200);
    // The price column of a price list is read too.
    expect((await upload(at(), prices({ ProductId: 'BASIC', UnitPrice: '5500' }))).status).toBe(
      200,
    );
    expect(await listed(created.position)).toMatchObject([
      { row: 1, offerId: 'BASIC:0001', sellingPrice: '5500', currency: 'JPY', term: 'P1M' },
    ]);

    const etag = String(created.headers.get('etag'));
    const other = prices({ ProductId: 'BASIC', SellingPrice: '5600' }, { ProductId: 'PRO' });
    const rejected = await upload(at(), other, { ifMatch: etag });
    expect([...code(rejected), rejected.body['rejected']]).toEqual([
      422,
      'price-list-rejected',
      [{ row: 2, reason: 'SellingPrice is empty' }],
    ]);
    const more = prices(
      { ProductId: 'BASIC', SellingPrice: '5600' },
      { ProductId: 'PRO', SellingPrice: '9000' },
    );
    const replaced = await upload(at(), more, { ifMatch: etag });
    expect([replaced.status, replaced.headers.get('etag')]).toEqual([201, '"1"']);
    expect(code(await upload(at(), csv, { ifMatch: etag }))).toEqual([412, 'precondition-failed']);
    expect((await listed(replaced.position)).map(({ sellingPrice }) => sellingPrice)).toEqual([
      '5600',
      '9000',
    ]);
  });

  it.each([
    ['a partner that is not registered', `nobody/JP/${month}`, [404, 'partner-unknown']],
    ['a market that does not exist', `${'$owner'}/ZZ/${month}`, [422, 'market-unknown']],
    ['a month that is none', `${'$owner'}/JP/2026-13`, [400, 'malformed-request']],
  ] as const)('of %s are refused', async (_what, path, expected) => {
    const address = `/v1/selling-prices/${path.replace('$owner', owner)}`;
    expect(code(await upload(address, prices({ ProductId: 'A', SellingPrice: '1' })))).toEqual(
      expected,
    );
  });

  it('need a key and a price', async () => {
    const short =
      'ProductId,SkuId,TermDuration,BillingPlan,Currency,Sell Price\nA,1,P1M,Monthly,JPY,1\n';
    const { body } = await upload(at(), short);
    expect(body['rejected']).toEqual([
      { row: 0, reason: 'column SellingPrice or UnitPrice is missing' },
      { row: 0, reason: expect.stringContaining('seems to be a price') },
    ]);
  });
});

describe('partner-owned offers', () => {
  const at = (partnerId: string): string => `/v1/partners/${partnerId}/offers/${month}`;
  const own = (...rows: readonly Row[]): string => priceList('JP', 'JPY', rows);
  const orderFor = (partnerId: string, tenantId: string, offerId: string) =>
    orderOf(partnerId, tenantId, line(offerId));

  it('are ordered from their partner, judged on its membership and the customer alone', async () => {
    const published = await upload(
      at(owner),
      own({ ProductId: 'SUPPORT', UnitPrice: '1200', TaxCategory: 'reduced' }),
    );
    expect([published.status, published.body]).toMatchObject([201, { accepted: 1 }]);
    // Neither an agreement nor a checked tenant.
    const tenantId = await world.customer();
    const { status, body } = await operator.order<OrderAnswer>(
      orderFor(owner, tenantId, 'SUPPORT:1'),
    );
    expect([status, body.total]).toEqual([201, { amount: '6000', currency: 'JPY' }]);
    const outcomes = Map.groupBy(body.decision.checks, ({ outcome }) => outcome);
    expect(outcomes.get('pass')!.map(({ rule }) => rule)).toEqual(['SELLER-1', 'CUSTOMER-1']);
    expect(outcomes.get('not-applicable')).toHaveLength(15);
    const read = await operator.get<{ lines: readonly Loose[] }>(`/v1/orders/${body.orderId}`);
    expect(read.body.lines).toMatchObject([{ family: 'partner-owned', unitPrice: '1200' }]);

    const others = await world.directBill();
    const refused = await operator.order<Loose>(orderFor(others, tenantId, 'SUPPORT:1'));
    expect(refused.body['reasons']).toEqual(
      expect.arrayContaining(['agreement-missing', 'offer-not-on-price-list']),
    );
    const mixed = orderFor(owner, tenantId, 'SUPPORT:1');
    const asked = await operator.post<{ decision: Decision }>('/v1/eligibility-checks', {
      ...mixed,
      lines: [...mixed.lines, line('BASIC:0001')],
    });
    expect(asked.body.decision.checks.flatMap(({ reason }) => reason ?? [])).toEqual([
      'agreement-missing',
      'tenant-association-unverified',
    ]);
  });

  it('are listed for their partner, after the offers of the market', async () => {
    const partnerId = await world.reseller(provider);
    const { position } = await upload(
      at(partnerId),
      own({ ProductId: 'BACKUP' }, { ProductId: 'BASIC', UnitPrice: '1' }),
    );
    const offers = async (query: string) =>
      (
        await operator.get<Page<Loose>>(`/v1/offers?market=JP&minPosition=${position}${query}`)
      ).body.items.map((item) => [item['offerId'], item['partnerId'], item['family']]);
    const basic = ['BASIC:0001', undefined, 'cloud'];
    expect(await offers('')).toEqual([basic]);
    expect(await offers(`&partnerId=${partnerId}`)).toEqual([
      basic,
      ['BACKUP:0001', partnerId, 'partner-owned'],
    ]);
    expect(await offers(`&partnerId=${owner}`)).not.toContainEqual([
      'BACKUP:0001',
      expect.anything(),
      expect.anything(),
    ]);
  });

  it('are refused with their faults, and change nothing when they are repeated', async () => {
    const partnerId = await world.reseller(provider);
    const faulty = await upload(
      at(partnerId),
      own({ ProductId: 'A', Family: 'cloud' }, { ProductId: 'B', Market: 'ZZ' }),
    );
    expect([...code(faulty), faulty.body['rejected']]).toEqual([
      422,
      'price-list-rejected',
      [
        { row: 1, reason: 'Family "cloud" is none of partner-owned' },
        { row: 2, reason: 'Market "ZZ" is not a market code' },
      ],
    ]);
    const csv = own({ ProductId: 'A', Family: 'partner-owned' }, { ProductId: 'B', Market: '' });
    const first = await upload(at(partnerId), csv, { headers: { 'if-none-match': '*' } });
    expect([first.status, first.headers.get('etag')]).toEqual([201, '"0"']);
    expect((await upload(at(partnerId), csv)).status).toBe(200);
    expect(code(await upload(at(`nobody-${randomUUID()}`), csv))).toEqual([404, 'partner-unknown']);
  });
});
