import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, addMonthsClamped, monthOf } from '../../libs/domain/shared/calendar.js';
import type { Loose, Page } from '../support/answers.js';
import type { Client } from '../support/client.js';
import { sekisho } from '../support/command-line.js';
import { priceList } from '../support/price-lists.js';
import { Service } from '../support/service.js';
import { wholeLog } from '../support/whole-log.js';
import { line, LONG_AGO, orderOf, World } from '../support/world.js';

/** A month of billing over HTTP, on a log with a manual clock. */
const address = { lines: ['1-1 Marunouchi'], city: 'Chiyoda-ku', country: 'JP' };
const first = `${monthOf(addMonthsClamped(new Date().toISOString().slice(0, 10), 2))}-01`;
const ordered = addDays(first, 4);
const period = monthOf(first);
const next = addMonthsClamped(first, 1);

let service: Service;
let operator: Client;
let world: World;
let seller: string;
let billed: string;
let blocked: string;

const tick = (on: string) => world.say('POST', '/v1/clock/ticks', { on });
const run = async (body: object, key: string) => {
  const started = await operator.post<Loose>('/v1/billing-runs', { period, ...body }, { key });
  expect([started.status, started.text]).toMatchObject([202, expect.any(String)]);
  const at = String(started.headers.get('location'));
  for (const until = Date.now() + 20_000; ;) {
    const { body: status } = await operator.get<Loose>(at);
    if (status['state'] === 'completed') return { at, status };
    if (Date.now() > until) throw new Error(`the run is not completed: ${JSON.stringify(status)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
/** The list includes every event of the log. */
const invoicesAtHead = async (filter: string) => {
  const position = (await wholeLog(operator)).at(-1)?.position;
  return operator.get<Page<Loose>>(`/v1/invoices?${filter}&minPosition=${position}`);
};
const documentsOf = async (at: string) =>
  (await operator.get<Page<Loose>>(`${at}/documents`)).body.items;
const lines = (documents: readonly Loose[]) =>
  documents.map(({ kind, payer, currency, lines: all, taxes, net, tax, total }) => ({
    kind,
    payer,
    currency,
    lines: all,
    taxes,
    net,
    tax,
    total,
  }));

beforeAll(async () => {
  service = await Service.start({ env: { CLOCK: 'manual' } });
  operator = service.as('operator');
  world = new World(operator, ordered);
  await tick(ordered);
  seller = await world.directBill();
  const rows = [
    { ProductId: 'BASIC', UnitPrice: '1000', 'ERP Price': '1250', SkuTitle: 'Basic' },
    { ProductId: 'YEAR', UnitPrice: '12000', 'ERP Price': '15000', SkuTitle: 'Year', TermDuration: 'P1Y' },
  ]; // prettier-ignore
  for (const month of [period, monthOf(next)]) {
    const list = await operator.call('PUT', `/v1/price-lists/JP/${month}`, priceList('JP', 'JPY', rows));
    expect(list.status).toBeLessThan(300);
  } // prettier-ignore
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
  await world.say('PUT', `/v1/policies/${LONG_AGO}`, { revenueAmount: 'own-invoices' });
  [billed, blocked] = [await world.readyCustomer(), await world.readyCustomer()];
  await world.say('PUT', `/v1/customers/${billed}/billing-profile`, { address });
  for (const tenantId of [billed, blocked]) {
    const order = orderOf(
      seller,
      tenantId,
      line('BASIC:0001', 3),
      line('YEAR:0001', 2, 'P1Y', 'monthly'),
    );
    const placed = await operator.post('/v1/orders', order, { key: tenantId });
    expect([placed.status, placed.text]).toMatchObject([201, expect.any(String)]);
  }
}, 120_000);
afterAll(async () => {
  await service.stop();
  service.remove();
});

describe('a billing run', () => {
  it('is refused for a period that is not over, and shown by a dry run that appends nothing', async () => {
    const early = await operator.post<Loose>('/v1/billing-runs', { period }, { key: 'early' });
    expect([early.status, early.body['type'], early.body['firstDay']]).toEqual([
      422,
      '/problems/period-not-over',
      next,
    ]);
    const before = await run({ dryRun: true }, 'dry-1');
    const after = await run({ dryRun: true }, 'dry-2');
    // The id of a dry run has the position of the log.
    expect(after.at).toBe(before.at);
    expect(before.status).toMatchObject({ dryRun: true, invoices: 1, blocked: [{ payer: `customer:${blocked}` }] });
    expect(await documentsOf(before.at)).toMatchObject([
      { kind: 'invoice', state: 'draft', net: '6250', tax: '625', total: '6875' },
    ]);
    // In the next month the monthly term is renewed, and the second cycle of the year starts.
    const ahead = await run({ period: monthOf(next), dryRun: true }, 'dry-ahead');
    expect(await documentsOf(ahead.at)).toMatchObject([
      {
        net: '12500',
        lines: [
          { from: ordered, type: 'new' },
          { from: addMonthsClamped(ordered, 1) },
          { from: ordered, type: 'new' },
          { from: addMonthsClamped(ordered, 1) },
        ],
      },
    ]);
    const far = { period: monthOf(addMonthsClamped(ordered, 13)), dryRun: true };
    expect((await operator.post('/v1/billing-runs', far, { key: 'far' })).status).toBe(400);
  }, 60_000); // prettier-ignore

  it('issues what the dry run shows, line by line, and each charge once', async () => {
    await tick(next);
    const dry = await run({ dryRun: true }, 'dry-3');
    const shown = lines(await documentsOf(dry.at));
    const { at, status } = await run({}, 'run-1');
    expect(status).toMatchObject({
      period,
      dryRun: false,
      progress: { total: 2, done: 2 },
      invoices: 1,
      creditNotes: 0,
      totals: [{ amount: '6875', currency: 'JPY' }],
      blocked: [
        {
          entityId: 'kansai-billing',
          payer: `customer:${blocked}`,
          code: 'billing-profile-missing',
          detail: expect.stringContaining('billing profile'),
        },
      ],
    });
    const documents = await documentsOf(at);
    expect(lines(documents)).toEqual(shown);
    expect(documents).toMatchObject([
      {
        kind: 'invoice',
        number: 'KC-000001',
        issuedOn: next,
        dueOn: addDays(next, 30),
        entityId: 'kansai-billing',
        open: '6875',
        state: 'open',
        lines: [
          { lineIndex: 0, tenantId: billed, from: ordered, taxCategory: 'standard', taxRate: '0.10' },
          { lineIndex: 1, tenantId: billed, from: ordered },
        ],
        taxes: [{ treatment: 'standard', rate: '0.10', net: '6250', tax: '625' }],
      },
    ]);
    expect(JSON.stringify(documents)).not.toContain('cost');

    const again = await operator.post<Loose>('/v1/billing-runs', { period }, { key: 'run-1' });
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([202, 'true']);
    await world.say('PUT', `/v1/customers/${blocked}/billing-profile`, { address });
    expect((await run({}, 'run-2')).status).toMatchObject({ invoices: 1, blocked: [] });
    expect((await run({}, 'run-3')).status).toMatchObject({ invoices: 0, blocked: [] });
    const list = await operator.get<Page<Loose>>('/v1/billing-runs');
    expect(list.body.items.map(({ invoices }) => invoices)).toEqual([1, 1, 0]);
  }, 60_000); // prettier-ignore

  it('is shown and verified on the command line', async () => {
    const options = { dataDir: service.dataDir };
    const status = await sekisho(['billing', 'status'], options);
    expect([status.code, status.stdout]).toEqual([0, expect.stringContaining(`${period} `)]);
    const dry = await sekisho(['billing', 'run', '--period', period, '--dry-run'], options);
    expect([dry.code, dry.stdout]).toEqual([0, expect.stringContaining('invoices: 0')]);
    const ran = await sekisho(['billing', 'run', '--period', period, '--json'], options);
    expect([ran.code, JSON.parse(ran.stdout)]).toMatchObject([0, { state: 'completed', invoices: 0 }]);
    const wrong = await sekisho(['billing', 'run', '--period', '2026-13'], options);
    expect(wrong.code).toBe(2);
    const verified = await sekisho(['verify', '--documents'], options);
    expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining('documents: 2')]);
  }, 60_000); // prettier-ignore
});

describe('an invoice', () => {
  const invoiceOf = async (tenantId: string) =>
    (await invoicesAtHead(`payer=customer:${tenantId}&kind=invoice`)).body.items[0]!;

  it('is credited in steps to exactly zero, and is not credited beyond', async () => {
    const { invoiceId } = await invoiceOf(billed);
    const at = `/v1/invoices/${String(invoiceId)}`;
    const credit = (body: object) =>
      operator.post<Loose>(`${at}/credit-notes`, { reason: 'goodwill', ...body });
    const etag = String((await operator.get(at)).headers.get('etag'));
    const part = await credit({ lines: [{ lineIndex: 0, amount: '755' }] });
    expect([part.status, part.body]).toMatchObject([
      201,
      {
        kind: 'credit-note',
        number: 'KC-CN-000001',
        net: '755',
        tax: '75',
        total: '830',
        corrects: [invoiceId],
        open: '0',
        state: 'credited',
        reason: 'goodwill',
      },
    ]);
    const changed = await operator.get<Loose>(at);
    expect(changed.headers.get('etag')).not.toBe(etag);
    expect(changed.body).toMatchObject({ open: '6045', state: 'open' });
    const money = { amount: '9999', currency: 'JPY' };
    const beyond = await credit({ lines: [{ lineIndex: 0, amount: money }] });
    expect([beyond.status, beyond.body['type']]).toEqual([422, '/problems/credit-exceeds-line']);
    expect((await credit({ lines: [{ lineIndex: 0, amount: '0.5' }] })).status).toBe(400);
    expect((await credit({})).status).toBe(400);
    const rest = await credit({ all: true });
    expect(rest.body).toMatchObject({ net: '5495', tax: '550', total: '6045' });
    expect((await operator.get<Loose>(at)).body).toMatchObject({ open: '0', state: 'credited' });
    expect((await credit({ all: true })).body['type']).toBe('/problems/nothing-to-credit');
    const states = await invoicesAtHead('state=credited&kind=invoice');
    expect(states.body.items).toMatchObject([{ invoiceId }]);
  }, 60_000);

  it('becomes revenue where the policy says so, from the publication of its rate on', async () => {
    const revenue = async () =>
      (await operator.get<Page<Loose>>(`/v1/events?stream=revenue-${seller}`)).body.items.map(
        ({ type, data }) => {
          const { usdAmount, soldAs, family } = data as Loose;
          return [type, (usdAmount as Loose)['amount'], soldAs, family];
        },
      );
    expect(await revenue()).toEqual([]);
    await world.say('PUT', `/v1/exchange-rates/${monthOf(next)}`, { usdPerUnit: { JPY: '0.01' } });
    // The first invoice was credited in two steps before its revenue could be recorded.
    const expected = [
      ['RevenueRecorded', '62.50', 'direct-bill', 'cloud'],
      ['RevenueReversed', '7.55', undefined, undefined],
      ['RevenueReversed', '54.95', undefined, undefined],
      ['RevenueRecorded', '62.50', 'direct-bill', 'cloud'],
    ];
    for (const until = Date.now() + 20_000; Date.now() < until;) {
      if ((await revenue()).length >= expected.length) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const recorded = await revenue();
    expect(recorded.toSorted()).toEqual(expected.toSorted());

    const { invoiceId } = await invoiceOf(blocked);
    await operator.post(
      `/v1/invoices/${String(invoiceId)}/payments`,
      { amount: { amount: '1100', currency: 'JPY' }, receivedOn: next, reference: 'half' },
      { key: 'half' },
    );
    for (const until = Date.now() + 20_000; Date.now() < until;) {
      if ((await revenue()).length > expected.length) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect((await revenue()).at(-1)).toEqual(['RevenuePaid', '10.00', undefined, undefined]);
  }, 60_000);

  it('is returned as a PDF with the same bytes, also after its file is lost', async () => {
    const { invoiceId } = await invoiceOf(billed);
    const at = `/v1/invoices/${String(invoiceId)}`;
    const read = (headers: object = {}) =>
      operator.open(at, { accept: 'application/pdf', ...headers });
    const first = await read();
    const bytes = Buffer.from(await first.arrayBuffer());
    expect([first.status, first.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
    const etag = String(first.headers.get('etag'));
    expect((await read({ 'if-none-match': etag })).status).toBe(304);
    rmSync(join(service.dataDir, 'documents', `${String(invoiceId)}.pdf`));
    expect(Buffer.from(await (await read()).arrayBuffer()).equals(bytes)).toBe(true);
    expect((await operator.open(at, { accept: 'text/html' })).status).toBe(406);
  });
});
