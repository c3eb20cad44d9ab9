// Longer than 300 lines: the tests share one service, its exchange rates and its partners
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventPage, Loose } from '../support/answers.js';
import { backend, backendOf } from '../support/backend.js';
import { addDays, monthOf } from '../support/calendar.js';
import type { Answer, Client } from '../support/client.js';
import { sekisho, spawnSekisho } from '../support/command-line.js';
import {
  revenueCsv,
  revenueNdjson,
  type Statement,
  statement,
  type TrailingRevenueAnswer,
} from '../support/revenue.js';
import { newDataDir, Service } from '../support/service.js';
import { World } from '../support/world.js';
import { repeats } from '../support/repeats.js';

const today = new Date().toISOString().slice(0, 10);
const yesterday = addDays(today, -1);
const LINES = repeats('SEKISHO_LINES', { usual: 5_000, full: 50_000 });
/** Enough lines for dozens of chunks, so that the service can be killed between two of them. */
const KILLED_LINES = repeats('SEKISHO_KILLED_LINES', { usual: 8_000, full: 20_000 });

interface Recorded {
  readonly revenueId: string;
  readonly usdAmount: { readonly amount: string; readonly currency: string };
}
interface Imported {
  readonly type?: string;
  readonly importId: string;
  readonly accepted: number;
  readonly rejected: readonly { readonly row: number; readonly reason: string }[];
  readonly rejectedCount?: number;
}

let service: Service;
let operator: Client;
let world: World;

beforeAll(async () => {
  service = await Service.start();
  operator = service.as('operator');
  world = new World(operator, today);
  for (const month of new Set([monthOf(today), monthOf(yesterday)]))
    await world.say('PUT', `/v1/exchange-rates/${month}`, {
      usdPerUnit: { JPY: '0.0067', EUR: '1.08' },
    });
}, 120_000);
afterAll(async () => {
  await service.stop();
  service.remove();
});

const reseller = (): Promise<string> => world.partner('indirect-reseller');
const record = (
  body: object,
  key: string = randomUUID(),
  by = operator,
): Promise<Answer<Recorded & { type?: string }>> => by.post('/v1/revenue', body, { key });
const upload = (
  file: string,
  key: string = randomUUID(),
  mediaType = 'text/csv',
  by = operator,
): Promise<Answer<Imported>> =>
  by.call('POST', '/v1/revenue/imports', file, { key, headers: { 'content-type': mediaType } });

async function trailing(
  partnerId: string,
  after: { readonly position: string },
  by = operator,
): Promise<TrailingRevenueAnswer> {
  // The index of many rows takes a moment: a client that gets 503 asks again.
  for (let tries = 0; tries < 30; tries++) {
    const path = `/v1/partners/${partnerId}/trailing-revenue?minPosition=${after.position}`;
    const { status, body, text } = await by.get<TrailingRevenueAnswer>(path);
    if (status === 200) return body;
    if (status !== 503) throw new Error(text);
  }
  throw new Error('the read model did not catch up');
}
const head = async (by = operator): Promise<{ readonly position: string }> => {
  const { body } = await by.get<{ items: { position: string }[] }>('/v1/projections');
  return {
    position:
      body.items.find((one) => Reflect.get(one, 'name') === 'trailing-revenue')?.position ?? '0',
  };
};
const excludedOf = ({ excluded }: TrailingRevenueAnswer): Loose =>
  Object.fromEntries(excluded.map(({ reason, amount }) => [reason, amount.amount]));

