// Longer than 300 lines: every report in every format, and a large one, over HTTP
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parse } from 'csv-parse/sync';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import type { Loose, OrderAnswer, Problem } from '../support/answers.js';
import { SqliteEventLog } from '../../libs/event-log/sqlite/sqlite-event-log.js';
import { decision, orderPlaced, appendAtOnce } from '../../libs/read-models/testing/sample-log.js';
import { backend } from '../support/backend.js';
import { addDays, monthOf } from '../support/calendar.js';
import type { Client } from '../support/client.js';
import { sekisho, spawnSekisho } from '../support/command-line.js';
import { priceList } from '../support/price-lists.js';
import { newDataDir, Service } from '../support/service.js';
import { line, LONG_AGO, orderOf, World } from '../support/world.js';
import { repeats } from '../support/repeats.js';

/**
 * Reports for reporting jobs: the rows of one state of the log in four formats, with totals to
 * verify a copy.
 */
let service: Service;
let operator: Client;
let reporting: Client;
let scoped: Client;
let world: World;
let provider: string;
let seller: string;
let other: string;
let tenantId: string;
const today = new Date().toISOString().slice(0, 10);
const JAPANESE = '株式会社 関所, "東京"';
const FORMULA = '=HYPERLINK("http://evil.example","x")';
const REFERENCES = ['+81 3 1234', '-1', '@SUM(A1)', '＝1+1', '関所, "2"', 'plain'];

interface Report {
  readonly position: string;
  readonly knownAt: string;
  readonly asOf: string;
  readonly schemaVersion: number;
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly nullable: boolean;
  }[];
  readonly items: readonly Loose[];
  readonly rowCount: number;
  readonly controlTotals: Record<string, unknown>;
}

beforeAll(async () => {
  const dataDir = newDataDir();
  const secret = (id: string): string => `${id}-${'s'.repeat(32)}`;
  const key = (id: string, roles: readonly string[], more: object = {}) => ({
    id,
    sha256: createHash('sha256').update(secret(id)).digest('hex'),
    roles,
    ...more,
  });
  seller = `seller-${randomUUID().slice(0, 8)}`;
  const keys = [
    key('operator', ['operator']),
    key('reporting', ['reporting']),
    key('scoped', ['reporting'], { partnerIds: [seller] }),
  ];
  writeFileSync(join(dataDir, 'keys.json'), JSON.stringify({ keys }));
  service = await Service.start({ dataDir, env: { API_KEYS_FILE: join(dataDir, 'keys.json') } });
  [operator, reporting, scoped] = ['operator', 'reporting', 'scoped'].map((id) =>
    service.withKey(secret(id)),
  ) as [Client, Client, Client];

  world = new World(operator, today);
  for (const month of new Set([today, addDays(today, 1)].map(monthOf)))
    await world.say(
      'PUT',
      `/v1/price-lists/JP/${month}`,
      priceList('JP', 'JPY', [{ ProductId: 'BASIC' }]),
    );
  provider = await world.provider();
  await world.say('PUT', `/v1/partners/${seller}`, {
    legalName: JAPANESE,
    country: 'JP',
    model: 'indirect-reseller',
  });
  await world.equip(seller);
  await world.fact(seller, 'provider-relationships', { providerId: provider });
  other = await world.reseller(provider);
  tenantId = await world.readyCustomer();
  await world.say('PUT', `/v1/customers/${tenantId}`, { legalName: FORMULA, country: 'JP' });
  for (const reference of REFERENCES)
    expect((await operator.order({ ...orderOf(seller, tenantId), reference })).status).toBe(201);
  expect((await operator.order(orderOf(other, tenantId))).status).toBe(201);
  expect((await operator.order(orderOf(seller, randomUUID()))).status).toBe(422);
  for (const partnerId of [seller, other]) await receivePayment(partnerId);
}, 90_000);
afterAll(async () => {
  await service.stop();
  service.remove();
});

const entityOf = (partnerId: string): string => `entity-${partnerId}`;

