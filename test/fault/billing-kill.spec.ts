import { afterAll, describe, expect, it } from '@jest/globals';
import type { Loose, Page } from '../support/answers.js';
import { addDays, monthOf } from '../support/calendar.js';
import { sekisho } from '../support/command-line.js';
import { priceList } from '../support/price-lists.js';
import { Random } from '../support/random.js';
import { repeats } from '../support/repeats.js';
import { newDataDir, Service } from '../support/service.js';
import { wholeLog } from '../support/whole-log.js';
import { line, orderOf, World } from '../support/world.js';

/** Kills the service during billing runs: every charge is billed once, and no number is missing. */
const KILLS = repeats('SEKISHO_BILLING_KILLS', { usual: 2, full: 12 });
const PAYERS = repeats('SEKISHO_BILLING_PAYERS', { usual: 24, full: 300 });
const LONGEST_MS = repeats('SEKISHO_BILLING_KILL_MS', { usual: 120, full: 600 });
const SEED = 20261130;

const firstOfNext = (date: string): string => `${monthOf(addDays(`${monthOf(date)}-28`, 5))}-01`;
const first = firstOfNext(new Date().toISOString().slice(0, 10));
const period = monthOf(first);
const address = { lines: ['1-1 Marunouchi'], country: 'JP' };

describe(`the service killed ${KILLS} times during billing runs`, () => {
  const dataDir = newDataDir();
  const random = new Random(SEED);
  let service: Service | undefined;
  afterAll(async () => {
    await service?.stop();
    service?.remove();
  });

  it('continues the runs, and bills each charge once, with numbers without a gap', async () => {
    service = await Service.start({ dataDir, env: { CLOCK: 'manual' } });
    await prepare(service);
    const runs = ['first', 'second'].map((key) => ({ key, at: '' }));
    for (let kill = 0; kill < KILLS; kill += 1) {
      for (const run of runs) run.at ||= await startRun(service, run.key);
      await new Promise((resolve) => setTimeout(resolve, random.below(LONGEST_MS)));
      await service.kill();
      service = await Service.start({ dataDir });
    }
    let invoices = 0;
    for (const { at } of runs) invoices += await completed(service, at);
    expect(invoices).toBe(PAYERS);

    const documents = await allInvoices(service);
    expect(documents.map(({ number }) => number)).toEqual(
      Array.from({ length: PAYERS }, (_, index) => `KC-${String(index + 1).padStart(6, '0')}`),
    );
    const charges = documents.flatMap(({ lines }) =>
      (lines as readonly Loose[]).map(({ chargeId }) => chargeId),
    );
    expect(new Set(charges).size).toBe(PAYERS * 2);
    expect(charges).toHaveLength(PAYERS * 2);
    const verified = await sekisho(['verify', '--documents', '--projections'], { dataDir });
    expect([verified.code, verified.stderr]).toEqual([0, '']);
  }, 300_000);
});

/** A seller with a billing entity, and customers with an order of two lines each. */
async function prepare(of: Service): Promise<void> {
  const operator = of.as('operator');
  const world = new World(operator, first);
  await world.say('POST', '/v1/clock/ticks', { on: first });
  const seller = await world.directBill();
  const list = priceList('JP', 'JPY', [{ ProductId: 'BASIC' }]);
  await operator.call('PUT', `/v1/price-lists/JP/${period}`, list);
  await world.say('PUT', '/v1/billing-entities/kansai-billing', {
    partnerId: seller,
    legalName: 'Kansai Cloud KK',
    address,
    currency: 'JPY',
    language: 'ja',
    numberPrefix: 'KC-',
    timeZone: 'Asia/Tokyo',
    taxRounding: 'truncate',
    pricing: { basis: 'erp-price', adjustmentPercent: '0' },
  });
  await world.say('PUT', '/v1/tax-rates/JP/2019-10-01', { rates: { standard: '0.10' } });
  for (let count = 0; count < PAYERS; count += 1) {
    const tenantId = await world.readyCustomer();
    await world.say('PUT', `/v1/customers/${tenantId}/billing-profile`, { address });
    const order = orderOf(seller, tenantId, line('BASIC:0001', 3), line('BASIC:0001', 2));
    const placed = await operator.post('/v1/orders', order, { key: tenantId });
    expect([placed.status, placed.text]).toMatchObject([201, expect.any(String)]);
  }
  await world.say('POST', '/v1/clock/ticks', { on: firstOfNext(first) });
}

async function startRun(of: Service, key: string): Promise<string> {
  const started = await of.as('operator').post<Loose>('/v1/billing-runs', { period }, { key });
  expect([started.status, started.text]).toMatchObject([202, expect.any(String)]);
  return String(started.headers.get('location'));
}

async function completed(of: Service, at: string): Promise<number> {
  for (const until = Date.now() + 60_000; ;) {
    const { body } = await of.as('operator').get<Loose>(at);
    if (body['state'] === 'completed') return Number(body['invoices']);
    if (Date.now() > until) throw new Error(`the run is not completed: ${JSON.stringify(body)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function allInvoices(of: Service): Promise<readonly Loose[]> {
  const all: Loose[] = [];
  const head = (await wholeLog(of.as('operator'))).at(-1)?.position;
  for (let cursor = ''; ;) {
    const path = `/v1/invoices?limit=100&minPosition=${head}${cursor}`;
    const { body } = await of.as('operator').get<Page<Loose>>(path);
    all.push(...body.items);
    if (body.nextCursor === null) return all;
    cursor = `&cursor=${body.nextCursor}`;
  }
}