describe('a revenue entry', () => {
  it('is recorded at the rate of its month and counts at once for a client that waits for it', async () => {
    const partnerId = await reseller();
    const entry = await record(
      statement(partnerId, today, { amount: { amount: '1250000', currency: 'JPY' } }),
    );
    expect([entry.status, entry.body.usdAmount]).toEqual([
      201,
      { amount: '8375.00', currency: 'USD' },
    ]);
    const { total, asOf, policyVersion } = await trailing(partnerId, entry);
    expect([total.amount, asOf, policyVersion]).toEqual([
      '8375.00',
      today,
      expect.stringMatching(/^0001-01-01@\d+$/),
    ]);
  });

  it('counts once by its source and reference: a repeat gets 200, another entry 409', async () => {
    const partnerId = await reseller();
    const stated = statement(partnerId, today);
    const first = await record(stated);
    const again = await record({ ...stated, amount: { amount: '10', currency: 'USD' } });
    expect([first.status, again.status, again.body]).toEqual([201, 200, first.body]);
    const other = await record({ ...stated, family: 'perpetual-software' });
    expect([other.status, other.body.type]).toEqual([409, '/problems/revenue-reference-reused']);
    expect((await trailing(partnerId, other)).total.amount).toBe('10.00');
  });

  it('requires a key, and returns the first answer for the same key', async () => {
    const stated = statement(await reseller(), today);
    const without = await operator.post('/v1/revenue', stated);
    expect([without.status, without.body['type']]).toEqual([
      400,
      '/problems/idempotency-key-required',
    ]);
    const key = randomUUID();
    const [first, replayed] = [await record(stated, key), await record(stated, key)];
    expect([first.status, replayed.status, replayed.replayed, replayed.body]).toEqual([
      201,
      201,
      true,
      first.body,
    ]);
  });

  it.each<[string, Partial<Statement>, number, string]>([
    [
      'a currency without a rate',
      { amount: { amount: '1', currency: 'CHF' } },
      422,
      '/problems/exchange-rate-missing',
    ],
    ['an unknown partner', { partnerId: 'nobody' }, 404, '/problems/partner-unknown'],
    [
      'more digits than its currency has',
      { amount: { amount: '1.5', currency: 'JPY' } },
      400,
      '/problems/malformed-request',
    ],
    [
      'a day that has begun nowhere yet',
      { recognizedOn: addDays(today, 2) },
      400,
      '/problems/malformed-request',
    ],
    ['a text of two lines', { source: 'a\nb' }, 400, '/problems/malformed-request'],
  ])('is refused for %s', async (_what, more, status, type) => {
    const answer = await record(statement(await reseller(), today, more));
    expect([answer.status, answer.body.type]).toEqual([status, type]);
  });

  it('may be a credit, be reversed in parts up to its remainder, be reviewed and be paid', async () => {
    const partnerId = await reseller();
    const sold = await record(
      statement(partnerId, today, { amount: { amount: '100.00', currency: 'EUR' } }),
    );
    await record(statement(partnerId, today, { amount: { amount: '-8.00', currency: 'USD' } }));
    const at = `/v1/revenue/${sold.body.revenueId}`;
    const part = { amount: { amount: '40.00', currency: 'EUR' }, on: today, reason: 'returned' };
    expect((await operator.post(`${at}/reversal`, part)).body['usdAmount']).toEqual({
      amount: '43.20',
      currency: 'USD',
    });
    const more = await operator.post(`${at}/reversal`, {
      ...part,
      amount: { amount: '60.01', currency: 'EUR' },
    });
    expect([more.status, more.body['type'], more.body['left']]).toEqual([
      422,
      '/problems/reversal-exceeds-revenue',
      { amount: '60.00', currency: 'EUR' },
    ]);
    const paid = await operator.post(`${at}/payment`, {
      amount: { amount: '50.00', currency: 'EUR' },
      paidOn: today,
    });
    expect([paid.status, paid.body['usdAmount']]).toEqual([
      201,
      { amount: '54.00', currency: 'USD' },
    ]);
    expect(await trailing(partnerId, paid)).toMatchObject({
      billed: { amount: '56.80' },
      paid: { amount: '10.80' },
    });

    const disallowed = await operator.post(`${at}/review`, {
      outcome: 'disallowed',
      on: today,
      reason: 'not CSP',
    });
    expect(disallowed.status).toBe(201);
    const after = await trailing(partnerId, disallowed);
    expect([after.total.amount, excludedOf(after)]).toEqual(['-8.00', { disallowed: '64.80' }]);
    const rest = await operator.post(`${at}/reversal`, { on: today, reason: 'all of it' });
    expect([rest.status, rest.body['amount']]).toEqual([201, { amount: '60.00', currency: 'EUR' }]);
    const again = await operator.post(`${at}/reversal`, { on: today, reason: 'all of it' });
    expect([again.status, again.body['type']]).toEqual([422, '/problems/revenue-already-reversed']);
  });

  it('answers 404 for an unknown id', async () => {
    const { status, body } = await operator.post(`/v1/revenue/${randomUUID()}/reversal`, {
      on: today,
      reason: 'x',
    });
    expect([status, body['type']]).toEqual([404, '/problems/revenue-unknown']);
  });
});

