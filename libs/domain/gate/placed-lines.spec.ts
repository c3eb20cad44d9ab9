import { describe, expect, it } from '@jest/globals';
import type { PriceRow } from '../catalog/price-list.js';
import { acceptedOrder, offerId, registeredCustomer, row } from './testing/accepted-order.js';
import type { World } from './testing/world.js';

const selling = (...rows: readonly Partial<PriceRow>[]): World =>
  acceptedOrder.selling(...rows.map((changes, index) => row({ row: index + 1, ...changes })));
const placedRow = (world: World): number | undefined => world.judge().lines[0]?.source?.row;
const [line] = acceptedOrder.order.lines;

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

  it('are as they were asked for, where no row fits, and then there is no total', () => {
    const { lines, total } = acceptedOrder.ordering({ lines: [line!, { ...line!, offerId: 'NONE:0001' }] }).judge();
    expect([lines[0]?.amount, lines[1], total]).toEqual(['612.00', { ...line, offerId: 'NONE:0001' }, undefined]);
    expect(acceptedOrder.withoutPriceLists().judge()).toMatchObject({ lines: [line] });
  });

  it('keep nothing of a request but its own fields', () => {
    const world = acceptedOrder.withoutPriceLists().ordering({ lines: [Object.assign({ note: 'x' }, line)] });
    expect(world.judge().lines).toStrictEqual([line]);
  });

  it.each<[string, World, number | undefined]>([
    ['the row of the tier', selling({ tierMin: 1, tierMax: 9 }, { tierMin: 10, tierMax: 99 }), 2],
    ['the row of the currency', selling({ currency: 'USD' }, {}), 2],
    ['the row of the term', selling({ term: 'P3Y' }, {}), 2],
    ['the row within its dates', selling({ effectiveTo: '2026-11-21' }, { effectiveFrom: '2026-11-22' }), 2],
    ['the first of two that fit', selling({ row: 7 }, { row: 3 }), 3],
    ['no row of a segment that it may not buy', selling({ segment: 'education' }), undefined],
    ['no row beyond its limits', selling({ maxQuantity: 9 }), undefined],
  ])('take %s', (_which, world, expected) => {
    expect(placedRow(world)).toBe(expected);
  });

  it.each<['nonprofit' | 'education' | 'gcc', PriceRow['segment']]>([
    ['nonprofit', 'nonprofit'],
    ['education', 'education'],
    ['gcc', 'gcc'],
  ])('take the price for %s customers before the commercial one', (qualification, segment) => {
    const customer = registeredCustomer('FR', { qualifications: [qualification] });
    const all = selling({ segment: 'commercial' }, { segment: 'nonprofit' }, { segment: 'education' }, { segment: 'gcc' });
    expect(all.withoutCustomer('CustomerRegistered').customer(customer).judge().lines[0]?.segment).toBe(segment);
  });

  it.each([
    ['EUR', '61.20', 3, '183.60'],
    ['EUR', '0.005', 1, '0.00'],
    ['EUR', '0.015', 1, '0.02'],
    ['EUR', '0.005', 3, '0.02'],
    ['JPY', '7480', 3, '22440'],
    ['JPY', '0.5', 3, '2'],
    ['KWD', '1.2345', 2, '2.469'],
    ['EUR', '999999999999999.99', 1_000_000, '999999999999999990000.00'],
  ])('round half-even to the minor digits: %s %s × %d', (currency, unitPrice, quantity, amount) => {
    const { lines, total } = selling({ currency, unitPrice }).ordering({ currency }).orderingLine({ quantity }).judge();
    expect([lines[0]?.amount, total]).toEqual([amount, { amount, currency }]);
  });

  it('add up to the total', () => {
    const { total } = acceptedOrder.ordering({ lines: [line!, { ...line!, quantity: 1 }, { ...line!, quantity: 2 }] }).judge();
    expect(total).toEqual({ amount: '795.60', currency: 'EUR' });
  });
});
