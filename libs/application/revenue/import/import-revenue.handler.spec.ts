import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { partnerId } from '../../../domain/shared/ids.js';
import { importStream } from '../../../domain/shared/streams.js';
import { plainFingerprint } from '../../engine/commands/request-fingerprints.js';
import {
  KeyReused,
  OutsideScope,
  PreconditionFailed,
  RequestInFlight,
} from '../../engine/commands/failures.js';
import { context } from '../../testing/application.js';
import { ImportRevenue, type RevenueFile } from './import-revenue.command.js';
import { reseller, revenueApplication } from '../testing/revenue-application.js';
import { ImportInterrupted } from '../../uploads/failures.js';

const row = (reference: string, more: object = {}): string =>
  JSON.stringify({
    partnerId: reseller,
    tenantId: '11111111-2222-4333-8444-555555555555',
    amount: { amount: '1000', currency: 'JPY' },
    recognizedOn: '2026-11-20',
    family: 'cloud',
    soldAs: 'indirect-reseller',
    source: 'file',
    reference,
    ...more,
  });
/** Enough rows for more than one chunk. */
const rows = Array.from({ length: 1_000 }, (_, index) => row(String(index)));

let app: Awaited<ReturnType<typeof revenueApplication>>;
beforeEach(async () => {
  app = await revenueApplication();
});
afterEach(() => app.close());

async function* bytesOf(lines: readonly string[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(lines.join('\n'));
}
const noOne = new AbortController().signal;

function command(
  lines: readonly string[],
  key?: string,
  file: Partial<RevenueFile> = {},
  more: object = {},
): ImportRevenue {
  const { fingerprint, ...identity } = context(key);
  return new ImportRevenue(
    { ...identity, ...more },
    { form: 'ndjson', bytes: bytesOf(lines), signal: noOne, ...file },
    fingerprint && ((digest) => plainFingerprint('POST', '/v1/revenue/imports', digest)),
  );
}
const run = (...asked: Parameters<typeof command>) => app.import.execute(command(...asked));
const total = async (): Promise<string | undefined> =>
  (await app.reading.of(reseller, { head: await app.log.head() }))?.revenue.total.amount;

describe('an import of revenue', () => {
  it('counts completely, from its last event on', async () => {
    const { outcome, importId, rows: count } = await run(rows);
    expect([outcome.kind, count, await total()]).toEqual(['committed', 1_000, '6700.00']);
    const revision = await app.log.revisionOf(importStream(importId!));
    expect(revision).toBeGreaterThan(2);
    expect(outcome).toMatchObject({
      revision,
      events: [
        { type: 'ImportCompleted', data: { kind: 'revenue', rows: 1_000, chunks: revision } },
      ],
    });
  });

  it('lists each row that repeats an earlier one or the log, also in a repeated answer', async () => {
    const usd = (amount: string) => ({ amount: { amount, currency: 'USD' } });
    const lines = [row('a', usd('1')), row('b'), row('a', usd('1.00')), row('a', usd('1.01'))];
    const first = await run(lines, 'first');
    const repeats = [
      { row: 3, of: 1, same: true },
      { row: 4, of: 1, same: false },
    ];
    expect(first).toMatchObject({ rows: 4, repeats, repeatedCount: 2 });
    const again = await run(
      [
        row('c', { family: 'partner-owned' }),
        row('b', usd('1')),
        row('a', usd('1.0')),
        row('c'),
        row('b'),
        row('d'),
      ],
      'again',
    );
    expect(again).toMatchObject({
      rows: 6,
      repeatedCount: 4,
      repeats: [
        { row: 2, of: 'log', same: false },
        { row: 3, of: 'log', same: true },
        { row: 4, of: 1, same: false },
        { row: 5, of: 'log', same: true },
      ],
    });
    expect(await run(lines, 'first')).toMatchObject({
      importId: first.importId,
      repeats,
      repeatedCount: 2,
      outcome: { replayed: true },
    });
    expect(await run([row('e')])).toMatchObject({ repeats: [], repeatedCount: 0 });
  });

  it('lists the first thousand repeats and counts all of them', async () => {
    const { repeats, repeatedCount } = await run([...rows, ...rows, row('0')]);
    expect([repeats?.length, repeats?.at(-1), repeatedCount]).toEqual([
      1_000,
      { row: 2_000, of: 1_000, same: true },
      1_001,
    ]);
    const next = await run([...rows, row('0')]);
    expect([next.repeats?.[999], next.repeatedCount]).toEqual([
      { row: 1_000, of: 'log', same: true },
      1_001,
    ]);
  });

  it('appends nothing if a row is rejected', async () => {
    const before = await app.log.head();
    const { outcome } = await run([
      ...rows,
      row('x', { family: 'x' }),
      row('y', { partnerId: 'nobody' }),
    ]);
    expect(outcome).toMatchObject({
      kind: 'refused',
      refusal: {
        code: 'revenue-import-rejected',
        accepted: 1_000,
        rejectedCount: 2,
        rejected: [{ row: 1_001 }, { row: 1_002 }],
      },
    });
    expect(await app.log.head()).toBe(before);
  });

  it('is identified by its key: the same bytes get the first answer, others are refused', async () => {
    const first = await run(rows, 'key');
    await app.rates('2026-11', '0.0070');
    expect(await run(rows, 'key')).toMatchObject({
      importId: first.importId,
      rows: 1_000,
      outcome: { replayed: true },
    });
    await expect(run([...rows, row('x')], 'key')).rejects.toThrow(KeyReused);
    expect(await total()).toBe('6700.00');
  });

  it('does not count after an interruption, and is completed at its first rates by its key', async () => {
    const gone = new AbortController();
    const left = run(rows, 'key', { signal: gone.signal, appended: () => gone.abort() });
    await expect(left).rejects.toThrow(ImportInterrupted);
    expect(await total()).toBe('0.00');
    expect(await run(rows, 'key')).toMatchObject({
      outcome: { kind: 'committed', replayed: false },
    });
    expect(await total()).toBe('6700.00');

    const again = new AbortController();
    await expect(
      run([...rows, row('x')], 'other', { signal: again.signal, appended: () => again.abort() }),
    ).rejects.toThrow();
    await app.rates('2026-11', '0.0100');
    await run([...rows, row('x')], 'other');
    // A thousand rows repeat entries that count already; the new row is worth ten dollars.
    expect(await total()).toBe('6710.00');
  });

  it('does not count and leaves no file when its upload breaks off', async () => {
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from(rows.join('\n'));
      throw new Error('the connection was reset');
    };
    await expect(run([], 'key', { bytes: broken() })).rejects.toThrow('reset');
    expect([await total(), readdirSync(app.folder)]).toEqual(['0.00', []]);
    expect((await run(rows, 'key')).outcome.kind).toBe('committed');
  });

  it('refuses its key while the first request with it is in progress', async () => {
    const both = await Promise.allSettled([run(rows, 'key'), run(rows, 'key')]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(both[1]).toMatchObject({ reason: expect.any(RequestInFlight) });
  });

  it('is refused for a key with other partners in its scope', async () => {
    const { context: by, file } = command(rows);
    const scoped = { ...by, scope: [partnerId('elsewhere')] };
    await expect(app.import.execute(new ImportRevenue(scoped, file))).rejects.toThrow(OutsideScope);
    expect(await total()).toBe('0.00');
  });

  it('never meets If-Match, because it has no revision before', async () => {
    await expect(run(rows, undefined, {}, { ifMatch: [3] })).rejects.toThrow(PreconditionFailed);
  });
});
