import { describe, expect, it } from '@jest/globals';
import type { PriceRow } from '../../catalog/price-list.js';
import { acceptedOrder, offerId, registeredCustomer, row } from '../testing/accepted-order.js';
import type { World } from '../testing/world.js';

const selling = (...rows: readonly Partial<PriceRow>[]): World =>
  acceptedOrder.selling(...rows.map((changes, index) => row({ row: index + 1, ...changes })));
const [line] = acceptedOrder.order.lines;
const twoLines = (world: World, secondOffer: string): World =>
  world.ordering({ lines: [line!, { ...line!, offerId: secondOffer }] });
const qualified = (
  world: World,
  ...qualifications: readonly ('nonprofit' | 'education' | 'gcc' | 'stateOwnedEntity')[]
): World =>
  world
    .withoutCustomer('CustomerRegistered')
    .customer(registeredCustomer('FR', { qualifications }));

describe('OFFER-1: the month’s price list is published and has the offer', () => {
  it.each<[string, World, string]>([
    ['on the list', acceptedOrder, 'pass'],
    ['no list', acceptedOrder.withoutPriceLists(), 'price-list-missing'],
    [
      'a list of another month only',
      acceptedOrder.withoutPriceLists().publishing('FR', '2026-10'),
      'price-list-missing',
    ],
    [
      'a list of another market only',
      acceptedOrder.withoutPriceLists().publishing('DE', '2026-11'),
      'price-list-missing',
    ],
    [
      'ordered on the first of the next month',
      acceptedOrder.on('2026-12-01'),
      'price-list-missing',
    ],
    [
      'not on the list',
      acceptedOrder.orderingLine({ offerId: 'NONE:0001' }),
      'offer-not-on-price-list (line 0)',
    ],
    [
      'on the list in another currency',
      selling({ currency: 'USD' }),
      'offer-not-on-price-list (line 0)',
    ],
    ['from today', selling({ effectiveFrom: '2026-11-22' }), 'pass'],
    ['from tomorrow', selling({ effectiveFrom: '2026-11-23' }), 'offer-not-on-price-list (line 0)'],
    ['until today', selling({ effectiveTo: '2026-11-22' }), 'pass'],
    ['until yesterday', selling({ effectiveTo: '2026-11-21' }), 'offer-not-on-price-list (line 0)'],
    [
      'one of two lines not on the list',
      twoLines(acceptedOrder, 'NONE:0001'),
      'offer-not-on-price-list (line 1)',
    ],
    [
      'neither line on the list',
      twoLines(selling(), 'NONE:0001'),
      'offer-not-on-price-list (line 0), offer-not-on-price-list (line 1)',
    ],
  ])('%s', (_when, world, verdict) => {
    expect(world.verdict('OFFER-1')).toBe(verdict);
  });

  it('takes the list of the market that the customer’s market code names', () => {
    const customer = registeredCustomer('BQ', { marketCode: 'XS' });
    const world = acceptedOrder
      .withoutCustomer('CustomerRegistered')
      .customer(customer)
      .selling(row({ currency: 'USD' }))
      .ordering({ currency: 'USD' });
    expect(world.publishing('BQ', '2026-11').verdict('OFFER-1')).toBe('price-list-missing');
    expect(world.publishing('XS', '2026-11').verdict('OFFER-1')).toBe('pass');
  });

  it('does not apply to a line that is not on the list, or without a list', () => {
    for (const world of [
      acceptedOrder.withoutPriceLists(),
      acceptedOrder.orderingLine({ offerId: 'NONE:0001' }),
    ]) {
      expect([world.verdict('OFFER-2'), world.verdict('OFFER-3')]).toEqual([
        'not-applicable',
        'not-applicable',
      ]);
    }
    expect(twoLines(acceptedOrder, 'NONE:0001').verdict('OFFER-2')).toBe('pass');
  });
});

