import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import {
  type Cells,
  cells,
  csv,
} from '../../libs/application/billing/reconciliation/testing/files.js';
import type { Loose, Page } from '../support/answers.js';
import type { Answer, Client } from '../support/client.js';
import { Service } from '../support/service.js';
import { World } from '../support/world.js';

/** Microsoft's reconciliation files over HTTP. */
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

const addressOf = (invoice: string): string => `/v1/reconciliations/${invoice}`;
const upload = (
  address: string,
  body: string | Uint8Array,
  type = 'text/csv',
): Promise<Answer<Loose>> =>
  operator.call('POST', address, body, { headers: { 'content-type': type } });
const jsonLines = (lines: readonly Cells[]): string =>
  lines.map((line) => JSON.stringify(line)).join('\n');

/** A registered partner with its CSP tenant, and lines of an invoice for it. */
async function partnerWithTenant() {
  const PartnerId = randomUUID();
  const partnerId = `seller-${PartnerId.slice(0, 13)}`;
  await world.say('PUT', `/v1/partners/${partnerId}`, {
    legalName: partnerId,
    country: 'US',
    model: 'direct-bill',
    cspTenantIds: [PartnerId],
  });
  const invoice = `G${PartnerId.slice(0, 8)}`;
  const line = (changes: Cells = {}): Cells =>
    cells({ PartnerId: PartnerId.toUpperCase(), InvoiceNumber: invoice, ...changes });
  return { partnerId, invoice, line };
}

const none = { count: 0, theirs: '0', ours: '0' };

