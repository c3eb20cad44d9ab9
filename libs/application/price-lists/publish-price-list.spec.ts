import { describe, expect, it } from '@jest/globals';
import { context } from '../testing/application.js';
import { opened } from '../testing/opened.js';
import { PublishPriceList } from './price-list.command.js';

const header =
  'ProductTitle,ProductId,SkuId,SkuTitle,Publisher,SkuDescription,UnitOfMeasure,TermDuration,BillingPlan,Market,Currency,UnitPrice,' +
  'PricingTierRangeMin,PricingTierRangeMax,EffectiveStartDate,EffectiveEndDate,Tags,ERP Price';
const row = (sku: string, price: string): string => `Suite,CFQ7TTC0LH18,${sku},Basic,Microsoft,,,P1M,Monthly,JP,JPY,${price},,,,,,900`;
const publish = (...rows: readonly string[]) => new PublishPriceList(context(), 'JP', '2026-11', Buffer.from([header, ...rows].join('\n')));

describe('publishing a price list', () => {
  it('refuses a list with a rejected row, and tells of its rows and of nothing else', async () => {
    const { app } = await opened();
    const outcome = await app.publishPriceList.execute(publish(row('1', '600'), row('2', 'free')));
    expect(outcome).toEqual({
      kind: 'refused',
      position: expect.any(Number),
      refusal: {
        code: 'price-list-rejected',
        accepted: 1,
        rejected: [{ row: 2, reason: expect.stringContaining('UnitPrice') }],
        rejectedCount: 1,
      },
    });
  });

  it('appends nothing for the same content again', async () => {
    const { app } = await opened();
    expect(await app.publishPriceList.execute(publish(row('1', '600')))).toMatchObject({ kind: 'committed', revision: 0 });
    expect(await app.publishPriceList.execute(publish(row('1', '600')))).toMatchObject({ kind: 'unchanged', revision: 0 });
    expect(await app.publishPriceList.execute(publish(row('1', '601')))).toMatchObject({ kind: 'committed', revision: 1 });
  });
});
