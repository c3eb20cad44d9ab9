import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RevenueStatement } from '../../domain/qualification/revenue.js';
import { partnerId, revenueId, tenantId } from '../../domain/shared/ids.js';
import { revenueStream } from '../../domain/shared/streams.js';
import { PositionNotReached } from '../../read-models/errors.js';
import { context } from '../testing/application.js';
import { TODAY } from '../testing/opened.js';
import { ChangeRevenue, RecordRevenue, type RevenueChange } from './revenue.commands.js';
import { reseller, revenueApplication } from './testing/revenue-application.js';

const sold: RevenueStatement = {
  partnerId: reseller,
  tenantId: tenantId('11111111-2222-4333-8444-555555555555'),
  amount: { amount: '100000', currency: 'JPY' },
  recognizedOn: '2026-11-20',
  family: 'cloud',
  soldAs: 'indirect-reseller',
  source: 'Partner Center',
  reference: 'A-1',
};
const usd = (amount: string) => ({ amount, currency: 'USD' });

let app: Awaited<ReturnType<typeof revenueApplication>>;
beforeEach(async () => {
  app = await revenueApplication();
});
afterEach(() => app.close());

const record = (more: Partial<RevenueStatement> = {}, key?: string) =>
  app.record.execute(new RecordRevenue(context(key, more), { ...sold, ...more }));
const entriesOf = () => app.log.revisionOf(revenueStream(reseller));

describe('recording revenue', () => {
  it('fixes the value in USD, and answers a repeat with the first entry', async () => {
    const first = await record();
    const again = await record({ amount: { amount: '100000', currency: 'JPY' } });
    expect([
      first.outcome.kind,
      first.entry?.usdAmount,
      again.outcome.kind,
      again.entry,
    ]).toMatchObject([
      'committed',
      usd('670.00'),
      'unchanged',
      { revenueId: first.entry?.revenueId, usdAmount: usd('670.00') },
    ]);
    expect(await entriesOf()).toBe(0);
  });

  it.each<[string, Partial<RevenueStatement>, object]>([
    [
      'other content under the same reference',
      { family: 'partner-owned' },
      { code: 'revenue-reference-reused' },
    ],
    [
      'a partner that is not registered',
      { partnerId: partnerId('nobody') },
      { code: 'partner-unknown' },
    ],
    [
      'a month without a rate',
      { recognizedOn: '2026-10-31', reference: 'A-2' },
      { code: 'exchange-rate-missing', month: '2026-10' },
    ],
    [
      'a day that is in the future everywhere',
      { recognizedOn: '2026-11-24', reference: 'A-2' },
      { code: 'malformed', path: '/recognizedOn' },
    ],
  ])('refuses %s', async (_what, more, refusal) => {
    await record();
    expect((await record(more)).outcome).toMatchObject({ kind: 'refused', refusal });
    expect(await entriesOf()).toBe(0);
  });

  it('keeps the rate that was published when it was recorded', async () => {
    await record();
    await app.rates('2026-11', '0.0070');
    expect((await record()).entry?.usdAmount).toEqual(usd('670.00'));
    expect((await record({ reference: 'A-2' })).entry?.usdAmount).toEqual(usd('700.00'));
  });

  it('counts an entry once when it is recorded at the same time, also in another process', async () => {
    const other = await app.another();
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        (index % 2 ? other : app).record.execute(new RecordRevenue(context(), sold)),
      ),
    );
    expect(outcomes.filter(({ outcome }) => outcome.kind === 'committed')).toHaveLength(1);
    expect(await entriesOf()).toBe(0);
  });

  it('answers a repeated key with the first answer, even after later changes', async () => {
    const first = await record({}, 'key');
    await app.rates('2026-11', '0.0070');
    const again = await record({}, 'key');
    expect(again).toMatchObject({
      outcome: { kind: 'committed', replayed: true },
      entry: first.entry,
    });
  });
});

describe('a change of an entry', () => {
  const change = async (id: string, what: RevenueChange, by = app.change) =>
    by.execute(new ChangeRevenue(context(), revenueId(id), what));
  const part = {
    type: 'reverse',
    amount: { amount: '40000', currency: 'JPY' },
    on: TODAY,
    reason: 'returned',
  } as const;

  it('is decided on all earlier changes, so that a race cannot reverse too much', async () => {
    const id = (await record()).entry?.revenueId ?? '';
    const other = await app.another();
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, (_, index) => change(id, part, (index % 2 ? other : app).change)),
    );
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual([
      'committed',
      'committed',
      'refused',
      'refused',
      'refused',
      'refused',
    ]);
    expect(outcomes.find(({ kind }) => kind === 'refused')).toMatchObject({
      refusal: { code: 'reversal-exceeds-revenue', left: { amount: '20000', currency: 'JPY' } },
    });
    expect(await entriesOf()).toBe(2);
  });

  it('is refused for an unknown entry', async () => {
    const nobodys = '7c0e5941-42a0-5a0e-9b72-1e590e2e6b31';
    expect(await change(nobodys, part)).toMatchObject({
      kind: 'refused',
      refusal: { code: 'revenue-unknown' },
    });
  });

  it('is unchanged when the same review is repeated', async () => {
    const id = (await record()).entry?.revenueId ?? '';
    const review = { type: 'review', outcome: 'disallowed', on: TODAY, reason: 'not CSP' } as const;
    expect([(await change(id, review)).kind, (await change(id, review)).kind]).toEqual([
      'committed',
      'unchanged',
    ]);
  });
});

describe('trailing revenue', () => {
  const asked = async (more: object = {}) =>
    app.reading.of(reseller, { head: await app.log.head(), ...more });

  it('uses entries, policy and registration as of one position', async () => {
    const before = await app.log.head();
    await record();
    expect(await asked()).toMatchObject({
      asOf: TODAY,
      knownAt: before + 1,
      revenue: { total: usd('670.00') },
    });
    expect(await asked({ knownAt: String(before) })).toMatchObject({
      knownAt: before,
      revenue: { total: usd('0.00') },
    });
    expect(await asked({ asOf: '2026-11-19' })).toMatchObject({ revenue: { total: usd('0.00') } });
    expect(await asked({ knownAt: '0' })).toBeUndefined();
  });

  it('is refused for a position after the end of the log', async () => {
    await expect(app.reading.of(reseller, { head: 10_000 })).rejects.toThrow(PositionNotReached);
  });
});
