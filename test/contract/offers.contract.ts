import { describe, expect, it } from '@jest/globals';
import type { LocalOpened } from '../../libs/read-models/local/open-local.js';
import {
  importChunk,
  importCompleted,
  priceListPublished,
  priceRow,
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
  });
}
