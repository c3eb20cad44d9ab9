import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Loose, Page } from '../support/answers.js';
import { addDays } from '../support/calendar.js';
import type { Answer, Client } from '../support/client.js';
import { priceList, type Row } from '../support/price-lists.js';
import { Service } from '../support/service.js';
import { World } from '../support/world.js';

/** Subscriptions and their charges over HTTP, on a manual clock that moves fourteen months. */
const year = new Date().getUTCFullYear() + 1;
const first = `${year}-06-18`;
const usd = (amount: string) => ({ amount, currency: 'USD' });
const code = ({ status, body }: Answer<Loose>): readonly [number, string] => [
  status,
  String(body['type']).replace('/problems/', ''),
];
const offer = (sku: string, term: string, plan: string, price: string, more: Row = {}): Row => ({
  ProductId: 'CFQ7TTC0LH18',
  SkuId: sku,
  TermDuration: term,
  BillingPlan: plan,
  UnitPrice: price,
  'ERP Price': price,
  ...more,
});
const rows = (price: string, yearly: string): readonly Row[] => [
  offer('0001', 'P1M', 'Monthly', price, { MaxQuantity: '40' }),
  offer('0001', 'P1Y', 'Monthly', yearly),
  offer('0009', '', 'OneTime', '250.00', { Family: 'perpetual-software' }),
];

let service: Service;
let operator: Client;
let clerk: Client;
let world: World;
let partnerId: string;
let tenantId: string;
let position = '0';

const tick = async (on: string): Promise<void> => {
  const answer = await operator.post('/v1/clock/ticks', { on });
  if (answer.status >= 300) throw new Error(answer.text);
  position = String(answer.position);
};
const order = async (...lines: readonly object[]): Promise<Loose> => {
  const body = { partnerId, tenantId, currency: 'USD', lines };
  const answer = await clerk.post<Loose>('/v1/orders', body, { key: randomUUID() });
  expect([answer.status, answer.text]).toMatchObject([201, expect.any(String)]);
  position = String(answer.position);
  return answer.body;
};
const monthly = (quantity: number) => ({
  offerId: 'CFQ7TTC0LH18:0001',
  quantity,
  term: 'P1M',
  billingPlan: 'monthly',
});
const yearly = (quantity: number) => ({ ...monthly(quantity), term: 'P1Y' });
const oneTime = (quantity: number) => ({
  offerId: 'CFQ7TTC0LH18:0009',
  quantity,
  term: 'none',
  billingPlan: 'one_time',
});
const subscriptionsOf = async (orderId: unknown): Promise<readonly Loose[]> =>
  (
    await clerk.get<Page<Loose>>(`/v1/subscriptions?tenantId=${tenantId}&minPosition=${position}`)
  ).body.items.filter((one) => one['orderId'] === orderId);
const subscribe = async (...lines: readonly object[]): Promise<string> => {
  const { orderId } = await order(...lines);
  const [subscription] = await subscriptionsOf(orderId);
  return String(subscription?.['subscriptionId']);
};
const at = (id: string, action = ''): string => `/v1/subscriptions/${id}${action}`;
const act = async (id: string, action: string, body: object): Promise<Answer<Loose>> => {
  const answer = await clerk.post<Loose>(at(id, `/${action}`), body);
  position = String(answer.position ?? position);
  return answer;
};
/** The charges of a subscription: `type half quantity amount from..to`. */
const charges = async (filter: string, since = first): Promise<readonly string[]> => {
  const found = await operator.get<Page<Loose>>(
    `/v1/charges?${filter}&from=${since}&minPosition=${position}&limit=500`,
  );
  return found.body.items.map(({ type, quantity, amount, from, to }) =>
    [type, quantity, (amount as { amount: string }).amount, `${String(from)}..${String(to)}`].join(
      ' ',
    ),
  );
};
const ofSubscription = (id: string, since?: string): Promise<readonly string[]> =>
  charges(`subscriptionId=${id}`, since);

