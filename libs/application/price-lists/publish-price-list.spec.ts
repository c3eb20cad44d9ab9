import { describe, expect, it } from '@jest/globals';
import type { CommandId, EventId } from '../../domain/shared/ids.js';
import { priceListStream } from '../../domain/shared/streams.js';
import type { NewEvent } from '../../event-log/event-log.js';
import { context } from '../testing/application.js';
import { opened } from '../testing/opened.js';
import { PublishPriceList } from './price-list.command.js';

const header =
  'ProductTitle,ProductId,SkuId,SkuTitle,Publisher,SkuDescription,UnitOfMeasure,TermDuration,BillingPlan,Market,Currency,UnitPrice,' +
  'PricingTierRangeMin,PricingTierRangeMax,EffectiveStartDate,EffectiveEndDate,Tags,ERP Price';
const row = (sku: string, price: string): string =>
  `Suite,CFQ7TTC0LH18,${sku},Basic,Microsoft,,,P1M,Monthly,JP,JPY,${price},,,,,,900`;
const publish = (...rows: readonly string[]) =>
  new PublishPriceList(context(), 'JP', '2026-11', Buffer.from([header, ...rows].join('\n')));

describe('publishing a price list', () => {
  it('refuses a list with a rejected row, and lists only rejected rows', async () => {
    const { app } = await opened();
    const outcome = await app.publishPriceList.execute(publish(row('1', '600'), row('2', 'free')));
    expect(outcome).toEqual({
      outcome: {
        kind: 'refused',
        position: expect.any(Number),
        refusal: {
          code: 'price-list-rejected',
          accepted: 1,
          rejected: [{ row: 2, reason: expect.stringContaining('UnitPrice') }],
          rejectedCount: 1,
          skipped: 0,
          columnsNotRead: [],
        },
      },
    });
  });

  it('appends nothing for the same rows in another order', async () => {
    const { app } = await opened();
    const published = async (...rows: readonly string[]) =>
      (await app.publishPriceList.execute(publish(...rows))).outcome;
    expect(await published(row('1', '600'), row('2', '700'))).toMatchObject({
      kind: 'committed',
      revision: 0,
    });
    expect(await published(row('1', '600'), row('2', '700'))).toMatchObject({
      kind: 'unchanged',
      revision: 0,
    });
    expect(await published(row('2', '700'), row('1', '600'))).toMatchObject({
      kind: 'unchanged',
      revision: 0,
    });
    expect(await published(row('2', '700'), row('1', '601'))).toMatchObject({
      kind: 'committed',
      revision: 1,
    });
  });

  it('reports the skipped rows, also to a repeated request', async () => {
    const { app } = await opened();
    const csv = Buffer.from(
      [header, row('1', '600'), row('2', '0').replace('Monthly', 'None')].join('\n'),
    );
    const list = new PublishPriceList(context('key-1'), 'JP', '2026-11', csv);
    const report = { accepted: 1, skipped: 1, columnsNotRead: [] };
    expect(await app.publishPriceList.execute(list)).toMatchObject({
      outcome: { kind: 'committed', replayed: false },
      report,
    });
    expect(await app.publishPriceList.execute(list)).toMatchObject({
      outcome: { kind: 'committed', replayed: true },
      report,
    });
    expect(await app.publishPriceList.execute(publish(row('1', '600')))).toMatchObject({
      outcome: { kind: 'unchanged' },
      report: { accepted: 1, skipped: 0, columnsNotRead: [] },
    });
  });

  it('recognises a list whose digest depends on the order of its rows', async () => {
    const { app, log } = await opened();
    const rows = [row('1', '600'), row('2', '700')];
    const first = await app.publishPriceList.execute(publish(...rows));
    const { importId } = (first.outcome as { events: readonly { data: { importId: string } }[] })
      .events[0]!.data;
    const data = {
      market: 'JP',
      month: '2026-11',
      importId,
      rows: 2,
      digest: 'in the order of the rows',
    };
    const id = '0b7ab8a4-0000-4000-8000-000000000001' as EventId;
    const commandId = '0b7ab8a4-0000-4000-8000-000000000002' as CommandId;
    const metadata = {
      actor: 'key:operator',
      causationId: commandId,
      commandId,
      correlationId: commandId,
      index: 0,
    };
    const event = { id, type: 'PriceListPublished', version: 1, data, metadata } as NewEvent;
    await log.append({
      stream: priceListStream('JP', '2026-11'),
      expectedRevision: 0,
      events: [event],
    });
    const again = async (...lines: readonly string[]) =>
      (await app.publishPriceList.execute(publish(...lines))).outcome;
    expect(await again(...rows)).toMatchObject({ kind: 'unchanged', revision: 1 });
    expect(await again(...rows.toReversed())).toMatchObject({ kind: 'unchanged', revision: 1 });
    expect(await again(row('1', '600'), row('2', '701'))).toMatchObject({
      kind: 'committed',
      revision: 2,
    });
  });
});
