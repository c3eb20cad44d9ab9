import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ControlTotals, decimalOf, tenThousandths } from './control-totals.js';
import { primed } from './reports.js';
import type { ReportColumn } from './report.js';

const columns: readonly ReportColumn[] = [
  { name: 'total', type: 'money', totalled: true, description: '' },
  { name: 'lines', type: 'integer', totalled: true, description: '' },
  { name: 'other', type: 'integer', description: '' },
];

describe('control totals', () => {
  it('are exact sums a currency, however large, and do not depend on the pages', () => {
    const row = fc.record({
      total: fc.option(
        fc.record({
          amount: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
          currency: fc.constantFrom('JPY', 'KRW'),
        }),
      ),
      lines: fc.option(fc.nat()),
    });
    fc.assert(
      fc.property(fc.array(fc.array(row)), (pages) => {
        const totals = new ControlTotals(columns);
        for (const page of pages)
          totals.count(
            page.map(({ total, lines }) => ({
              total: total && { ...total, amount: String(total.amount) },
              lines,
              other: 1,
            })),
          );
        const rows = pages.flat();
        const sums = ['JPY', 'KRW'].flatMap((currency) => {
          const amounts = rows.flatMap(({ total }) =>
            total?.currency === currency ? [total.amount] : [],
          );
          return amounts.length === 0
            ? []
            : [{ amount: String(amounts.reduce((a, b) => a + b)), currency }];
        });
        expect(totals.rowCount).toBe(rows.length);
        expect(totals.totals).toEqual({
          total: sums,
          lines: rows.reduce((sum, { lines }) => sum + (lines ?? 0), 0),
        });
      }),
    );
  });
});

describe('a decimal', () => {
  it.each([
    ['12.5', 125_000n, '12.5000'],
    ['-12.50', -125_000n, '-12.5000'],
    ['-0.0001', -1n, '-0.0001'],
    ['0', 0n, '0.0000'],
    ['-0', 0n, '0.0000'],
    ['12345678901234567890.1234', 123_456_789_012_345_678_901_234n, '12345678901234567890.1234'],
  ])('%s is %d ten-thousandths', (decimal, whole, written) => {
    expect([tenThousandths(decimal), decimalOf(whole)]).toEqual([whole, written]);
  });
  it('is rejected if it has more than four digits after the point', () =>
    expect(() => tenThousandths('0.00001')).toThrow(RangeError));
});

describe('pages of which the first is read already', () => {
  const read: number[] = [];
  async function* pages(count: number, failsAt = -1): AsyncGenerator<number> {
    try {
      for (let page = 0; page < count; page++) {
        if (page === failsAt) throw new Error(`page ${page}`);
        read.push(page);
        yield page;
      }
    } finally {
      read.push(-1);
    }
  }
  const all = async (source: AsyncGenerator<number>): Promise<number[]> => {
    const taken: number[] = [];
    for await (const page of source) taken.push(page);
    return taken;
  };

  it.each([0, 1, 3])('can be read to the end: %d pages', async (count) => {
    expect(await all(await primed(pages(count)))).toEqual(
      Array.from({ length: count }, (_page, page) => page),
    );
  });
  it('fail at once if the first page fails, else at the page that fails', async () => {
    await expect(primed(pages(2, 0))).rejects.toThrow('page 0');
    await expect(all(await primed(pages(2, 1)))).rejects.toThrow('page 1');
  });
  it('are not read after the reader stops', async () => {
    read.length = 0;
    for await (const page of await primed(pages(9))) if (page === 1) break;
    expect(read).toEqual([0, 1, -1]);
  });
});
