import { describe, expect, it } from '@jest/globals';
import type { PriceRow } from '../../catalog/price-list.js';
import { isRecordable } from './line-pricing.js';
import { acceptedOrder, offerId, registeredCustomer, row } from '../testing/accepted-order.js';
import type { World } from '../testing/world.js';

const selling = (...rows: readonly Partial<PriceRow>[]): World =>
  acceptedOrder.selling(...rows.map((changes, index) => row({ row: index + 1, ...changes })));
const placedRow = (world: World): number | undefined => world.judge().lines[0]?.source?.row;
const [line] = acceptedOrder.order.lines;
const large = line && { ...line, quantity: 1_000_000 };
const twoLines = [1, 1].map((quantity) => ({ ...line!, quantity }));

describe('the lines of an order', () => {
  it('copy the row of the price list that was chosen', () => {
    expect(acceptedOrder.judge().lines).toEqual([
      {
        offerId,
        title: 'Microsoft 365 Business Basic',
        quantity: 10,
        term: 'P1Y',
        billingPlan: 'annual',
        unitPrice: '61.20',
        erpPrice: '72.00',
        segment: 'commercial',
        family: 'cloud',
        amount: '612.00',
        source: { importId: 'import-1', row: 1 },
      },
    ]);
  });

  it('equal the request if no row fits, and then there is no total', () => {
    const { lines, total } = acceptedOrder
      .ordering({ lines: [line!, { ...line!, offerId: 'NONE:0001' }] })
      .judge();
    expect([lines[0]?.amount, lines[1], total]).toEqual([
      '612.00',
      { ...line, offerId: 'NONE:0001' },
      undefined,
    ]);
    expect(acceptedOrder.withoutPriceLists().judge()).toMatchObject({ lines: [line] });
  });

  it('keep only the known fields of a request', () => {
    const world = acceptedOrder
      .withoutPriceLists()
      .ordering({ lines: [Object.assign({ note: 'x' }, line)] });
    expect(world.judge().lines).toStrictEqual([line]);
  });

  it.each<[string, World, number | undefined]>([
    ['the row of the tier', selling({ tierMin: 1, tierMax: 9 }, { tierMin: 10, tierMax: 99 }), 2],
    ['the row of the currency', selling({ currency: 'USD' }, {}), 2],
    ['the row of the term', selling({ term: 'P3Y' }, {}), 2],
    [
      'the row within its dates',
      selling({ effectiveTo: '2026-11-21' }, { effectiveFrom: '2026-11-22' }),
      2,
    ],
    ['the first of two matching rows', selling({ row: 7 }, { row: 3 }), 3],
    ['no row of a segment that it may not buy', selling({ segment: 'education' }), undefined],
    ['no row whose limits the quantity exceeds', selling({ maxQuantity: 9 }), undefined],
  ])('take %s', (_which, world, expected) => {
    expect(placedRow(world)).toBe(expected);
  });

  it.each<['nonprofit' | 'education' | 'gcc', PriceRow['segment']]>([
    ['nonprofit', 'nonprofit'],
    ['education', 'education'],
    ['gcc', 'gcc'],
  ])('take the price for %s customers before the commercial one', (qualification, segment) => {
    const customer = registeredCustomer('FR', { qualifications: [qualification] });
    const all = selling(
      { segment: 'commercial' },
      { segment: 'nonprofit' },
      { segment: 'education' },
      { segment: 'gcc' },
    );
    expect(
      all.withoutCustomer('CustomerRegistered').customer(customer).judge().lines[0]?.segment,
    ).toBe(segment);
  });

  it.each([
    ['EUR', '61.20', 3, '183.60'],
    ['EUR', '0.005', 1, '0.00'],
    ['EUR', '0.015', 1, '0.02'],
    ['EUR', '0.005', 3, '0.02'],
    ['JPY', '7480', 3, '22440'],
    ['JPY', '0.5', 3, '2'],
    ['KWD', '1.2345', 2, '2.469'],
    ['EUR', '999999999.99', 1_000_000, '999999999990000.00'],
    ['EUR', '999999999999999.99', 1, '999999999999999.99'],
    ['KWD', '999999999999999.9994', 1, '999999999999999.999'],
  ])('round half-even to the minor digits: %s %s × %d', (currency, unitPrice, quantity, amount) => {
    const { lines, total } = selling({ currency, unitPrice })
      .ordering({ currency })
      .orderingLine({ quantity })
      .judge();
    expect([lines[0]?.amount, total]).toEqual([amount, { amount, currency }]);
  });

  it('have amounts that add up to the total', () => {
    const { total } = acceptedOrder
      .ordering({ lines: [line!, { ...line!, quantity: 1 }, { ...line!, quantity: 2 }] })
      .judge();
    expect(total).toEqual({ amount: '795.60', currency: 'EUR' });
  });

  it.each<[string, World, string]>([
    [
      'the unit price alone, once it is rounded',
      selling({ unitPrice: '999999999999999.995' }).orderingLine({ quantity: 1 }),
      'line 0',
    ],
    [
      'a million units at a thousand million each',
      selling({ unitPrice: '1000000000' }).orderingLine({ quantity: 1_000_000 }),
      'line 0',
    ],
    [
      'the sum of two lines that each fit',
      selling({ unitPrice: '999999999999999.00' }).ordering({ lines: twoLines }),
      'total',
    ],
    [
      'only one of two lines',
      selling({ unitPrice: '1000000000' }).ordering({ lines: [line!, large!] }),
      'line 1',
    ],
    [
      'the largest amount that fits',
      selling({ unitPrice: '999999999999999.99' }).orderingLine({ quantity: 1 }),
      'fits',
    ],
    [
      'the largest sum that fits',
      selling({ unitPrice: '499999999999999.99' }).ordering({ lines: twoLines }),
      'fits',
    ],
  ])('have no amount of more than 15 digits before the point: %s', (_what, world, expected) => {
    const { decision, lines, total } = world.judge();
    const found = decision.checks
      .filter(([, , reason]) => reason === 'order-amount-too-large')
      .map(([, , , lineIndex]) => lineIndex);
    if (expected === 'fits')
      return expect([decision.outcome, total]).toEqual(['accepted', expect.anything()]);
    expect([decision.outcome, total, found]).toEqual([
      'refused',
      undefined,
      [expected === 'total' ? -1 : Number(expected.slice(-1))],
    ]);
    if (expected !== 'total')
      expect(lines[found[0]!]).toMatchObject({ unitPrice: expect.any(String) });
    expect(JSON.stringify([decision, lines])).not.toMatch(/"-?\d{16,}/);
    expect(world.judge('2026-11').decision.outcome).toBe('accepted');
    expect(isRecordable(world.judge('2026-11'))).toBe(false);
  });
});
