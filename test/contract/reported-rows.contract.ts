import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { partnerId, streamName } from '../../libs/domain/shared/ids.js';
import type { MemoryEventLog } from '../../libs/event-log/memory/memory-event-log.js';
import type { LocalOpened } from '../../libs/read-models/local/open-local.js';
import { openReferenceStore } from '../../libs/read-models/composition/open-stores.js';
import { customersProjection } from '../../libs/read-models/projections/customers.projection.js';
import { ordersProjection } from '../../libs/read-models/projections/orders.projection.js';
import type { OrdersAtPositionQuery } from '../../libs/read-models/read-models.js';
import type { ListedOrder } from '../../libs/read-models/rows.js';
import type { ReadModelStore } from '../../libs/read-models/store.js';
import { eventually, memoryLog } from '../../libs/read-models/testing/bench.js';
import {
  customerEvent,
  customerRegistered,
  order,
  orderCancelled,
  orderPlaced,
  orderRefused,
  partnerRegistered,
  appendEach,
  appendAtOnce,
  tenant,
} from '../../libs/read-models/testing/sample-log.js';
import {
  type Verified,
  verifyProjections,
} from '../../libs/read-models/verification/verify-projections.js';

export interface ReportedRowsUnderTest {
  readonly readModels: LocalOpened['readModels'];
  /** Opens the same rows through another store. */
  readonly openStore: () => Promise<ReadModelStore>;
  readonly close: () => Promise<void>;
}

/** The contract of report rows and of their comparison with the log, over either store. */
export function reportedRowsContract(
  name: string,
  open: (log: MemoryEventLog) => Promise<ReportedRowsUnderTest>,
): void {
  describe(`reported rows over ${name}`, () => {
    const MANY = 1_100;
    const TODAY = '2026-11-22';
    const related = { partnerId: 'res-2', from: '2026-01-01', to: '2026-11-30' };
    let log: MemoryEventLog;
    let bench: ReportedRowsUnderTest;

    beforeEach(async () => {
      log = memoryLog();
      bench = await open(log);
      await appendEach(
        log,
        partnerRegistered('res-1', { legalName: '関所株式会社' }),
        customerRegistered(1, { legalName: 'First' }),
      );
      await appendAtOnce(
        log,
        Array.from({ length: MANY }, (_order, number) =>
          orderPlaced(1, number, number % 2 === 0 ? 'res-1' : 'res-2', { providerId: 'prov' }),
        ),
      );
      await appendEach(log, orderRefused(1, MANY, ['agreement-missing']), orderCancelled(1, 0));
      await appendEach(log, customerEvent(1, 'CustomerPartnerRelationshipStarted', related));
      await appendEach(log, customerEvent(1, 'CustomerDetailsChanged', { legalName: 'Second' }));
    });
    afterEach(() => bench.close());

    const all = async (
      query: Partial<OrdersAtPositionQuery> = {},
    ): Promise<readonly ListedOrder[]> => {
      const found: ListedOrder[] = [];
      for (let after: number | undefined; ;) {
        const page = await bench.readModels.ordersAtPosition({
          knownAt: await log.head(),
          asOf: '2027-01-01',
          ...query,
          after,
        });
        found.push(...page.items);
        if (page.next === undefined) return found;
        after = page.next;
      }
    };

    it('are complete and unique, in the order of the log', async () => {
      const rows = await all();
      expect(rows.map(({ orderId }) => String(orderId))).toEqual(
        Array.from({ length: MANY + 1 }, (_row, number) => order(number)),
      );
      expect([rows[0]?.status, rows[1]?.status, rows.at(-1)?.status]).toEqual([
        'cancelled',
        'placed',
        'refused',
      ]);
    });

    it('end at the known position, with the values known there', async () => {
      expect(await all({ knownAt: 1 })).toEqual([]);
      expect((await all({ knownAt: 2 })).map(({ status }) => status)).toEqual(['placed']);
      expect(await all({ knownAt: MANY + 1 })).toHaveLength(MANY);
      expect((await all({ asOf: '2026-11-22' }))[0]?.status).toBe('placed');
      expect(await all({ asOf: '2026-11-21' })).toEqual([]);
    });

    it.each([
      [{ partnerId: partnerId('res-1') }, MANY / 2 + 1],
      [{ providerId: partnerId('prov') }, MANY],
      [{ providerId: partnerId('none') }, 0],
      [{ scope: { partnerIds: [partnerId('res-2')], on: TODAY } }, MANY / 2],
      [{ scope: { partnerIds: [partnerId('res-2')], on: '2026-12-01' } }, 0],
      [{ scope: { partnerIds: [], on: TODAY } }, 0],
      [
        { scope: { partnerIds: [partnerId('res-2')], on: TODAY }, partnerId: partnerId('res-1') },
        0,
      ],
      [{ from: '2026-11-22', to: '2026-11-22' }, MANY + 1],
      [{ from: '2026-11-23' }, 0],
      [{ to: '2026-11-21' }, 0],
      [{ refused: true as const }, 1],
    ])('match the filter: %o, %d', async (query, count) =>
      expect(await all(query)).toHaveLength(count),
    );

    it('have the names that were known', async () => {
      const streams = ['partner-res-1', `customer-${tenant(1)}`, 'partner-nobody'].map(streamName);
      const names = async (knownAt: number) =>
        Object.values(await bench.readModels.namesAtPosition(streams, knownAt)).sort();
      const head = await log.head();
      expect([await names(head), await names(head - 1), await names(0), await names(-1)]).toEqual([
        ['Second', '関所株式会社'],
        ['First', '関所株式会社'],
        ['関所株式会社'],
        [],
      ]);
      expect(await bench.readModels.namesAtPosition([], head)).toEqual({});
    });

    it('are compared with the log, and a row that differs is found', async () => {
      await bench.readModels.waitFor(await log.head());
      const live = await bench.openStore();
      const verified = async (): Promise<readonly Verified[]> => {
        const reference = openReferenceStore(':memory:');
        const found: Verified[] = [];
        const projections = [ordersProjection, customersProjection];
        for await (const one of verifyProjections({ log, live, reference, projections }))
          found.push(one);
        await reference.close();
        return found;
      };
      expect(await verified()).toEqual([
        { projection: 'orders', position: await log.head(), comparedRows: MANY + 1 },
        { projection: 'customers', position: await log.head(), comparedRows: 5 },
      ]);

      await bench.readModels.close();
      const build = (await live.builds()).find(({ projection }) => projection === 'orders')!;
      const before = (await live.load(build, 'orders', [order(777)])).get(order(777))!;
      await eventually(async () => {
        const lease = await live.acquireLease('somebody', 1_000);
        if (!lease) return false;
        const rows = [
          {
            table: 'orders',
            key: order(777),
            before,
            after: { ...before, lineCount: 2 },
            fresh: false,
          },
        ];
        await live.commit(lease, [
          { build, projection: ordersProjection, checkpoint: build.checkpoint, rows },
        ]);
        return true;
      });
      expect((await verified()).map(({ finding }) => finding)).toMatchObject([
        { kind: 'difference', difference: { key: order(777) } },
        undefined,
      ]);
      await live.close();
    });
  });
}