describe('trailing revenue at two times', () => {
  it('is computed as known at a position, which the answer returns', async () => {
    const partnerId = await reseller();
    const first = await record(statement(partnerId, yesterday));
    const known = await trailing(partnerId, first);
    const second = await record(statement(partnerId, today));
    expect((await trailing(partnerId, second)).total.amount).toBe('20.00');

    const path = `/v1/partners/${partnerId}/trailing-revenue`;
    const back = await operator.get<TrailingRevenueAnswer>(`${path}?knownAt=${first.position}`);
    expect([back.body.total.amount, back.body.knownAt]).toEqual([
      known.total.amount,
      first.position,
    ]);
    expect(
      (await operator.get<TrailingRevenueAnswer>(`${path}?asOf=${yesterday}`)).body.total.amount,
    ).toBe('10.00');
    expect((await operator.get(`${path}?knownAt=0`)).status).toBe(404);
    expect((await operator.get(`${path}?asOf=${addDays(today, 367)}`)).status).toBe(400);
    expect((await operator.get(`${path}?knownAt=99999999`)).status).toBe(400);
    expect((await operator.get('/v1/partners/nobody/trailing-revenue')).status).toBe(404);
  });
});

describe('an import', () => {
  it(`counts all ${LINES} lines, to the cent`, async () => {
    const [one, two] = [await reseller(), await reseller()];
    const rows = Array.from({ length: LINES }, (_, index) =>
      statement(index % 2 === 0 ? one : two, today, {
        amount: { amount: `${index}.25`, currency: 'USD' },
        reference: String(index),
      }),
    );
    const answer = await upload(revenueNdjson(rows), randomUUID(), 'application/x-ndjson');
    expect([answer.status, answer.body.accepted, answer.body.rejected]).toEqual([201, LINES, []]);
    const even = (LINES / 2) * (LINES / 2 - 1) + (LINES / 2) * 0.25;
    expect((await trailing(one, answer)).total.amount).toBe(even.toFixed(2));
    expect((await trailing(two, answer)).total.amount).toBe((even + LINES / 2).toFixed(2));
  }, 120_000);

  it('with a rejected row counts nothing and reports the row', async () => {
    const partnerId = await reseller();
    const rows = Array.from({ length: 2_000 }, () => statement(partnerId, today));
    const bad = [
      { amount: { amount: '1', currency: 'CHF' } },
      { partnerId: 'nobody' },
      { soldAs: 'x' },
    ].map((more) => statement(partnerId, today, more));
    const answer = await upload(revenueCsv([...rows, ...bad]));
    expect([answer.status, answer.body.type]).toEqual([422, '/problems/revenue-import-rejected']);
    expect([answer.body.accepted, answer.body.rejectedCount]).toEqual([2_000, 3]);
    expect(answer.body.rejected).toEqual([
      { row: 2_001, reason: expect.stringContaining('exchange-rate-missing') },
      { row: 2_002, reason: expect.stringContaining('partner-unknown') },
      { row: 2_003, reason: expect.stringContaining('soldAs "x"') },
    ]);
    expect((await trailing(partnerId, answer)).total.amount).toBe('0.00');
  });

  it('runs once for its key, refuses another file with that key and lists repeated entries as duplicates', async () => {
    const partnerId = await reseller();
    const single = statement(partnerId, today);
    await record(single);
    const file = revenueCsv([
      single,
      statement(partnerId, today),
      statement(partnerId, today, { reference: single.reference }),
    ]);
    const key = randomUUID();
    const [first, again] = [await upload(file, key), await upload(file, key)];
    expect([first.status, again.status, again.replayed, again.body]).toEqual([
      201,
      201,
      true,
      first.body,
    ]);
    const repeats = [1, 3].map((row) => ({ row, of: 'log', same: true }));
    expect(first.body).toMatchObject({ accepted: 3, repeats, repeatedCount: 2 });
    const other = await upload(`${file}\n`, key);
    expect([other.status, other.body.type]).toEqual([422, '/problems/idempotency-key-reused']);
    const known = await trailing(partnerId, first);
    expect([known.total.amount, excludedOf(known)]).toEqual(['20.00', { duplicate: '20.00' }]);
  });

  it('records entries that can be repeated and reversed like any other', async () => {
    const partnerId = await reseller();
    const row = statement(partnerId, today);
    await upload(revenueCsv([row]));
    const repeated = await record(row);
    expect(repeated.status).toBe(200);
    const reversed = await operator.post(`/v1/revenue/${repeated.body.revenueId}/reversal`, {
      on: today,
      reason: 'x',
    });
    expect((await trailing(partnerId, reversed)).total.amount).toBe('0.00');
  });

  it('whose client disconnects counts nothing and leaves no file', async () => {
    const partnerId = await reseller();
    const before = await head();
    await brokenOff(revenueCsv(Array.from({ length: 5_000 }, () => statement(partnerId, today))));
    await eventually(() => uploadsOf(service.dataDir).length === 0);
    const after = await record(statement(partnerId, today));
    expect((await trailing(partnerId, after)).total.amount).toBe('10.00');
    const { body } = await operator.get<EventPage>(
      `/v1/events?after=${before.position}&type=ImportCompleted`,
    );
    expect(body.items).toEqual([]);
  });

  it('can be made from the command line beside the service', async () => {
    const partnerId = await reseller();
    const folder = mkdtempSync(join(tmpdir(), 'sekisho-revenue-'));
    const options = { dataDir: service.dataDir, env: await backendOf(service.dataDir) };
    writeFileSync(
      join(folder, 'good.ndjson'),
      revenueNdjson([statement(partnerId, today), statement(partnerId, today)]),
    );
    const row = statement(partnerId, today);
    const differing = { ...row, amount: { amount: '11.00', currency: 'USD' } };
    writeFileSync(join(folder, 'repeats.ndjson'), revenueNdjson([row, row, differing]));
    writeFileSync(
      join(folder, 'bad.csv'),
      revenueCsv([statement(partnerId, today), statement('nobody', today)]),
    );
    const good = await spawnSekisho(
      ['revenue', 'import', '--json', join(folder, 'good.ndjson')],
      options,
    );
    const repeats = await sekisho(['revenue', 'import', join(folder, 'repeats.ndjson')], options);
    const bad = await sekisho(['revenue', 'import', join(folder, 'bad.csv')], options);
    rmSync(folder, { recursive: true });
    expect([repeats.code, repeats.stdout.split('\n').slice(1, 3), repeats.stderr]).toEqual([
      0,
      ['row 2  repeats row 1', 'row 3  repeats the reference of row 1 with other content'],
      'Rows that repeat an entry: 2. They do not count.\n',
    ]);
    expect([good.code, good.stderr, bad.code, bad.stdout]).toEqual([
      0,
      '',
      1,
      expect.stringMatching(/^row 2 {2}partner-unknown/),
    ]);
    const { position, ...answer } = JSON.parse(good.stdout) as { position: string };
    expect(answer).toMatchObject({ rows: 2, repeats: [], repeatedCount: 0 });
    // Two entries of the first file, one of the second.
    expect(
      (await trailing(partnerId, { position: String(Number(position) + 2) })).total.amount,
    ).toBe('30.00');
  }, 60_000);
});

