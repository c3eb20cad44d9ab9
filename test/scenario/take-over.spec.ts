import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays } from '../support/calendar.js';
import type { Client } from '../support/client.js';
import { type Ran, sekisho } from '../support/command-line.js';
import { Service } from '../support/service.js';
import { wholeLog } from '../support/whole-log.js';

/** `sekisho import` beside a running service, on the log's own day. */
const tenantId = '6f1d3c52-7f0e-4b6e-9a58-0d0f5f4c1a01';
const folder = mkdtempSync(join(tmpdir(), 'sekisho-take-over-'));
const file = join(folder, 'adopter.ndjson');
const today = new Date().toISOString().slice(0, 10);

const partner = {
  kind: 'partner',
  partnerId: 'adopter',
  legalName: 'Adopter GmbH',
  country: 'DE',
  model: 'direct-bill',
};
const customer = {
  kind: 'customer',
  tenantId,
  legalName: 'Contoso Deutschland GmbH',
  country: 'DE',
  agreements: [
    {
      signedOn: '2024-05-02',
      country: 'DE',
      language: 'de-DE',
      signatory: { firstName: 'Erika', lastName: 'Muster', email: 'erika.muster@example.com' },
      method: 'partner-attested',
    },
  ],
  relationships: [{ partnerId: 'adopter', from: '2024-05-02' }],
};
const subscription = {
  kind: 'subscription',
  vendorId: 'ms-1',
  tenantId,
  partnerId: 'adopter',
  offerId: 'CFQ7TTC0LH18:1',
  quantity: 25,
  term: 'P1Y',
  billingPlan: 'monthly',
  termStart: addDays(today, -100),
  termEnd: addDays(today, 200),
  billedThrough: addDays(today, -10),
  cost: { amount: '201.60', currency: 'EUR' },
  prices: { customer: { amount: '259.20', currency: 'EUR' } },
  atTermEnd: 'renew',
};

let service: Service;
let auditor: Client;
beforeAll(async () => {
  service = await Service.start();
  auditor = service.as('auditor');
});
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

const importing = (lines: readonly object[], ...options: readonly string[]): Promise<Ran> => {
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return sekisho(['import', ...options, file], { dataDir: service.dataDir });
};
const eventTypes = async (): Promise<readonly string[]> =>
  (await wholeLog(auditor)).map(({ type }) => type);

describe('the import of an earlier system', () => {
  it('imports nothing while a line is wrong, and lists each wrong line with its place', async () => {
    const before = await eventTypes();
    const wrong = [
      { ...partner, model: 'none' },
      { ...customer, agreements: [{ ...customer.agreements[0], language: 'xx-XX' }] },
      { kind: 'order' },
      subscription,
    ];
    const first = await importing(wrong);
    expect(first.code).toBe(1);
    expect(first.stdout).toContain('line 1  /model  enum');
    expect(first.stdout).toContain('line 3  /kind must be');
    const judged = await importing([partner, wrong[1] as object, subscription]);
    expect(judged.code).toBe(1);
    expect(judged.stdout.trim().split('\n')).toEqual([
      expect.stringContaining('line 2  /agreements/0/language'),
    ]);
    expect(await eventTypes()).toEqual(before);
  });

  it('imports all lines once, in any order', async () => {
    const lines = [subscription, customer, partner];
    const imported = await importing(lines, '--json');
    expect(imported).toMatchObject({ code: 0 });
    expect(JSON.parse(imported.stdout)).toMatchObject({ imported: 3, unchanged: 0 });
    expect(await eventTypes()).toEqual(
      expect.arrayContaining([
        'PartnerRegistered',
        'CustomerRegistered',
        'CustomerAgreementSigned',
        'CustomerPartnerRelationshipStarted',
        'SubscriptionImported',
      ]),
    );
    const events = (await eventTypes()).length;
    const again = await importing(lines, '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ imported: 0, unchanged: 3 });
    expect(await eventTypes()).toHaveLength(events);
  });

  it('refuses other data for a subscription that was imported', async () => {
    const { code, stdout } = await importing([{ ...subscription, quantity: 26 }]);
    expect([code, stdout]).toEqual([1, expect.stringContaining('subscription-exists')]);
    const twice = await importing([subscription, subscription]);
    expect(twice.stdout).toContain('line 2  subscription-repeated');
  });
});
