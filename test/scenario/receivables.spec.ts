import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Loose, Page } from '../support/answers.js';
import type { Answer, Client } from '../support/client.js';
import { priceList } from '../support/price-lists.js';
import { Service } from '../support/service.js';
import { line, orderOf, World } from '../support/world.js';

/** Invoices of a run that are paid, bounced, written off and reported, on a manual clock. */
const address = { lines: ['1-1 Marunouchi'], country: 'JP' };
const yen = (amount: number | string) => ({ amount: String(amount), currency: 'JPY' });
const code = ({ status, body }: Answer<Loose>): readonly [number, string] => [
  status,
  String(body['type']).replace('/problems/', ''),
];

let service: Service;
let operator: Client;
let world: World;
let tenantId: string;
let seller: string;
let entityId: string;
/** The first day of the month after the invoiced one. */
let today: string;

const post = (path: string, body: object): Promise<Answer<Loose>> =>
  operator.post(path, body, { key: randomUUID() });
const tick = async (on: string): Promise<void> => {
  const answer = await post('/v1/clock/ticks', { on, at: `${on}T09:00:00Z` });
  if (answer.status >= 300) throw new Error(answer.text);
};
const report = async (name: string): Promise<readonly Loose[]> => {
  const { status, body, text } = await operator.get<{ items: Loose[] }>(`/v1/reports/${name}`);
  if (status !== 200) throw new Error(text);
  return body.items;
};
const monthAfter = (date: string): string => {
  const next = new Date(`${date.slice(0, 7)}-01T00:00:00Z`);
  next.setUTCMonth(next.getUTCMonth() + 1);
  return next.toISOString().slice(0, 10);
};