describe('two processes on one log', () => {
  const secret = (id: string): string => `${id}-${'s'.repeat(32)}`;
  let second: Service;
  let partnerId: string;
  let clients: readonly Client[];

  beforeAll(async () => {
    partnerId = await reseller();
    const key = (id: string, more: object) => ({
      id,
      sha256: createHash('sha256').update(secret(id)).digest('hex'),
      ...more,
    });
    const keys = [
      key('everyone', { roles: ['operator'] }),
      key('scoped', { roles: ['operator'], partnerIds: [partnerId] }),
    ];
    const file = join(service.dataDir, 'keys.json');
    writeFileSync(file, JSON.stringify({ keys }));
    second = await Service.start({ dataDir: service.dataDir, env: { API_KEYS_FILE: file } });
    clients = [operator, second.withKey(secret('everyone'))];
  }, 60_000);
  afterAll(() => second.stop());

  const last = <Body>(answers: readonly Answer<Body>[]): Answer<Body> =>
    answers.reduce((a, b) => (Number(a.position) > Number(b.position) ? a : b));

  it('never reverse more of an entry than remains', async () => {
    const sold = await record(
      statement(partnerId, today, { amount: { amount: '100.00', currency: 'USD' } }),
    );
    const before = (await trailing(partnerId, sold)).total.amount;
    const part = { amount: { amount: '30.00', currency: 'USD' }, on: today, reason: 'race' };
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        clients[index % 2]!.post(`/v1/revenue/${sold.body.revenueId}/reversal`, part),
      ),
    );
    const done = answers.filter(({ status }) => status === 201);
    // Under contention the service may ask the client to retry, but never accepts more than the
    // remainder.
    expect(done.length).toBeLessThanOrEqual(3);
    expect(
      answers.filter(({ status }) => ![201, 409, 422].includes(status)).map(({ text }) => text),
    ).toEqual([]);
    expect((await trailing(partnerId, last(answers))).total.amount).toBe(
      (Number(before) - 30 * done.length).toFixed(2),
    );
  }, 60_000);

  it('record an entry once when it is stated many times at the same time', async () => {
    const another = await reseller();
    const stated = statement(another, today);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => record(stated, randomUUID(), clients[index % 2])),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      ...Array.from({ length: 9 }, () => 200),
      201,
    ]);
    expect(await trailing(another, last(answers))).toMatchObject({
      total: { amount: '10.00' },
      excluded: [],
    });
  });

  it('check the partner’s scope: a write outside it gets 403, a read 404', async () => {
    const scoped = second.withKey(secret('scoped'));
    const others = statement(await reseller(), today);
    const sold = await record(others);
    const mixed = revenueCsv([statement(partnerId, today), statement(others.partnerId, today)]);
    const statuses = [
      await record(statement(partnerId, today), randomUUID(), scoped),
      await record(others, randomUUID(), scoped),
      await scoped.post(`/v1/revenue/${sold.body.revenueId}/reversal`, { on: today, reason: 'x' }),
      await upload(revenueCsv([statement(partnerId, today)]), randomUUID(), 'text/csv', scoped),
      await upload(mixed, randomUUID(), 'text/csv', scoped),
      await scoped.get(`/v1/partners/${partnerId}/trailing-revenue`),
      await scoped.get(`/v1/partners/${others.partnerId}/trailing-revenue`),
    ].map(({ status }) => status);
    expect(statuses).toEqual([201, 403, 403, 201, 403, 200, 404]);
  });
});