/** A payment before any invoice: it is credit balance. */
async function receivePayment(partnerId: string): Promise<void> {
  await world.say('PUT', `/v1/billing-entities/${entityOf(partnerId)}`, {
    partnerId,
    legalName: partnerId,
    address: { lines: ['1-1 Marunouchi'], country: 'JP' },
    currency: 'JPY',
    language: 'ja',
    numberPrefix: 'S-',
    timeZone: 'Asia/Tokyo',
    taxRounding: 'truncate',
    pricing: { basis: 'erp-price', adjustmentPercent: '0' },
  });
  const payment = {
    entityId: entityOf(partnerId),
    payer: `customer:${tenantId}`,
    amount: { amount: '1200', currency: 'JPY' },
    receivedOn: today,
    reference: 'bank 1',
  };
  expect((await operator.post('/v1/payments', payment, { key: partnerId })).status).toBe(201);
}

const report = async (path: string, by = reporting): Promise<Report> => {
  const answer = await by.get<Report>(`/v1/reports/${path}`);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  return answer.body;
};
const bytesOf = async (
  path: string,
  accept = '*/*',
): Promise<{ readonly headers: Headers; readonly bytes: ArrayBuffer }> => {
  const response = await reporting.open(`/v1/reports/${path}`, { accept });
  return { headers: response.headers, bytes: await response.arrayBuffer() };
};
const sum = (rows: readonly Loose[], column: string): number =>
  rows.reduce(
    (total, row) => total + Number((row[column] as { amount: string } | null)?.amount ?? 0),
    0,
  );

