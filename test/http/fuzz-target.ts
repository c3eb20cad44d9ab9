import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { OrderAnswer } from '../support/answers.js';
import { priceList } from '../support/price-lists.js';
import { statement } from '../support/revenue.js';
import { root, type Service } from '../support/service.js';
import { orderOf, World } from '../support/world.js';
import type { FuzzOptions } from './fuzz.js';

export type FuzzTarget = Pick<FuzzOptions, 'url' | 'keys' | 'known' | 'secrets'>;

/**
 * A running service with a partner, a customer and orders of each kind, so that requests find
 * existing resources.
 */
export async function fuzzTarget(service: Service): Promise<FuzzTarget> {
  const operator = service.as('operator');
  const today = new Date().toISOString().slice(0, 10);
  const world = new World(operator, today);
  const providerId = await world.provider();
  const partnerId = await world.reseller(providerId);
  const directBill = await world.directBill();
  const factId = await world.fact(partnerId, 'services', {
    kind: 'managed-service',
    name: 'Backup',
  });
  const tenantId = await world.readyCustomer();
  const month = today.slice(0, 7);
  await world.say(
    'PUT',
    `/v1/price-lists/JP/${month}`,
    priceList('JP', 'JPY', [{ ProductId: 'BASIC' }]),
  );
  const placed = await operator.order<OrderAnswer>(orderOf(partnerId, tenantId));
  const refused = await operator.order<OrderAnswer>(
    orderOf(directBill, tenantId, {
      offerId: 'NONE:0001',
      quantity: 1,
      term: 'P1M',
      billingPlan: 'monthly',
    }),
  );
  const address = { lines: ['1-1 Marunouchi'], country: 'JP' };
  await world.say('PUT', '/v1/billing-entities/entity-1', {
    partnerId,
    legalName: 'Kansai Cloud KK',
    address,
    currency: 'JPY',
    language: 'ja',
    numberPrefix: 'KC-',
    timeZone: 'Asia/Tokyo',
    taxRounding: 'truncate',
    pricing: { basis: 'erp-price', adjustmentPercent: '-5' },
  });
  await world.say('PUT', `/v1/customers/${tenantId}/billing-profile`, { address });
  await world.say(
    'PUT',
    `/v1/selling-prices/${partnerId}/JP/${month}`,
    priceList('JP', 'JPY', [{ ProductId: 'BASIC', SellingPrice: '130' }]),
  );
  await world.say(
    'PUT',
    `/v1/partners/${partnerId}/offers/${month}`,
    priceList('JP', 'JPY', [{ ProductId: 'SUPPORT' }]),
  );
  await world.say('PUT', '/v1/tax-rates/JP/2020-01-01', { rates: { standard: '0.10' } });
  const paid = await operator.post<{ paymentId: string }>(
    '/v1/payments',
    {
      entityId: 'entity-1',
      payer: `customer:${tenantId}`,
      amount: { amount: '1000', currency: 'JPY' },
      receivedOn: today,
      reference: 'r',
    },
    { key: 'the-first-payment' },
  );
  const sold = await operator.post<{ revenueId: string }>(
    '/v1/revenue',
    statement(partnerId, today),
    { key: 'the-first-sale' },
  );
  if (placed.status !== 201 || refused.status !== 422)
    throw new Error(`the world is not ready: ${placed.text} ${refused.text}`);

  return {
    url: service.url,
    keys: JSON.parse(readFileSync(join(service.dataDir, 'dev-keys.json'), 'utf8')) as Record<
      string,
      string
    >,
    known: {
      partnerId: [partnerId, directBill, providerId, 'fresh-1', 'fresh-2'],
      providerId: [providerId, 'fresh-1'],
      tenantId: [tenantId, tenantId.toUpperCase(), '0b6c5fb0-0000-4000-8000-000000000001'],
      orderId: [placed.body.orderId, refused.body.orderId],
      entityId: ['entity-1', 'fresh-1', 'fresh-2'],
      payer: [`customer:${tenantId}`, `partner:${partnerId}`],
      paymentId: [paid.body.paymentId],
      country: ['JP'],
      factId: [factId],
      revenueId: [sold.body.revenueId],
      offerId: ['BASIC:0001'],
      ruleset: [placed.body.decision.ruleset],
      name: ['orders', 'customers', 'partners'],
      version: ['default'],
      market: ['JP'],
      currency: ['JPY'],
      month: [month],
      stream: ['program', `customer-${tenantId}`],
    },
    secrets: [service.dataDir, root, homedir() === '/' ? root : homedir()],
  };
}