beforeAll(async () => {
  service = await Service.start({ env: { CLOCK: 'manual' } });
  operator = service.as('operator');
  clerk = service.as('order-entry');
  world = new World(operator, first);
  await tick(first);
  partnerId = await world.directBill('US');
  tenantId = await world.customer({ country: 'US' });
  await world.sign(tenantId, { country: 'US', language: 'en-US' });
  await world.observe(tenantId);
  await world.say('PUT', '/v1/policies/0001-01-01', { tenantCheckRequired: false });
  await world.say('PUT', `/v1/billing-entities/us-${partnerId}`, {
    partnerId,
    legalName: 'Seattle Cloud Inc',
    address: { lines: ['1 Main St'], city: 'Seattle', country: 'US' },
    currency: 'USD',
    language: 'en',
    numberPrefix: 'SC-',
    timeZone: 'America/Los_Angeles',
    taxRounding: 'half-up',
    pricing: { basis: 'unit-price', adjustmentPercent: '0' },
  });
  for (let month = 6; month <= 20; month += 1) {
    const name = `${year + Math.floor((month - 1) / 12)}-${String(((month - 1) % 12) + 1).padStart(2, '0')}`;
    // A rise after the first month, which running terms do not see.
    const prices = month === 6 ? rows('10.08', '120.00') : rows('11.00', '132.00');
    await world.say('PUT', `/v1/price-lists/US/${name}`, priceList('US', 'USD', prices));
  }
}, 120_000);
afterAll(async () => {
  await service.stop();
  service.remove();
});

