import { describe, expect, it } from '@jest/globals';
import type { PriceRow } from '../catalog/price-list.js';
import { ruleIds } from '../order/reasons.js';
import { acceptedOrder, registeredCustomer } from './testing/accepted-order.js';
import { ownOffer, partnerOwnedOrder } from './testing/stories.js';
import type { World } from './testing/world.js';

const owning = (...changes: readonly Partial<PriceRow>[]): World =>
  partnerOwnedOrder.owning(
    ...changes.map((change, index) => ({ ...ownOffer, row: index + 1, ...change })),
  );
const outcome = (world: World): string =>
  [world.judge().decision.outcome, ...world.reasons()].join(' ');

describe('an order of partner-owned offers only', () => {
  it('is judged on its seller and its customer alone', () => {
    expect(outcome(partnerOwnedOrder)).toBe('accepted');
    expect(ruleIds.filter((rule) => partnerOwnedOrder.verdict(rule) === 'pass')).toEqual([
      'SELLER-1',
      'CUSTOMER-1',
    ]);
    expect(
      ruleIds.filter((rule) => partnerOwnedOrder.verdict(rule) === 'not-applicable'),
    ).toHaveLength(ruleIds.length - 2);
  });

  it('is priced at the UnitPrice of the list, which the line names', () => {
    const { lines, total } = owning({ taxCategory: 'reduced' }).judge();
    expect(lines).toEqual([
      expect.objectContaining({
        family: 'partner-owned',
        unitPrice: '1200.00',
        taxCategory: 'reduced',
        source: { importId: 'import-2', row: 1 },
      }),
    ]);
    expect(total).toEqual({ amount: '12000.00', currency: 'EUR' });
  });

  it.each<[string, World, string]>([
    [
      'without a membership',
      partnerOwnedOrder.withoutSeller('PartnerMembershipStarted'),
      'refused seller-membership-inactive',
    ],
    ['for an unknown customer', partnerOwnedOrder.withoutCustomer(), 'refused customer-unknown'],
    [
      'for a customer in a country without a market',
      partnerOwnedOrder.withoutCustomer('CustomerRegistered').customer(registeredCustomer('KP')),
      'accepted',
    ],
    ['in another currency', owning({ currency: 'USD' }), 'refused offer-not-on-price-list'],
    ['from today', owning({ effectiveFrom: '2026-11-22' }), 'accepted'],
    ['from tomorrow', owning({ effectiveFrom: '2026-11-23' }), 'refused offer-not-on-price-list'],
    ['until yesterday', owning({ effectiveTo: '2026-11-21' }), 'refused offer-not-on-price-list'],
    ['in the customer’s market', owning({ market: 'FR' }), 'accepted'],
    ['in another market', owning({ market: 'DE' }), 'refused offer-not-on-price-list'],
    ['in another term', owning({ term: 'P3Y' }), 'refused offer-term-not-available'],
    ['up to the greatest quantity', owning({ maxQuantity: 10 }), 'accepted'],
    ['above it', owning({ maxQuantity: 9 }), 'refused offer-quantity-out-of-range'],
    [
      'at a price that is too large to record',
      owning({ unitPrice: '999999999999999.00' }),
      'refused order-amount-too-large',
    ],
    ['for another segment', owning({ segment: 'education' }), 'accepted'],
  ])('%s', (_case, world, expected) => {
    expect(outcome(world)).toBe(expected);
  });

  it('takes the row of the customer’s segment before another one', () => {
    const world = owning({ segment: 'education', unitPrice: '1.00' }, { segment: 'commercial' });
    expect(world.judge().lines[0]?.source?.row).toBe(2);
  });
});

describe('an offer that the seller owns', () => {
  it('is not sold by another partner', () => {
    const world = acceptedOrder.orderingLine({ offerId: ownOffer.offerId });
    expect(outcome(world)).toBe('refused offer-not-on-price-list');
  });

  it('cannot be ordered in a ruleset before 2027-01', () => {
    const { decision } = partnerOwnedOrder.judge('2026-12');
    expect(decision.outcome).toBe('refused');
    expect(decision.reads.map(([stream]) => stream)).not.toContain('partneroffers-res-1-2026-11');
  });

  it('is Microsoft’s offer where the market’s price list has it, whatever its currency', () => {
    const world = partnerOwnedOrder
      .publishing('FR', '2026-11')
      .selling({ ...ownOffer, currency: 'USD', family: 'cloud' });
    expect(world.reasons()).toContain('agreement-missing');
    expect(world.reasons()).toContain('offer-not-on-price-list');
    expect(world.judge().decision.reads.map(([stream]) => stream)).not.toContain(
      'partneroffers-res-1-2026-11',
    );
  });
});

describe('a mixed order', () => {
  const [line] = acceptedOrder.order.lines;
  const lines = [line!, { ...line!, offerId: ownOffer.offerId }];
  const mixed = acceptedOrder.owning(ownOffer).ordering({ lines });

  it('is judged whole, each line by its list', () => {
    expect(outcome(mixed)).toBe('accepted');
    expect(mixed.verdict('AGREEMENT-1')).toBe('pass');
    expect(mixed.judge().lines.map(({ source }) => source?.importId)).toEqual([
      'import-1',
      'import-2',
    ]);
    expect(mixed.judge().decision.evidence.map(([, , eventId]) => eventId)).toEqual(
      expect.arrayContaining(['price-list-FR-2026-11', 'partner-offers']),
    );
  });

  it.each<[string, World, string]>([
    [
      'without an agreement',
      mixed.withoutCustomer('CustomerAgreementSigned'),
      'refused agreement-missing',
    ],
    [
      'without a price list',
      mixed.withoutPriceLists(),
      // The line with Microsoft's offer is on neither list.
      'refused price-list-missing',
    ],
    [
      'for another segment',
      mixed.owning({ ...ownOffer, segment: 'education' }),
      'refused offer-segment-not-eligible',
    ],
  ])('%s', (_case, world, expected) => {
    expect(outcome(world)).toBe(expected);
  });

  it('refuses an offer that is on neither list', () => {
    const unknown = partnerOwnedOrder.ordering({
      lines: [
        { ...line!, offerId: ownOffer.offerId },
        { ...line!, offerId: 'NONE:0001' },
      ],
    });
    expect(unknown.publishing('FR', '2026-11').verdict('OFFER-1')).toBe(
      'offer-not-on-price-list (line 1)',
    );
    expect(unknown.verdict('OFFER-1')).toBe('price-list-missing');
  });
});