describe('a report', () => {
  it('returns what it covers, and totals that match its rows', async () => {
    const orders = await report('orders');
    expect(orders).toMatchObject({
      report: 'orders',
      schemaVersion: 1,
      asOf: today,
      position: orders.knownAt,
    });
    expect(orders.rowCount).toBe(orders.items.length);
    expect(orders.items).toHaveLength(REFERENCES.length + 2);
    expect(orders.controlTotals).toEqual({
      total: [{ amount: String(sum(orders.items, 'total')), currency: 'JPY' }],
      lineCount: orders.items.length,
    });
    for (const item of orders.items)
      expect(Object.keys(item)).toEqual(orders.columns.map(({ name }) => name));
    expect(orders.items[0]).toMatchObject({
      partnerName: JAPANESE,
      customerName: FORMULA,
      reference: REFERENCES[0],
      providerId: provider,
    });
  });

  it('returns totals only when no rows are requested', async () => {
    const { items: _items, ...whole } = await report('orders');
    expect(await report('orders?rows=none')).toEqual({ ...whole, items: [] });
  });

  it('does not change: later events are not in it, however the state is named', async () => {
    const { orderId } = (
      await operator.order<OrderAnswer>({
        ...orderOf(seller, tenantId),
        reference: 'to be cancelled',
      })
    ).body;
    const before = await report('orders');
    const cancelled = await operator.post(`/v1/orders/${orderId}/cancellation`, {
      reason: 'twice',
    });
    await world.say('PUT', `/v1/customers/${tenantId}`, { legalName: 'Renamed KK', country: 'JP' });

    const after = await report(`orders?minPosition=${cancelled.position}`);
    const ofIt = ({ items }: Report) => items.find((item) => item['orderId'] === orderId);
    expect(ofIt(after)).toMatchObject({
      status: 'cancelled',
      cancelledOn: today,
      customerName: 'Renamed KK',
    });
    expect(ofIt(before)).toMatchObject({
      status: 'placed',
      cancelledOn: null,
      customerName: FORMULA,
    });
    expect(await report(`orders?knownAt=${before.position}`)).toEqual(before);
    await world.say('PUT', `/v1/customers/${tenantId}`, { legalName: FORMULA, country: 'JP' });
  });

  it('is filtered by date, partner and provider', async () => {
    const all = (await report('orders')).rowCount;
    expect(
      (await report(`orders?partnerId=${other}`)).items.map((item) => item['partnerId']),
    ).toEqual([other]);
    // The refused order names no provider, so that it gets the only one.
    expect((await report(`orders?providerId=${provider}`)).rowCount).toBe(all);
    expect((await report('orders?providerId=nobody')).rowCount).toBe(0);
    expect((await report(`orders?from=${today}&to=${today}`)).rowCount).toBe(all);
    expect((await report(`orders?from=${addDays(today, 1)}`)).rowCount).toBe(0);
    expect((await report(`orders?asOf=${addDays(today, -1)}`)).rowCount).toBe(0);
  });

  it('shows a limited key its own partners only, and nothing about customers outside its scope', async () => {
    expect((await report('orders', scoped)).rowCount).toBe(0);
    const from = '2020-01-01';
    await world.say('POST', `/v1/customers/${tenantId}/partner-relationships`, {
      partnerId: seller,
      from,
    });
    const orders = await report('orders', scoped);
    expect(new Set(orders.items.map((item) => item['partnerId']))).toEqual(new Set([seller]));
    expect((await report(`orders?partnerId=${other}`, scoped)).rowCount).toBe(0);
    expect(new Set(orders.items.map((item) => item['tenantId']))).toEqual(new Set([tenantId]));
    expect(new Set(orders.items.map((item) => item['customerName']))).toEqual(new Set([FORMULA]));
    expect((await report('eligibility', scoped)).items.map((item) => item['tenantId'])).toEqual([
      tenantId,
    ]);
    expect((await report('refusals', scoped)).rowCount).toBe(0);
    // The scope is checked as of today, whatever day the report covers.
    await world.say('POST', `/v1/customers/${tenantId}/partner-relationships/${seller}/end`, {
      on: today,
      reason: 'x',
    });
    for (const name of ['orders', 'refusals', 'eligibility'])
      expect([name, (await report(`${name}?asOf=${today}`, scoped)).rowCount]).toEqual([name, 0]);
    for (const name of ['trailing-revenue', 'tenure'])
      expect((await report(name, scoped)).items.map((item) => item['partnerId'])).toEqual([seller]);
    expect((await report('tenure?partnerId=nobody', scoped)).rowCount).toBe(0);
  });

  it.each([
    ['subscriptions-of-none', 404, 'not-found'],
    ['orders?format=xml', 400, 'malformed-request'],
    ['orders?asOf=9999-12-31', 400, 'malformed-request'],
    ['orders?knownAt=99999999', 400, 'malformed-request'],
    ['orders?minPosition=99999999', 400, 'position-not-reached'],
    ['tenure?from=2026-01-01', 400, 'malformed-request'],
  ])('answers %s: %d %s', async (path, status, type) => {
    const { status: answered, body } = await reporting.get<Problem & { reports?: string[] }>(
      `/v1/reports/${path}`,
    );
    expect([answered, body.type]).toEqual([status, `/problems/${type}`]);
    if (status === 404)
      expect(body.reports).toEqual([
        'trailing-revenue',
        'tenure',
        'eligibility',
        'orders',
        'refusals',
        'invoices',
        'receivables',
        'journal',
        'reconciliation',
      ]);
  });
});