describe('a subscription over HTTP', () => {
  it("comes from an order line and is charged as in Microsoft's examples", async () => {
    await tick(first);
    const id = await subscribe(monthly(10));
    const read = await clerk.get<Loose>(at(id));
    expect(read.headers.get('etag')).toBe('"0"');
    expect(read.body).toMatchObject({
      status: 'active',
      quantity: 10,
      term: 'P1M',
      billingPlan: 'monthly',
      termStart: first,
      termEnd: `${year}-07-17`,
      cycle: { from: first, to: `${year}-07-17` },
      renewsOn: `${year}-07-18`,
      atTermEnd: { action: 'renew' },
      prices: { cost: usd('10.08'), customer: usd('10.08') },
      refundableQuantity: { total: 10, details: [{ quantity: 10, until: `${year}-06-25` }] },
      review: [],
    });

    await tick(addDays(first, 2));
    const up = await act(id, 'quantity', { quantity: 12 });
    expect([up.status, up.body]).toMatchObject([
      201,
      { status: 'placed', subscriptionId: id, orderId: expect.any(String) },
    ]);
    expect((await clerk.get<Loose>(at(id))).body).toMatchObject({ quantity: 12 });
    expect((await act(id, 'quantity', { quantity: 8 })).body).toMatchObject({ quantity: 8 });
    const rest = `${year}-06-20..${year}-07-17`;
    expect(await ofSubscription(id)).toEqual([
      `new 10 100.80 ${first}..${year}-07-17`,
      `addQuantity 10 -94.08 ${rest}`,
      `addQuantity 12 112.89 ${rest}`,
      `removeQuantity 12 -112.89 ${rest}`,
      `removeQuantity 8 75.26 ${rest}`,
    ]);

    const refused = await act(id, 'quantity', { quantity: 41 });
    expect([code(refused), refused.body['reasons']]).toEqual([
      [422, 'order-refused'],
      ['offer-quantity-out-of-range'],
    ]);
    expect((await act(id, 'cancellation', { reason: 'test' })).body).toMatchObject({
      status: 'cancelled',
      endedOn: addDays(first, 2),
    });
    expect((await ofSubscription(id)).at(-1)).toBe(`cancelImmediate 8 -75.26 ${rest}`);
  });

  it('is charged in each cycle of its term at the locked price, and renewed at the new one', async () => {
    const bought = addDays(first, 10);
    await tick(bought);
    const id = await subscribe(yearly(4));
    expect(await ofSubscription(id)).toEqual([`new 4 40.00 ${bought}..${year}-07-27`]);
    await tick(addDays(bought, 20));
    expect(code(await act(id, 'quantity', { quantity: 3 }))).toEqual([
      422,
      'reduction-window-closed',
    ]);
    const scheduled = await act(id, 'at-term-end', { action: 'renew', quantity: 2 });
    expect(scheduled.body).toMatchObject({ atTermEnd: { action: 'renew', quantity: 2 } });
    const suspended = await act(id, 'suspension', { reason: 'unpaid' });
    expect(suspended.body).toMatchObject({
      status: 'suspended',
      atTermEnd: { action: 'cancel' },
      droppedSchedule: { quantity: 2 },
    });
    await act(id, 'resumption', { on: addDays(bought, 20), reason: 'paid' });
    await act(id, 'at-term-end', { action: 'renew', quantity: 2 });
    expect(
      (
        await clerk.get<Page<Loose>>(
          `/v1/subscriptions?tenantId=${tenantId}&renewsBefore=${year + 1}-06-29&minPosition=${position}`,
        )
      ).body.items.map(({ subscriptionId }) => subscriptionId),
    ).toContain(id);

    await tick(`${year + 1}-07-29`);
    const all = await ofSubscription(id);
    expect(all.length).toBe(14);
    expect(all.slice(1, 12)).toEqual(
      Array.from({ length: 11 }, () => expect.stringMatching(/^cycleCharge 4 40.00 /)),
    );
    expect(all.slice(12)).toEqual([
      `renew 2 22.00 ${year + 1}-06-28..${year + 1}-07-27`,
      `cycleCharge 2 22.00 ${year + 1}-07-28..${year + 1}-08-27`,
    ]);
    expect((await clerk.get<Loose>(at(id))).body).toMatchObject({
      quantity: 2,
      prices: { cost: usd('132.00'), customer: usd('132.00') },
      refundableQuantity: { total: 0, details: [] },
    });
  });

  it('is cancelled with its order, whose one-time lines are credited in full', async () => {
    // The yearly re-check has restricted the partner.
    await world.say('POST', `/v1/partners/${partnerId}/direct-bill-authorization/restoration`, {
      on: `${year + 1}-07-29`,
      reason: 'reviewed',
    });
    const { orderId } = await order(monthly(2), oneTime(1));
    const [subscription] = await subscriptionsOf(orderId);
    const cancelled = await clerk.post<Loose>(`/v1/orders/${String(orderId)}/cancellation`, {
      reason: 'ordered twice',
    });
    position = String(cancelled.position);
    expect(cancelled.status).toBe(201);
    const id = String(subscription?.['subscriptionId']);
    expect((await clerk.get<Loose>(at(id))).body).toMatchObject({ status: 'cancelled' });
    expect((await ofSubscription(id)).map((one) => one.split(' ').slice(0, 3).join(' '))).toEqual([
      'new 2 22.00',
      'cancelImmediate 2 -22.00',
    ]);
    const ofOrder = await charges(`payer=customer:${tenantId}`, `${year + 1}-07-29`);
    expect(ofOrder.filter((one) => / -?250.00 /.test(one)).map((one) => one.split(' ')[0])).toEqual(
      ['oneTime', 'cancelImmediate'],
    );
    // Out of one subscription's window, nothing of the order is cancelled.
    const late = await order(monthly(1));
    await tick(addDays(`${year + 1}-07-29`, 8));
    expect(
      code(
        await clerk.post<Loose>(`/v1/orders/${String(late['orderId'])}/cancellation`, {
          reason: 'late',
        }),
      ),
    ).toEqual([422, 'cancellation-window-closed']);
  });

  it("has Microsoft's id, and is flagged when its tenant is associated with CSP", async () => {
    const id = await subscribe(monthly(1));
    const set = await clerk.put<Loose>(at(id, '/vendor-id'), { vendorId: 'a1b2' });
    expect([set.status, set.body['vendorId']]).toEqual([201, 'a1b2']);
    expect((await clerk.put<Loose>(at(id, '/vendor-id'), { vendorId: 'a1b2' })).status).toBe(200);
    await world.observe(tenantId, true, addDays(`${year + 1}-07-29`, 8));
    expect((await clerk.get<Loose>(at(id))).body).toMatchObject({
      status: 'active',
      review: ['tenant-csp-associated'],
    });
    expect(code(await clerk.get<Loose>(at(randomUUID())))).toEqual([404, 'not-found']);
    expect(code(await act(randomUUID(), 'cancellation', { reason: 'x' }))).toEqual([
      404,
      'subscription-unknown',
    ]);
    expect(code(await act(id, 'suspension', { on: first, reason: 'x' }))).toEqual([
      422,
      'date-not-today',
    ]);
  });
});

describe('a manual charge', () => {
  const charge = (more: object = {}) => ({
    entityId: `us-${partnerId}`,
    payer: `customer:${tenantId}`,
    description: 'Setup',
    amount: usd('99.90'),
    taxCategory: 'standard',
    date: first,
    reference: 'setup-1',
    ...more,
  });

  it('is recorded once for a reference', async () => {
    const recorded = await operator.post<Loose>('/v1/charges', charge());
    expect(recorded.status).toBe(201);
    position = String(recorded.position);
    expect((await operator.post('/v1/charges', charge())).status).toBe(200);
    for (const other of [{ description: 'Other' }, { payer: `partner:${partnerId}` }])
      expect(code(await operator.post<Loose>('/v1/charges', charge(other)))).toEqual([
        409,
        'charge-reference-reused',
      ]);
    expect(code(await operator.post<Loose>('/v1/charges', charge({ entityId: 'none' })))).toEqual([
      404,
      'billing-entity-unknown',
    ]);
    expect(await charges(`payer=customer:${tenantId}`)).toContain(
      `manual 1 99.90 ${first}..${first}`,
    );
  });
});
