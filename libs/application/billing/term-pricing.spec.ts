import { beforeEach, describe, expect, it } from '@jest/globals';
import type { LockedPrices, TermToPrice } from '../../domain/billing/prices/term-prices.js';
import { billingEntityId, type PartnerId } from '../../domain/shared/ids.js';
import {
  PublishPartnerOffers,
  PublishPriceList,
  PublishSellingPrices,
} from '../price-lists/price-list.command.js';
import { SetBillingEntity } from './parties/billing.commands.js';
import { believableWorld, context, provider, seller } from '../testing/application.js';
import { opened, TODAY } from '../testing/opened.js';

const MONTH = '2026-11';
const header =
  'ProductTitle,ProductId,SkuId,SkuTitle,Publisher,SkuDescription,UnitOfMeasure,TermDuration,BillingPlan,Market,Currency,UnitPrice,' +
  'PricingTierRangeMin,PricingTierRangeMax,EffectiveStartDate,EffectiveEndDate,Tags,ERP Price,TaxCategory';
interface Cells {
  readonly sku?: string;
  readonly cost: string;
  readonly erp?: string;
  readonly tier?: readonly [from: string, to: string];
  readonly from?: string;
  readonly category?: string;
}
const row = ({ sku = 'E3', cost, erp = '', tier = ['', ''], from = '', category = '' }: Cells) =>
  `Suite,${sku},1,,,,,P1Y,Monthly,JP,JPY,${cost},${tier[0]},${tier[1]},${from},,,${erp},${category}`;
const list = (...rows: readonly Cells[]) => Buffer.from([header, ...rows.map(row)].join('\n'));

/** One term of ten seats that begins today. */
const term: Omit<TermToPrice, 'beganAt'> = {
  offerId: 'E3:0001',
  term: 'P1Y',
  billingPlan: 'monthly',
  currency: 'JPY',
  segment: 'commercial',
  family: 'cloud',
  quantity: 10,
  market: 'JP',
  seller,
  provider,
  from: TODAY,
};
const shown = ({ cost, customer, reseller, missing }: LockedPrices): readonly unknown[] => [
  cost,
  customer?.unitPrice,
  reseller?.unitPrice,
  missing,
];