/** Runs the billing of a month and returns the invoices of the customer. */
async function bill(period: string): Promise<readonly Loose[]> {
  const started = await post('/v1/billing-runs', { period });
  expect(started.status).toBe(202);
  const at = String(started.headers.get('location'));
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const run = await operator.get(at);
    if (run.body['state'] === 'completed') {
      expect(run.body['blocked']).toEqual([]);
      return (await operator.get<Page>(`${at}/documents`)).body.items;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the run did not complete');
}

beforeAll(async () => {
  service = await Service.start({ env: { CLOCK: 'manual' } });
  operator = service.as('operator');
  const real = new Date().toISOString().slice(0, 10);
  const ordered = monthAfter(real);
  world = new World(operator, ordered);
  await tick(ordered);
  await world.say(
    'PUT',
    `/v1/price-lists/JP/${ordered.slice(0, 7)}`,
    priceList('JP', 'JPY', [{ ProductId: 'BASIC' }]),
  );
  seller = await world.reseller(await world.provider());
  entityId = `entity-${seller}`;
  await world.say('PUT', `/v1/billing-entities/${entityId}`, {
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
  tenantId = await world.readyCustomer();
  await world.say('PUT', `/v1/customers/${tenantId}/billing-profile`, { address });
  expect((await operator.order(orderOf(seller, tenantId, line('BASIC:0001')))).status).toBe(201);
  today = monthAfter(ordered);
  await tick(today);
}, 120_000);
afterAll(async () => {
  await service.stop();
  service.remove();
});

describe('the invoice of a run', () => {
  it('is paid in part, bounces, is paid too much, refunded and reported', async () => {
    const month = new Date(Date.parse(today) - 86_400_000).toISOString().slice(0, 7);
    const [invoice, ...others] = await bill(month);
    expect(others).toEqual([]);
    const invoiceId = String(invoice?.['invoiceId']);
    const total = Number(invoice?.['total']);
    const at = `/v1/invoices/${invoiceId}`;
    const open = async () => {
      const { body } = await operator.get(at);
      return [body['open'], body['state']];
    };
    const pay = (amount: number, reference: string) =>
      post(`${at}/payments`, { amount: yen(amount), receivedOn: today, reference });
    expect(await open()).toEqual([String(total), 'open']);

    const first = await pay(100, 'bank 1');
    expect([first.status, first.body['allocations']]).toEqual([
      201,
      [{ invoiceId, amount: yen(100), on: today }],
    ]);
    expect(await open()).toEqual([String(total - 100), 'partly-paid']);
    expect((await pay(100, 'bank 1')).status).toBe(200);
    expect(code(await pay(101, 'bank 1'))).toEqual([409, 'payment-reference-reused']);
    expect(code(await pay(total, 'bank 2'))).toEqual([422, 'allocation-exceeds-open']);
    expect(code(await post(`/v1/invoices/${randomUUID()}/payments`, { amount: yen(1), receivedOn: today, reference: 'r' }))).toEqual([404, 'invoice-unknown']); // prettier-ignore

    const payment = `/v1/payments/${String(first.body['paymentId'])}`;
    const bounced = await post(`${payment}/reversal`, { on: today, reason: 'bounced' });
    expect([bounced.status, bounced.body['reversed'], bounced.body['allocations']]).toEqual([
      201,
      yen(100),
      [],
    ]);
    expect(await open()).toEqual([String(total), 'open']);

    const excess = await post('/v1/payments', {
      entityId,
      payer: `customer:${tenantId}`,
      amount: yen(total + 50),
      receivedOn: today,
      reference: 'bank 3',
      allocations: [{ invoiceId, amount: yen(10) }],
    });
    expect([excess.status, excess.body['creditBalance']]).toEqual([201, yen(50)]);
    expect(await open()).toEqual(['0', 'paid']);
    expect((await operator.get(`/v1/payments/${String(excess.body['paymentId'])}`)).body).toEqual(
      excess.body,
    );
    const refund = `/v1/payments/${String(excess.body['paymentId'])}/refund`;
    expect(code(await post(refund, { on: today, amount: yen(51), reason: 'x' }))).toEqual([
      422,
      'refund-exceeds-credit-balance',
    ]);
    const refunded = await post(refund, { on: today, amount: yen(20), reason: 'asked' });
    expect([refunded.status, refunded.body['refunded']]).toEqual([201, yen(20)]);

    expect(await report('receivables')).toMatchObject([
      { entityId, payer: `customer:${tenantId}`, notDue: '0', creditBalance: '30' },
    ]);
    expect(await report('invoices')).toMatchObject([
      { invoiceId, kind: 'invoice', total: String(total), open: '0', state: 'paid' },
    ]);
  });

  it('takes the credit balance first, is overdue and written off, and the journal agrees', async () => {
    const period = today.slice(0, 7);
    today = monthAfter(today);
    await world.say(
      'PUT',
      `/v1/price-lists/JP/${period}`,
      priceList('JP', 'JPY', [{ ProductId: 'BASIC' }]),
    );
    await tick(today);
    const [invoice] = await bill(period);
    const invoiceId = String(invoice?.['invoiceId']);
    const total = Number(invoice?.['total']);
    expect((await operator.get(`/v1/invoices/${invoiceId}`)).body).toMatchObject({
      open: String(total - 30),
      state: 'partly-paid',
    });
    await tick(monthAfter(monthAfter(today)));
    const due = String(invoice?.['dueOn']);
    const days = Math.round(
      (Date.parse(monthAfter(monthAfter(today))) - Date.parse(due)) / 86_400_000,
    );
    const bucket = days <= 30 ? 'days1To30' : 'days31To60';
    const mine = async () =>
      (await report('receivables')).filter((row) => row['payer'] === `customer:${tenantId}`);
    expect(await mine()).toMatchObject([{ [bucket]: String(total - 30), creditBalance: '0' }]);

    const on = monthAfter(monthAfter(today));
    const at = `/v1/invoices/${invoiceId}/write-off`;
    expect(code(await post(at, { on, amount: yen(total), reason: 'x' }))).toEqual([
      422,
      'write-off-exceeds-open',
    ]);
    const lost = await post(at, { on, reason: 'insolvent' });
    expect([lost.status, lost.body]).toEqual([
      201,
      { invoiceId, open: yen(0), writtenOff: yen(total - 30), state: 'written-off' },
    ]);
    expect((await post(at, { on, reason: 'insolvent' })).status).toBe(200);

    const journal = await report('journal');
    const sumOf = (account: string): number =>
      journal
        .filter((row) => row['account'] === account)
        .reduce((sum, row) => sum + Number(row['amount']), 0);
    expect([sumOf('accounts-receivable'), sumOf('bad-debt'), sumOf('credit-balance')]).toEqual([
      0,
      total - 30,
      0,
    ]);
    for (const rows of Map.groupBy(journal, (row) => row['eventId']).values())
      expect(rows.reduce((sum, row) => sum + Number(row['amount']), 0)).toBe(0);
  });
});