describe('every report in every format', () => {
  const names = [
    'trailing-revenue',
    'tenure',
    'eligibility',
    'orders',
    'refusals',
    'receivables',
    'journal',
  ];
  it.each(names)('has the same rows for %s', async (name) => {
    const json = await report(`${name}?format=json`);
    expect(json.rowCount).toBeGreaterThan(0);
    const at = `knownAt=${json.knownAt}&asOf=${json.asOf}`;

    const lines = Buffer.from((await bytesOf(`${name}?${at}`, 'application/x-ndjson')).bytes)
      .toString()
      .trimEnd()
      .split('\n');
    expect(lines.slice(1, -1).map((text) => JSON.parse(text) as Loose)).toEqual(json.items);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      header: { report: name, position: json.position },
    });
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
      trailer: { rowCount: json.rowCount, controlTotals: json.controlTotals },
    });

    const csv = await bytesOf(`${name}?${at}`, 'text/csv');
    expect(csv.headers.get('content-disposition')).toBe(
      `attachment; filename="${name}-${today}.csv"`,
    );
    expect(csv.headers.get('log-position')).toBe(json.position);
    const [header = [], ...rows] = parse(Buffer.from(csv.bytes), { bom: true }) as string[][];
    expect(rows).toHaveLength(json.rowCount);
    for (const [index, { name: column, type }] of json.columns.entries())
      if (type === 'date')
        expect(rows.map((row) => row[header.indexOf(column)])).toEqual(
          json.items.map((item) => item[json.columns[index]!.name] ?? ''),
        );

    const { bytes: file } = await bytesOf(`${name}?${at}&format=parquet`);
    const { num_rows, key_value_metadata = [] } = parquetMetadata(file);
    expect(Number(num_rows)).toBe(json.rowCount);
    const said = Object.fromEntries(key_value_metadata.map(({ key, value }) => [key, value]));
    expect([said['sekisho.position'], JSON.parse(said['sekisho.controlTotals'] ?? '')]).toEqual([
      json.position,
      json.controlTotals,
    ]);
    const texts = json.columns
      .filter(({ type }) => type === 'text')
      .map(({ name: column }) => column);
    const read = await parquetReadObjects({ file, columns: texts });
    expect(read).toEqual(
      json.items.map((item) => Object.fromEntries(texts.map((column) => [column, item[column]]))),
    );
  });
});

describe('a report as CSV', () => {
  it('keeps its values in spreadsheets and runs no formula', async () => {
    const { bytes } = await bytesOf('orders?format=csv');
    expect([...new Uint8Array(bytes).subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const rows = parse(Buffer.from(bytes), {
      bom: true,
      columns: true,
      record_delimiter: '\r\n',
    }) as Record<string, string>[];
    expect(rows.map((row) => row['reference']).slice(0, REFERENCES.length)).toEqual([
      "'+81 3 1234",
      "'-1",
      "'@SUM(A1)",
      "'＝1+1",
      '関所, "2"',
      'plain',
    ]);
    expect(rows[0]).toMatchObject({
      customerName: `'${FORMULA}`,
      partnerName: JAPANESE,
      totalCurrency: 'JPY',
    });
    for (const row of rows)
      for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+@\t\r-]/);
  });
});

describe('the reports of billing', () => {
  it('have a row for each payer and postings that sum to zero, by issuer and scope', async () => {
    const receivables = await report(`receivables?partnerId=${seller}`);
    expect(receivables.items).toEqual([
      {
        entityId: entityOf(seller),
        payer: `customer:${tenantId}`,
        currency: 'JPY',
        notDue: '0',
        days1To30: '0',
        days31To60: '0',
        days61To90: '0',
        over90: '0',
        creditBalance: '1200',
      },
    ]);
    expect(receivables.controlTotals).toMatchObject({
      over90: [{ amount: '0', currency: 'JPY' }],
      creditBalance: [{ amount: '1200', currency: 'JPY' }],
    });
    const journal = await report(`journal?from=${today}`);
    expect(
      journal.items.map(({ entityId, account, amount }) => [entityId, account, amount]),
    ).toEqual(
      [seller, other].flatMap((partnerId) => [
        [entityOf(partnerId), 'cash', '1200'],
        [entityOf(partnerId), 'credit-balance', '-1200'],
      ]),
    );
    expect(journal.controlTotals).toEqual({ amount: [{ amount: '0', currency: 'JPY' }] });
    expect((await report('journal', scoped)).rowCount).toBe(2);
    expect((await report(`receivables?partnerId=${other}`, scoped)).rowCount).toBe(0);
    expect((await report('receivables?providerId=nobody')).rowCount).toBe(0);
    expect((await report(`receivables?providerId=${provider}`)).rowCount).toBe(2);
    expect((await report(`receivables?asOf=${addDays(today, -1)}`)).rowCount).toBe(0);
    expect((await report('invoices')).rowCount).toBe(0);
  });
});