describe('a reconciliation file', () => {
  it('is recorded once for the same content in another form, and again for other content', async () => {
    const { partnerId, invoice, line } = await partnerWithTenant();
    const lines = [line(), line({ ChargeType: 'convert', Subtotal: '-7.50' })];
    const first = await upload(addressOf(invoice), csv(lines));
    expect([first.status, first.body]).toMatchObject([
      201,
      { partnerId, revision: 0, lineCount: 2, currency: 'USD', subtotal: '112.5', warnings: [] },
    ]);
    const again = await upload(addressOf(invoice), gzipSync(jsonLines(lines)), 'application/gzip');
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(again.position).toBe(first.position);

    const more = [...lines, line({ MeterDescription: 'vCPU', Subtotal: '0.123456789' })];
    const second = await upload(addressOf(invoice), JSON.stringify(more), 'application/json');
    expect([second.status, second.body['revision'], second.body['lineCount']]).toEqual([201, 1, 3]);
    const listed = await operator.get<Page<Loose>>(
      `/v1/reconciliations?partnerId=${partnerId}&minPosition=${second.position}`,
    );
    expect(listed.body).toMatchObject({
      items: [{ invoiceNumber: invoice, revision: 1, lineCount: 3 }],
      nextCursor: null,
    });
  });

  it('is compared at any known position, a page at a time, with the same sums', async () => {
    const { invoice, line } = await partnerWithTenant();
    const before = await upload(addressOf(invoice), csv([line()]));
    const lines = Array.from({ length: 5 }, (_line, index) => line({ Subtotal: `${index}.01` }));
    await upload(addressOf(invoice), csv([...lines, line({ ChargeType: 'moveQuantity' })]));

    const read = await operator.get(addressOf(invoice));
    expect(read.body).toMatchObject({
      revision: 1,
      subtotal: '130.05',
      classes: {
        matched: none,
        differs: none,
        'only-theirs': { count: 5, theirs: '10.05', ours: '0' },
        'only-ours': none,
        'out-of-scope': { count: 1, theirs: '120', ours: '0' },
      },
      nextCursor: null,
    });
    const rows: number[] = [];
    for (let cursor: unknown = ''; cursor !== null;) {
      const page = await operator.get<{
        lines: readonly { theirs: { row: number } }[];
        nextCursor: string | null;
        classes: unknown;
      }>(`${addressOf(invoice)}?class=only-theirs&limit=2${cursor ? `&cursor=${cursor}` : ''}`);
      expect(page.body.classes).toEqual(read.body['classes']);
      rows.push(...page.body.lines.map(({ theirs }) => theirs.row));
      cursor = page.body.nextCursor;
      // A later event does not change the pages that follow.
      if (rows.length === 2) await upload(addressOf(invoice), csv([line({ Subtotal: '9' })]));
    }
    expect(rows).toEqual([1, 2, 3, 4, 5]);

    const past = await operator.get(`${addressOf(invoice)}?knownAt=${before.position}`);
    expect(past.body).toMatchObject({ revision: 0, subtotal: '120' });
    expect((await operator.get(`${addressOf(invoice)}?cursor=eA`)).status).toBe(400);
    expect((await operator.get(addressOf('G-unknown'))).status).toBe(404);
  });

  it('is a report in every format, with control totals', async () => {
    const { partnerId, invoice, line } = await partnerWithTenant();
    const lines = [line({ Subtotal: '10.005' }), line({ ChargeType: 'convert', Subtotal: '-3' })];
    const { position } = await upload(addressOf(invoice), csv(lines));
    const addressOfReport = (format: string): string =>
      `/v1/reports/reconciliation?partnerId=${partnerId}&format=${format}&knownAt=${position}`;
    const { body } = await operator.get(addressOfReport('json'));
    expect(body).toMatchObject({
      rowCount: 2,
      controlTotals: { theirs: [{ amount: '7.005', currency: 'USD' }], ours: [] },
      items: [
        { class: 'only-theirs', row: 1, theirs: { amount: '10.005', currency: 'USD' }, ours: null },
        { class: 'out-of-scope', row: 2, subtotal: '-3', from: '2026-12-10' },
      ],
    });
    const textOf = async (format: string): Promise<string> =>
      (await operator.open(addressOfReport(format), {})).text();
    expect(await textOf('csv')).toContain(`${invoice},0,${partnerId},only-theirs,1,`);
    expect(await textOf('ndjson')).toContain('"class":"out-of-scope"');
    expect((await textOf('parquet')).slice(0, 4)).toBe('PAR1');
    expect(await textOf('json')).toBe(await textOf('json'));
  });

  it('is refused with its faults, and nothing is recorded', async () => {
    const { invoice, line } = await partnerWithTenant();
    const semicolons = csv([line()]).replaceAll(',', ';');
    const refused = await upload(addressOf(invoice), semicolons);
    expect([refused.status, refused.body]).toMatchObject([
      422,
      {
        type: '/problems/reconciliation-rejected',
        rejected: [{ row: 0, reason: expect.stringContaining('separated by semicolons') }],
        rejectedCount: 1,
      },
    ]);
    const comma = await upload(addressOf(invoice), csv([line({ Subtotal: '94,08' })]));
    expect(comma.body).toMatchObject({
      rejected: [{ row: 1, reason: expect.stringContaining('decimal commas') }],
    });
    expect((await operator.get(addressOf(invoice))).status).toBe(404);
  });

  it('needs one partner: by its CSP tenant, or by name', async () => {
    const { partnerId, invoice, line } = await partnerWithTenant();
    const foreign = csv([line({ PartnerId: randomUUID() })]);
    const unknown = await upload(addressOf(invoice), foreign);
    expect([unknown.status, unknown.body]).toMatchObject([
      422,
      { type: '/problems/reconciliation-partner-unknown', partnerIds: [] },
    ]);
    const nobody = await upload(`${addressOf(invoice)}?partnerId=nobody`, foreign);
    expect(nobody.status).toBe(422);
    const named = await upload(`${addressOf(invoice)}?partnerId=${partnerId}`, foreign);
    expect([named.status, named.body['partnerId']]).toEqual([201, partnerId]);
  });

  it('of another invoice is recorded with a warning', async () => {
    const { invoice, line } = await partnerWithTenant();
    const { body } = await upload(addressOf(invoice), csv([line({ InvoiceNumber: 'G7' })]));
    expect(body['warnings']).toEqual([{ code: 'invoice-number', invoiceNumbers: ['G7'] }]);
  });

  it('repeats its answer for the same key, and refuses other content for it', async () => {
    const { invoice, line } = await partnerWithTenant();
    const key = randomUUID();
    const send = (body: string) => operator.call<Loose>('POST', addressOf(invoice), body, { key });
    const first = await send(csv([line()]));
    const again = await send(csv([line()]));
    expect([again.status, again.replayed, again.body['revision']]).toEqual([201, true, 0]);
    expect(first.body['digest']).toBe(again.body['digest']);
    expect((await send(csv([line({ Subtotal: '1' })]))).status).toBe(422);
  });
});