describe('the prices of a term', () => {
  let world: Awaited<ReturnType<typeof opened>>;
  beforeEach(async () => {
    world = await opened();
    await believableWorld(world.app, { month: '2026-01', today: TODAY });
  });

  const priceList = (...rows: readonly Cells[]) =>
    world.app.publishPriceList.execute(new PublishPriceList(context(), 'JP', MONTH, list(...rows)));
  const sellingPrices = (issuer: PartnerId, price: string, sku = 'E3') =>
    world.app.publishSellingPrices.execute(
      new PublishSellingPrices(
        context(),
        issuer,
        'JP',
        MONTH,
        Buffer.from(
          `ProductId,SkuId,TermDuration,BillingPlan,Currency,SellingPrice\n${sku},1,P1Y,Monthly,JPY,${price}`,
        ),
      ),
    );
  const ownOffers = (owner: PartnerId, ...rows: readonly Cells[]) =>
    world.app.publishPartnerOffers.execute(
      new PublishPartnerOffers(context(), owner, MONTH, list(...rows)),
    );
  const entity = (owner: PartnerId, adjustmentPercent: string) =>
    world.app.setBillingEntity.execute(
      new SetBillingEntity(context(), {
        entityId: billingEntityId(`entity-of-${owner}`),
        partnerId: owner,
        legalName: 'Issuer',
        address: { lines: ['1'], country: 'JP' },
        currency: 'JPY',
        language: 'ja',
        numberPrefix: 'X-',
        timeZone: 'Asia/Tokyo',
        taxRounding: 'truncate',
        pricing: { basis: 'unit-price', adjustmentPercent },
      }),
    );
  /** Of a term that begins after `before`, known after `later`. */
  const prices = async (
    before: () => Promise<unknown>,
    later: () => Promise<unknown> = async () => undefined,
    changes: Partial<TermToPrice> = {},
  ): Promise<LockedPrices> => {
    await before();
    const beganAt = await world.log.head();
    await later();
    const asked = { ...term, beganAt, ...changes };
    const knownAt = await world.log.head();
    const locked = await world.app.termPricing.pricesOf(asked, knownAt);
    // The log alone decides: another process, and a later position, see the same.
    expect(await (await world.another()).termPricing.pricesOf(asked, knownAt)).toEqual(locked);
    return locked;
  };
  const bothEntities = async () => {
    await entity(seller, '10');
    await entity(provider, '5');
  };

  it('are the cost of the list and the prices of both issuers', async () => {
    const locked = await prices(async () => {
      await bothEntities();
      await priceList({ cost: '1000', category: 'reduced' });
    });
    expect(locked).toEqual({
      cost: '1000',
      customer: { entityId: `entity-of-${seller}`, issuer: seller, unitPrice: '1100' },
      reseller: { entityId: `entity-of-${provider}`, issuer: provider, unitPrice: '1050' },
      taxCategory: 'reduced',
      missing: [],
    });
  });

  it('are the selling prices of an issuer that has published some', async () => {
    const locked = await prices(async () => {
      await bothEntities();
      await priceList({ cost: '1000' });
      await sellingPrices(seller, '1234');
      await sellingPrices(provider, '1111', 'OTHER');
    });
    expect(shown(locked)).toEqual(['1000', '1234', '1050', []]);
  });

  it('are those of the revisions in force when the term began', async () => {
    const before = async () => {
      await bothEntities();
      await priceList({ cost: '900' });
      await priceList({ cost: '1000' });
      await sellingPrices(provider, '1111');
    };
    const later = async () => {
      await priceList({ cost: '2000' });
      await sellingPrices(provider, '2222');
      await sellingPrices(seller, '2222');
      await entity(seller, '50');
    };
    expect(shown(await prices(before, later))).toEqual(['1000', '1100', '1111', []]);
  });

  it('are those of the first revision of the month if there was none, also after a second one', async () => {
    const later = async () => {
      await priceList({ cost: '1000' });
      await priceList({ cost: '2000' });
      await entity(provider, '5');
    };
    expect(shown(await prices(() => entity(seller, '10'), later))).toEqual([
      '1000',
      '1100',
      '1050',
      [],
    ]);
  });

  it('are missing until they are published', async () => {
    await bothEntities();
    const beganAt = await world.log.head();
    const asked = { ...term, beganAt };
    const at = async () =>
      shown(await world.app.termPricing.pricesOf(asked, await world.log.head()));
    expect(await at()).toEqual([undefined, undefined, undefined, ['cost', 'customer', 'reseller']]);
    await sellingPrices(seller, '1234');
    expect(await at()).toEqual([undefined, '1234', undefined, ['cost', 'reseller']]);
    await priceList({ sku: 'OTHER', cost: '1' });
    expect(await at()).toEqual([undefined, '1234', undefined, ['cost', 'reseller']]);
    await priceList({ cost: '1000' });
    expect(await at()).toEqual(['1000', '1234', '1050', []]);
    // A position before the publications still knows nothing of them.
    expect(shown(await world.app.termPricing.pricesOf(asked, beganAt))).toEqual([
      undefined,
      undefined,
      undefined,
      ['cost', 'customer', 'reseller'],
    ]);
  });

  it('have no relation of a partner without a billing entity', async () => {
    const before = () => priceList({ cost: '1000' });
    expect(shown(await prices(before))).toEqual(['1000', undefined, undefined, []]);
    expect(shown(await prices(() => entity(provider, '5')))).toEqual([
      '1000',
      undefined,
      '1050',
      [],
    ]);
  });

  it('have no reseller where the seller is direct-bill', async () => {
    const { provider: _none, ...direct } = term;
    await bothEntities();
    await priceList({ cost: '1000' });
    const beganAt = await world.log.head();
    const locked = await world.app.termPricing.pricesOf({ ...direct, beganAt }, beganAt);
    expect(shown(locked)).toEqual(['1000', '1100', undefined, []]);
  });

  it.each([
    [9, TODAY, '900'],
    [10, TODAY, '1000'],
    [10, '2026-11-23', '2000'],
  ])(
    'of %d seats from %s are those of the tier and the dates: %s',
    async (quantity, from, cost) => {
      const locked = await prices(
        async () => {
          await entity(seller, '0');
          await priceList(
            { cost: '900', tier: ['1', '9'] },
            { cost: '1000', tier: ['10', ''] },
            { cost: '2000', tier: ['10', ''], from: '2026-11-23' },
          );
        },
        undefined,
        { quantity, from },
      );
      expect([locked.cost, locked.customer?.unitPrice]).toEqual([cost, cost]);
    },
  );

  it.each<[string, Partial<TermToPrice>]>([
    ['another month', { from: '2026-12-01' }],
    ['another market', { market: 'US' }],
    ['another currency', { currency: 'USD' }],
    ['another term', { term: 'P3Y' }],
    ['another billing plan', { billingPlan: 'annual' }],
    ['another segment', { segment: 'education' }],
    ['another offer', { offerId: 'E5:0001' }],
  ])('are not taken from the row of %s', async (_case, changes) => {
    const before = async () => {
      await bothEntities();
      await priceList({ cost: '1000' });
      await sellingPrices(seller, '1234');
    };
    expect(shown(await prices(before, undefined, changes))).toEqual([
      undefined,
      undefined,
      undefined,
      ['cost', 'customer', 'reseller'],
    ]);
  });

  it('of a partner-owned offer are its UnitPrice, without cost and provider', async () => {
    const locked = await prices(
      async () => {
        await bothEntities();
        await priceList({ cost: '1000' });
        await sellingPrices(seller, '1234');
        await ownOffers(seller, { cost: '777', erp: '999' });
        await ownOffers(provider, { cost: '1' });
      },
      () => ownOffers(seller, { cost: '888' }),
      { family: 'partner-owned' },
    );
    expect(shown(locked)).toEqual([undefined, '777', undefined, []]);
  });

  it('of a partner-owned offer are missing without its list', async () => {
    const before = async () => {
      await bothEntities();
      await priceList({ cost: '1000' });
      await ownOffers(provider, { cost: '1' });
    };
    expect(shown(await prices(before, undefined, { family: 'partner-owned' }))).toEqual([
      undefined,
      undefined,
      undefined,
      ['customer'],
    ]);
  });
});