describe('the report of refusals', () => {
  it('has one row for each reason, with its rule', async () => {
    const refused = await operator.order<Loose>(orderOf('nobody', tenantId, line('NONE:0001')));
    const { orderId, reasons } = refused.body;
    const rows = (await report('refusals')).items.filter((item) => item['orderId'] === orderId);
    expect(rows.map((row) => row['reason'])).toEqual(reasons);
    expect(rows[0]).toMatchObject({
      rule: 'SELLER-1',
      reason: 'seller-unknown',
      status: 'refused',
      partnerName: null,
    });
  });
});

describe('reports of partners', () => {
  it('return for each partner the same as its own address', async () => {
    await world.say('PUT', `/v1/exchange-rates/${monthOf(today)}`, { usdPerUnit: { JPY: '0.01' } });
    const entry = {
      partnerId: seller,
      tenantId,
      recognizedOn: today,
      soldAs: 'indirect-reseller',
      source: 'test',
    };
    const revenue = (reference: string, family: string, amount: string) =>
      operator.post(
        '/v1/revenue',
        { ...entry, reference, family, amount: { amount, currency: 'JPY' } },
        { key: randomUUID() },
      );
    expect((await revenue('1', 'cloud', '1000000')).status).toBe(201);
    expect((await revenue('2', 'perpetual-software', '500')).status).toBe(201);

    const single = (await operator.get<Loose>(`/v1/partners/${seller}/trailing-revenue`)).body;
    const [row] = (
      await report(`trailing-revenue?partnerId=${seller}&knownAt=${String(single['knownAt'])}`)
    ).items;
    for (const figure of [
      'total',
      'billed',
      'paid',
      'threshold',
      'shortfall',
      'share',
      'meetsThreshold',
      'policyVersion',
    ])
      expect([figure, row?.[figure]]).toEqual([figure, single[figure]]);
    expect(row).toMatchObject({
      total: { amount: '10000.00' },
      month12: { amount: '10000.00' },
      excludedPerpetualSoftware: { amount: '5.00' },
    });

    const tenure = (await operator.get<Loose>(`/v1/partners/${seller}/tenure`)).body;
    expect((await report(`tenure?partnerId=${seller}`)).items[0]).toMatchObject({
      status: tenure['status'],
      months: tenure['months'],
      since: tenure['since'] ?? LONG_AGO,
    });
    const eligibility = await report(`eligibility?partnerId=${seller}`);
    expect(eligibility.items.find((item) => item['tenantId'] === tenantId)).toMatchObject({
      eligible: true,
      reasons: null,
      'SELLER-1': 'pass',
    });
    expect(eligibility.items.find((item) => item['tenantId'] !== tenantId)).toMatchObject({
      eligible: false,
      reasons: expect.stringMatching(/^customer-unknown/) as unknown,
    });
  });
});

const embedded = backend === 'embedded' ? describe : describe.skip;

embedded('projections', () => {
  it('match the log, according to `verify` beside the running service', async () => {
    const { code, stdout, stderr } = await spawnSekisho(['verify', '--projections'], {
      dataDir: service.dataDir,
    });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^orders +\d+ rows match the log, up to position \d+$/m);
    expect((await sekisho(['verify'], { dataDir: service.dataDir })).code).toBe(2);
    const nothing = newDataDir();
    expect((await sekisho(['verify', '--projections'], { dataDir: nothing })).code).toBe(3);
    rmSync(nothing, { recursive: true });
  }, 30_000);
});

