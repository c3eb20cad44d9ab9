import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Check, Loose, OrderAnswer } from '../support/answers.js';
import { monthOf } from '../support/calendar.js';
import type { Answer, Client } from '../support/client.js';
import { priceList } from '../support/price-lists.js';
import { Service } from '../support/service.js';
import { line, orderOf, World } from '../support/world.js';

/** Orders of customers with a credit limit over HTTP, with the process that charges them. */
const today = new Date().toISOString().slice(0, 10);
const address = { lines: ['1-1 Marunouchi'], country: 'JP' };
const yen = (amount: string) => ({ amount, currency: 'JPY' });

let service: Service;
let operator: Client;
let world: World;
let seller: string;
let unitPrice: number;

beforeAll(async () => {
  service = await Service.start();
  operator = service.as('operator');
  world = new World(operator, today);
  await world.say(
    'PUT',
    `/v1/price-lists/JP/${monthOf(today)}`,
    priceList('JP', 'JPY', [{ ProductId: 'BASIC' }]),
  );
  seller = await world.reseller(await world.provider());
  await world.say('PUT', `/v1/billing-entities/entity-${seller}`, {
    partnerId: seller,
    legalName: 'Kansai Cloud KK',
    address,
    currency: 'JPY',
    language: 'ja',
    numberPrefix: 'KC-',
    timeZone: 'Asia/Tokyo',
    taxRounding: 'truncate',
    pricing: { basis: 'unit-price', adjustmentPercent: '0' },
  });
  await world.say('PUT', '/v1/tax-rates/JP/2019-10-01', { rates: { standard: '0.10' } });
  const probe = await order(await world.readyCustomer());
  unitPrice = Number(probe.body.total?.amount) / 5;
}, 90_000);
afterAll(async () => {
  await service.stop();
  service.remove();
});

const order = (tenantId: string, quantity = 5): Promise<Answer<OrderAnswer>> =>
  operator.order<OrderAnswer>(orderOf(seller, tenantId, line('BASIC:0001', quantity)));
const creditCheck = ({ body }: Answer<OrderAnswer>): Check | undefined =>
  body.decision.checks.find(({ rule }) => rule === 'CREDIT-1');
const grossOf = (orders: number): string => String(orders * Math.floor(5 * unitPrice * 1.1));

async function limitedCustomer(limit: string): Promise<string> {
  const tenantId = await world.readyCustomer({ creditLimit: yen(limit) });
  await world.say('PUT', `/v1/customers/${tenantId}/billing-profile`, { address });
  return tenantId;
}

describe('a customer with a credit limit', () => {
  it('gets as many of twenty parallel orders as fit, and one more after a payment', async () => {
    const tenantId = await limitedCustomer(grossOf(7));
    const answers = await Promise.all(Array.from({ length: 20 }, () => order(tenantId)));
    const placed = answers.filter(({ status }) => status === 201);
    expect(placed).toHaveLength(7);
    for (const refused of answers.filter(({ status }) => status !== 201))
      expect([refused.status, refused.body.reasons]).toEqual([422, ['credit-limit-exceeded']]);
    expect(creditCheck(placed[0]!)).toMatchObject({ outcome: 'pass' });

    const payment = await operator.post<Loose>(
      '/v1/payments',
      {
        entityId: `entity-${seller}`,
        payer: `customer:${tenantId}`,
        amount: yen(grossOf(1)),
        receivedOn: today,
        reference: randomUUID(),
      },
      { key: randomUUID() },
    );
    expect(payment.status).toBe(201);
    expect((await order(tenantId)).status).toBe(201);
    expect((await order(tenantId, 1)).status).toBe(422);
  });

  it('gets exactly what fits in sequence, and what a cancelled order leaves', async () => {
    const tenantId = await limitedCustomer(grossOf(2));
    const first = await order(tenantId);
    expect([first.status, (await order(tenantId)).status]).toEqual([201, 201]);
    const refused = await order(tenantId, 1);
    expect(refused.status).toBe(422);
    expect(creditCheck(refused)).toMatchObject({
      outcome: 'fail',
      reason: 'credit-limit-exceeded',
      partnerCenterCode: '900121',
      facts: { limit: `${grossOf(2)} JPY` },
    });
    const cancelled = await operator.post(
      `/v1/orders/${first.body.orderId}/cancellation`,
      { reason: 'not needed' },
      { key: randomUUID() },
    );
    expect(cancelled.status).toBe(201);
    expect((await order(tenantId)).status).toBe(201);
  });

  it('is refused while its tax is not known', async () => {
    const tenantId = await world.readyCustomer({ creditLimit: yen('99999999') });
    const refused = await order(tenantId);
    expect([refused.status, creditCheck(refused)?.facts]).toMatchObject([
      422,
      { unknown: 'billing-profile-missing' },
    ]);
    await world.say('PUT', `/v1/customers/${tenantId}/billing-profile`, { address });
    expect((await order(tenantId)).status).toBe(201);
  });
});