describe('OFFER-2: the term and billing plan are offered, and the quantity is within the limits', () => {
  it.each<[string, World, string]>([
    [
      'another term',
      acceptedOrder.orderingLine({ term: 'P1M' }),
      'offer-term-not-available (line 0)',
    ],
    [
      'another billing plan',
      acceptedOrder.orderingLine({ billingPlan: 'monthly' }),
      'offer-term-not-available (line 0)',
    ],
    [
      'the term on one row and the plan on another',
      selling({ billingPlan: 'monthly' }, { term: 'P3Y' }),
      'offer-term-not-available (line 0)',
    ],
    ['the least quantity', selling({ minQuantity: 10 }), 'pass'],
    ['less than that', selling({ minQuantity: 11 }), 'offer-quantity-out-of-range (line 0)'],
    ['the greatest quantity', selling({ maxQuantity: 10 }), 'pass'],
    ['more than that', selling({ maxQuantity: 9 }), 'offer-quantity-out-of-range (line 0)'],
    ['the first of a tier', selling({ tierMin: 10, tierMax: 20 }), 'pass'],
    [
      'before any tier',
      selling({ tierMin: 11, tierMax: 20 }),
      'offer-quantity-out-of-range (line 0)',
    ],
    ['the last of a tier', selling({ tierMin: 1, tierMax: 10 }), 'pass'],
    [
      'between two tiers',
      selling({ tierMin: 1, tierMax: 9 }, { tierMin: 11 }),
      'offer-quantity-out-of-range (line 0)',
    ],
    ['in the second tier', selling({ tierMin: 1, tierMax: 9 }, { tierMin: 10 }), 'pass'],
    [
      'in a tier, but over the offer’s limit',
      selling({ tierMin: 1, tierMax: 20, maxQuantity: 9 }),
      'offer-quantity-out-of-range (line 0)',
    ],
    [
      'within the limit of a segment that is not the customer’s',
      selling({ maxQuantity: 9 }, { segment: 'education', maxQuantity: 99 }),
      'offer-quantity-out-of-range (line 0)',
    ],
    [
      'both lines outside the limits',
      acceptedOrder.ordering({
        lines: [
          { ...line!, term: 'P3Y' },
          { ...line!, billingPlan: 'monthly' },
        ],
      }),
      'offer-term-not-available (line 0), offer-term-not-available (line 1)',
    ],
  ])('%s', (_when, world, verdict) => {
    expect(world.verdict('OFFER-2')).toBe(verdict);
  });

  it.each<[string, World, object]>([
    ['both ends', selling({ minQuantity: 20, maxQuantity: 30 }), { min: 20, max: 30 }],
    ['no upper end', selling({ minQuantity: 20 }), { min: 20 }],
    [
      'the widest of several tiers',
      selling({ tierMin: 20, tierMax: 29 }, { tierMin: 12, tierMax: 19, minQuantity: 15 }),
      { min: 15, max: 29 },
    ],
  ])('reports the limits: %s', (_which, world, limits) => {
    expect(world.checks('OFFER-2')[0]?.[4]).toEqual({ offerId, quantity: 10, ...limits });
  });
});