const ORDERS = repeats('SEKISHO_ORDERS', { usual: 2_000, full: 25_000 });
embedded(`${ORDERS} orders`, () => {
  let large: Service;
  let jobs: Client;

  beforeAll(async () => {
    const dataDir = newDataDir();
    await (await Service.start({ dataDir })).stop();
    await fillWithOrders(dataDir, ORDERS);
    large = await Service.start({ dataDir });
    jobs = large.as('reporting');
    for (let tries = 0; tries < 300; tries++) {
      const lags = (await jobs.get<{ items: { lag: number; state: string }[] }>('/v1/projections'))
        .body.items;
      if (lags.every(({ lag, state }) => lag === 0 && state === 'live')) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('the projections did not catch up');
  }, 120_000);
  afterAll(async () => {
    await large.stop();
    large.remove();
  });

  const residentMiB = async (): Promise<number> => {
    const { text } = await large.as('auditor').get('/metrics');
    return Number(/^sekisho_process_resident_memory_bytes (\S+)/m.exec(text)?.[1]) / 1024 / 1024;
  };
  const read = async (format: string) => {
    const response = await jobs.open(`/v1/reports/orders?format=${format}`, {});
    let bytes = 0;
    let tail = Buffer.alloc(0);
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      tail = Buffer.concat([tail, chunk]).subarray(-64 * 1024);
    }
    return { bytes, tail: String(tail) };
  };

  it('are the same in every format, in bounded memory', async () => {
    const before = await residentMiB();
    const ndjson = await read('ndjson');
    expect(JSON.parse(ndjson.tail.trimEnd().split('\n').at(-1) ?? '')).toEqual({
      trailer: {
        rowCount: ORDERS,
        controlTotals: {
          total: [{ amount: String(ORDERS * 100), currency: 'JPY' }],
          lineCount: ORDERS,
        },
      },
    });
    expect((await read('json')).tail).toContain(`"rowCount":${ORDERS}`);
    expect((await read('csv')).tail.split('\r\n').at(-2)).toMatch(
      new RegExp(`^${ORDERS + firstPosition - 1},`),
    );
    expect((await read('parquet')).tail).toMatch(/PAR1$/);
    expect(ndjson.bytes).toBeGreaterThan(ORDERS * 400);
    // The heap may grow while there is room; the limit is far below the size of all rows
    // (test/http/report-streams.spec.ts proves the bound).
    expect((await residentMiB()) - before).toBeLessThan(150);
  }, 30_000);

  it('free the service for orders when the client disconnects', async () => {
    const leaving = new AbortController();
    const response = await jobs.open('/v1/reports/orders?format=json', {}, leaving.signal);
    await response.body?.getReader().read();
    leaving.abort();
    expect((await jobs.get('/v1/reports/orders?rows=none')).body).toMatchObject({
      rowCount: ORDERS,
    });
  });

  it('are verified against the log beside the running service: a changed row is found', async () => {
    const { dataDir } = large;
    const rows = new DatabaseSync(join(dataDir, 'read-models.db'));
    const run = String(
      rows.prepare("SELECT id FROM runs WHERE projection = 'orders'").get()?.['id'],
    );
    const { key } = rows
      .prepare(`SELECT key FROM r${run}_orders ORDER BY key LIMIT 1 OFFSET ${ORDERS / 2}`)
      .get() as { key: string };
    rows.exec(
      `UPDATE r${run}_orders SET row = replace(row, '"100"', '"900"') WHERE key = '${key}'`,
    );
    rows.close();
    const found = await sekisho(['verify', '--projections', '--json'], { dataDir });
    expect(found.code).toBe(1);
    const { projections } = JSON.parse(found.stdout) as { projections: Loose[] };
    expect(projections.filter((one) => one['finding'] !== undefined)).toMatchObject([
      {
        projection: 'orders',
        finding: { kind: 'difference', difference: { table: 'orders', key } },
      },
    ]);
  }, 60_000);
});

/** The position of the first order: after the events of the first start. */
let firstPosition = 0;

/** Appends the orders directly to the log: reports do not depend on the gate. */
async function fillWithOrders(dataDir: string, count: number): Promise<void> {
  const log = await SqliteEventLog.open({ file: join(dataDir, 'log.db'), clock: Date.now });
  firstPosition = (await log.head()) + 1;
  for (let first = 0; first < count; first += 250) {
    const placed = Array.from({ length: 250 }, (_order, index) =>
      orderPlaced(first / 250, first + index, 'res-1', {
        decision: decision('accepted', [], today),
      }),
    );
    await appendAtOnce(log, placed);
  }
  await log.close();
}