describe('a service that is killed during an import', () => {
  it('has counted nothing of it, leaves no file, and completes it when the key is sent again', async () => {
    const dataDir = newDataDir();
    let killed = await Service.start({ dataDir });
    try {
      const partnerId = await new World(killed.as('operator'), today).partner('indirect-reseller');
      const file = revenueCsv(
        Array.from({ length: KILLED_LINES }, (_, index) =>
          statement(partnerId, today, { reference: String(index) }),
        ),
      );
      const key = randomUUID();
      const cutOff = upload(file, key, 'text/csv', killed.as('operator')).catch(() => undefined);
      await eventually(async () => {
        const { body } = await killed
          .as('operator')
          .get<EventPage>('/v1/events?type=ImportChunkAdded&limit=1');
        return body.items.length > 0;
      });
      await killed.kill();
      expect((await cutOff)?.status).not.toBe(201);

      killed = await Service.start({ dataDir });
      const by = killed.as('operator');
      const single = await record(
        statement(partnerId, today, { reference: '7' }),
        randomUUID(),
        by,
      );
      expect(single.status).toBe(201);
      expect((await trailing(partnerId, single, by)).total.amount).toBe('10.00');
      expect(uploadsOf(dataDir)).toEqual([]);

      const again = await upload(file, key, 'text/csv', by);
      expect([again.status, again.replayed, again.body.accepted]).toEqual([
        201,
        false,
        KILLED_LINES,
      ]);
      const known = await trailing(partnerId, again, by);
      expect([known.total.amount, excludedOf(known)]).toEqual([
        (KILLED_LINES * 10).toFixed(2),
        { duplicate: '10.00' },
      ]);
    } finally {
      await killed.stop();
      killed.remove();
    }
  }, 240_000);
});

const uploadsOf = (dataDir: string): readonly string[] => {
  const folder = join(dataDir, 'uploads');
  return existsSync(folder) ? readdirSync(folder) : [];
};

async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1_000; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, backend === 'cluster' ? 20 : 5));
  }
  throw new Error('it did not come to that');
}

/** Sends a file up to its last rows, then disconnects. */
function brokenOff(file: string): Promise<void> {
  const { hostname, port } = new URL(service.url);
  const headers = {
    authorization: `Bearer ${service.keyOf('operator')}`,
    'content-type': 'text/csv',
    'content-length': String(file.length),
  };
  return new Promise((resolve) => {
    const sent = request({ hostname, port, method: 'POST', path: '/v1/revenue/imports', headers });
    sent.on('error', () => resolve());
    sent.write(file.slice(0, -200), () => setTimeout(() => sent.destroy(new Error('gone')), 200));
  });
}
