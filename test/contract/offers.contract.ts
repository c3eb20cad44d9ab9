import { describe, expect, it } from '@jest/globals';
import { partnerId } from '../../libs/domain/shared/ids.js';
import type { LocalOpened } from '../../libs/read-models/local/open-local.js';
import {
  importChunk,
  importCompleted,
  partnerOffersPublished,
  priceListPublished,
  priceRow,
  sellingPriceRow,
  sellingPricesPublished,
  type Told,
} from '../../libs/read-models/testing/sample-log.js';

const TODAY = '2026-11-22';

/** The contract of the list of offers, over either store. */
export function offersContract(
  readModels: () => LocalOpened['readModels'],
  append: (...events: readonly Told[]) => Promise<number>,
): void {
  describe('of offers', () => {
    const offers = async (query: object = {}) =>
      (await readModels().listOffers({ market: 'JP', on: TODAY, ...query })).items.map(
        ({ row }) => row,
      );
    const publish = async (...events: readonly Told[]) =>
      readModels().waitFor(await append(...events));

    it('are the rows in force on the day, of the market and month', async () => {
      await publish(
        importChunk('i1', [
          priceRow(1),
          priceRow(2, { currency: 'USD', productTitle: 'Windows 365' }),
          priceRow(3, { effectiveFrom: '2026-11-23' }),
          priceRow(4, { effectiveTo: TODAY, title: 'ﾃﾞﾌｪﾝﾀﾞｰ' }),
        ]),
        importCompleted('i1'),
        priceListPublished('i1'),
      );
      expect(await offers()).toEqual([1, 2, 4]);
      expect(await offers({ on: '2026-11-23' })).toEqual([1, 2, 3]);
      expect(await offers({ currency: 'USD' })).toEqual([2]);
      expect(await offers({ q: 'デフェンダー' })).toEqual([4]);
      expect(await offers({ q: 'cfq7ttc0lh18:0002' })).toEqual([2]);
      expect(await offers({ q: 'windows' })).toEqual([2]);
      expect(await offers({ market: 'US' })).toEqual([]);
      expect(await offers({ on: '2026-10-31' })).toEqual([]);
    });

    it('take, of rows with different dates, the one that starts last, and of these the one that ends first', async () => {
      const dated = (
        row: number,
        dates: { effectiveFrom?: string; effectiveTo?: string } = {},
        more: object = {},
      ) => priceRow(row, { offerId: 'DATED:0001', ...dates, ...more });
      await publish(
        importChunk('i1', [
          dated(1),
          dated(2, { effectiveFrom: '2026-11-01', effectiveTo: '2026-11-21' }),
          dated(3, { effectiveFrom: '2026-11-20' }),
          dated(4, { effectiveFrom: '2026-11-20', effectiveTo: '2026-11-21' }),
          dated(5, { effectiveFrom: '2026-11-24' }),
          dated(6, { effectiveTo: '2026-11-21' }, { tierMin: 1, tierMax: 9 }),
          dated(7, {}, { segment: 'education' }),
        ]),
        importCompleted('i1'),
        priceListPublished('i1'),
      );
      expect(await offers({ on: '2026-11-01' })).toEqual([2, 6, 7]);
      expect(await offers({ on: '2026-11-19' })).toEqual([2, 6, 7]);
      expect(await offers({ on: '2026-11-20' })).toEqual([4, 6, 7]);
      expect(await offers({ on: '2026-11-21' })).toEqual([4, 6, 7]);
      expect(await offers({ on: '2026-11-22' })).toEqual([3, 7]);
      expect(await offers({ on: '2026-11-24' })).toEqual([5, 7]);
      const { items, nextCursor } = await readModels().listOffers({
        market: 'JP',
        on: '2026-11-22',
        limit: 1,
      });
      expect(items.map(({ row }) => row)).toEqual([3]);
      expect(await offers({ on: '2026-11-22', cursor: nextCursor })).toEqual([7]);
    });

    it('never come from an incomplete import', async () => {
      await publish(importChunk('i1', [priceRow(1)]), priceListPublished('i1'));
      expect(await offers()).toEqual([]);
    });

    it('come from the latest revision; a cursor keeps the revision it began with', async () => {
      await publish(
        importChunk(
          'i1',
          [1, 2, 3].map((row) => priceRow(row)),
        ),
        importCompleted('i1'),
        priceListPublished('i1'),
      );
      const first = await readModels().listOffers({ market: 'JP', on: TODAY, limit: 2 });
      await publish(
        importChunk(
          'i2',
          [9].map((row) => priceRow(row)),
        ),
        importCompleted('i2'),
        priceListPublished('i2'),
      );
      const cursor = first.nextCursor!;
      expect(await offers()).toEqual([9]);
      expect(await offers({ cursor })).toEqual([3]);
      await expect(
        readModels().listOffers({ market: 'US', on: TODAY, cursor }),
      ).rejects.toMatchObject({ name: 'InvalidCursor' });
    });

    it('of partners come after those of the market, without offers that the market has', async () => {
      const [one, two] = ['p1', 'p2'].map(partnerId);
      const own = (row: number, data: object = {}) =>
        priceRow(row, { offerId: `OWN:000${row}`, family: 'partner-owned', ...data });
      await publish(
        importChunk('i1', [priceRow(1), priceRow(2)]),
        importCompleted('i1'),
        priceListPublished('i1'),
        importChunk('o0', [own(9)]),
        importCompleted('o0', 'partner-offers'),
        partnerOffersPublished('o0', 'p1'),
        importChunk('o1', [
          own(3),
          own(4, { market: 'JP' }),
          own(5, { market: 'US' }),
          own(6, { offerId: 'CFQ7TTC0LH18:0001', currency: 'USD' }),
          own(7, { currency: 'USD' }),
        ]),
        importCompleted('o1', 'partner-offers'),
        partnerOffersPublished('o1', 'p1'),
        importChunk('o2', [own(8)]),
        importCompleted('o2', 'partner-offers'),
        partnerOffersPublished('o2', 'p2'),
      );
      expect(await offers()).toEqual([1, 2]);
      expect(await offers({ partnerIds: [one] })).toEqual([1, 2, 3, 4, 7]);
      expect(await offers({ partnerIds: [two, one, one] })).toEqual([1, 2, 3, 4, 7, 8]);
      expect(await offers({ partnerIds: [one], currency: 'USD' })).toEqual([7]);
      expect(await offers({ partnerIds: [one], q: 'own:0004' })).toEqual([4]);
      expect(await offers({ partnerIds: [one], market: 'FR' })).toEqual([3, 6, 7]);
      expect(await offers({ partnerIds: [one], on: '2026-12-01' })).toEqual([]);

      const pages: (readonly (readonly [number, string | undefined])[])[] = [];
      for (let cursor: string | undefined; pages.length < 9;) {
        const query = { market: 'JP', on: TODAY, partnerIds: [one!, two!], limit: 2, cursor };
        const { items, nextCursor } = await readModels().listOffers(query);
        pages.push(items.map(({ row, partnerId: owner }) => [row, owner]));
        if (nextCursor === null) break;
        cursor = nextCursor;
      }
      expect(pages).toEqual([
        [
          [1, undefined],
          [2, undefined],
        ],
        [
          [3, 'p1'],
          [4, 'p1'],
        ],
        [
          [7, 'p1'],
          [8, 'p2'],
        ],
      ]);
    });

    it('of a partner keep the revisions that a cursor began with', async () => {
      const own = (row: number) => priceRow(row, { family: 'partner-owned' });
      await publish(
        importChunk('o1', [own(1), own(2)]),
        importCompleted('o1', 'partner-offers'),
        partnerOffersPublished('o1', 'p1'),
      );
      const query = { market: 'JP', on: TODAY, partnerIds: [partnerId('p1')], limit: 1 };
      const first = await readModels().listOffers(query);
      await publish(
        importChunk('o2', [own(3)]),
        importCompleted('o2', 'partner-offers'),
        partnerOffersPublished('o2', 'p1'),
        importChunk('i1', [priceRow(2)]),
        importCompleted('i1'),
        priceListPublished('i1'),
      );
      const cursor = first.nextCursor!;
      expect(await offers({ partnerIds: query.partnerIds })).toEqual([2, 3]);
      expect(await offers({ partnerIds: query.partnerIds, cursor })).toEqual([2]);
      for (const partnerIds of [[], [partnerId('p2')]])
        await expect(
          readModels().listOffers({ ...query, partnerIds, cursor }),
        ).rejects.toMatchObject({ name: 'InvalidCursor' });
    });
  });

  describe('of selling prices', () => {
    const list = { partnerId: partnerId('p1'), market: 'JP', month: '2026-11' };
    const prices = async (query: object = {}) =>
      (await readModels().listSellingPrices({ ...list, ...query }))?.items.map(({ row }) => row);

    it('are the rows of the latest revision; a cursor keeps the revision it began with', async () => {
      await readModels().waitFor(
        await append(
          importChunk('s1', [sellingPriceRow(1), sellingPriceRow(2)]),
          importCompleted('s1', 'selling-prices'),
          sellingPricesPublished('s1', 'p1'),
        ),
      );
      const first = await readModels().listSellingPrices({ ...list, limit: 1 });
      expect(first?.items).toMatchObject([{ row: 1, sellingPrice: '120', importId: 's1' }]);
      await readModels().waitFor(
        await append(
          importChunk('s2', [sellingPriceRow(3)]),
          importCompleted('s2', 'selling-prices'),
          sellingPricesPublished('s2', 'p1'),
        ),
      );
      expect(await prices()).toEqual([3]);
      expect(await prices({ cursor: first?.nextCursor })).toEqual([2]);
      await expect(prices({ market: 'US', cursor: first?.nextCursor })).rejects.toMatchObject({
        name: 'InvalidCursor',
      });
    });

    it.each([{ partnerId: partnerId('p2') }, { market: 'US' }, { month: '2026-12' }])(
      'do not exist for %j, of which none are published',
      async (other) => {
        await readModels().waitFor(
          await append(
            importChunk('s1', [sellingPriceRow(1)]),
            importCompleted('s1', 'selling-prices'),
            sellingPricesPublished('s1', 'p1'),
          ),
        );
        expect(await prices()).toEqual([1]);
        expect(await prices(other)).toBeUndefined();
      },
    );
  });
}