describe('an offer with rows of several dates: of the rows in force the one that starts last counts', () => {
  const base = { maxQuantity: 10 };
  /** The row whose price the order takes. */
  const chosenRow = (world: World): number | undefined => world.judge().lines[0]?.source?.row;

  it.each<[string, Partial<PriceRow>, Partial<PriceRow>, 1 | 2]>([
    [
      'until yesterday and from today',
      { effectiveTo: '2026-11-21' },
      { effectiveFrom: '2026-11-22' },
      2,
    ],
    [
      'until today and from tomorrow',
      { effectiveTo: '2026-11-22' },
      { effectiveFrom: '2026-11-23' },
      1,
    ],
    ['both in force, with and without a start', {}, { effectiveFrom: '2026-11-22' }, 2],
    [
      'the later start is not reached',
      { effectiveFrom: '2026-11-01' },
      { effectiveFrom: '2026-11-23' },
      1,
    ],
    [
      'the later start has ended',
      { effectiveFrom: '2026-11-01' },
      { effectiveFrom: '2026-11-10', effectiveTo: '2026-11-21' },
      1,
    ],
    [
      'overlapping, one starts a day later',
      { effectiveFrom: '2026-11-01' },
      { effectiveFrom: '2026-11-02', effectiveTo: '2026-11-22' },
      2,
    ],
    [
      'the same start, one ends today',
      { effectiveFrom: '2026-11-01', effectiveTo: '2026-11-22' },
      { effectiveFrom: '2026-11-01' },
      1,
    ],
    [
      'the same start, one has ended',
      { effectiveFrom: '2026-11-01', effectiveTo: '2026-11-21' },
      { effectiveFrom: '2026-11-01' },
      2,
    ],
    [
      'tiers that overlap, by their start',
      { tierMin: 1, tierMax: 20 },
      { tierMin: 5, effectiveFrom: '2026-11-01' },
      2,
    ],
    [
      'tiers that overlap elsewhere',
      { tierMin: 1, tierMax: 20 },
      { tierMin: 11, effectiveFrom: '2026-11-01' },
      1,
    ],
  ])('%s', (_when, first, second, expected) => {
    expect(chosenRow(selling(first, second))).toBe(expected);
    // The same row applies if the rows are in the other order.
    expect(chosenRow(selling(second, first))).toBe(3 - expected);
  });

  it('has the limits of the row that counts', () => {
    const later = (limits: Partial<PriceRow>) =>
      selling({ ...base }, { effectiveFrom: '2026-11-01', ...limits });
    expect(later({ maxQuantity: 9 }).verdict('OFFER-2')).toBe(
      'offer-quantity-out-of-range (line 0)',
    );
    expect(later({ maxQuantity: 9 }).checks('OFFER-2')[0]?.[4]).toEqual({
      offerId,
      quantity: 10,
      min: 1,
      max: 9,
    });
    expect(later({ maxQuantity: 10 }).verdict('OFFER-2')).toBe('pass');
    expect(later({ maxQuantity: 99, effectiveFrom: '2026-11-23' }).verdict('OFFER-2')).toBe('pass');
  });

  it('is superseded within its own segment only', () => {
    const world = selling({ segment: 'education' }, { effectiveFrom: '2026-11-01' });
    expect(chosenRow(qualified(world, 'education'))).toBe(1);
    expect(chosenRow(world)).toBe(2);
    const other = selling({}, { segment: 'education', effectiveFrom: '2026-11-01' });
    expect(other.verdict('OFFER-3')).toBe('pass');
    expect(chosenRow(other)).toBe(1);
  });
});

describe('OFFER-3: the customer’s segment may buy the offer’s', () => {
  it.each<[string, World, string]>([
    ['commercial buys commercial', acceptedOrder, 'pass'],
    [
      'commercial buys education',
      selling({ segment: 'education' }),
      'offer-segment-not-eligible (line 0)',
    ],
    ['education buys education', qualified(selling({ segment: 'education' }), 'education'), 'pass'],
    ['education buys commercial', qualified(acceptedOrder, 'education'), 'pass'],
    [
      'education buys nonprofit',
      qualified(selling({ segment: 'nonprofit' }), 'education'),
      'offer-segment-not-eligible (line 0)',
    ],
    ['nonprofit buys nonprofit', qualified(selling({ segment: 'nonprofit' }), 'nonprofit'), 'pass'],
    ['gcc buys gcc', qualified(selling({ segment: 'gcc' }), 'gcc'), 'pass'],
    ['gcc buys commercial', qualified(acceptedOrder, 'gcc'), 'offer-segment-not-eligible (line 0)'],
    [
      'education of a state buys education',
      qualified(selling({ segment: 'education' }), 'stateOwnedEntity', 'education'),
      'pass',
    ],
    [
      'commercial in a term that only education has',
      selling({ term: 'P3Y' }, { segment: 'education' }),
      'offer-segment-not-eligible (line 0)',
    ],
    [
      'commercial in a term that is not offered',
      selling({ term: 'P3Y' }, { term: 'P3Y', segment: 'education' }),
      'pass',
    ],
    [
      'of another segment, in a term that is not offered',
      selling({ term: 'P3Y', segment: 'education' }),
      'offer-segment-not-eligible (line 0)',
    ],
    [
      'of another segment, in a quantity that is not offered',
      selling({ maxQuantity: 9, segment: 'education' }),
      'offer-segment-not-eligible (line 0)',
    ],
  ])('%s', (_when, world, verdict) => {
    expect(world.verdict('OFFER-3')).toBe(verdict);
  });
});
