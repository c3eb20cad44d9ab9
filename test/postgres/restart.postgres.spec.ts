import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventId, streamName } from '../../libs/domain/shared/ids.js';
import type { MemoryEventLog } from '../../libs/event-log/memory/memory-event-log.js';
import { PostgresKeyStore } from '../../libs/platform/keys/postgres-key-store.js';
import { openReadModelsOver } from '../../libs/read-models/composition/open-read-models.js';
import { openStores } from '../../libs/read-models/composition/open-stores.js';
import type { ReadModels } from '../../libs/read-models/read-models.js';
import type { ReadModelReport } from '../../libs/read-models/report.js';
import { eventually, memoryLog } from '../../libs/read-models/testing/bench.js';
import {
  orderCancelled,
  orderPlaced,
  appendEach,
} from '../../libs/read-models/testing/sample-log.js';
import { startPostgres, type TemporaryPostgres } from '../../scripts/postgres-server.mjs';
import { describePostgres } from '../support/postgres.js';

describePostgres('a PostgreSQL server that goes away and comes back', () => {
  let server: TemporaryPostgres;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server.dispose());

  const lived: number[] = [];
  /** Appends orders, some of them cancelled, and returns the log's head. */
  async function order(log: MemoryEventLog, count: number): Promise<number> {
    for (let index = 0; index < count; index++) {
      const number = lived.push(1);
      await appendEach(log, orderPlaced(number % 3, number));
      if (number % 4 === 0) await appendEach(log, orderCancelled(number % 3, number));
    }
    return log.head();
  }

  /** Asserts that a rebuild finds no difference. */
  async function assertExact(
    readModels: ReadModels,
    reports: readonly ReadModelReport[],
  ): Promise<void> {
    const before = reports.length;
    await readModels.rebuild('orders');
    await eventually(
      () => reports.slice(before).some(({ kind }) => kind === 'rebuild-finished'),
      30_000,
    );
    const { status } = reports.slice(before).find((report) => report.kind === 'rebuild-finished')!;
    expect(status).not.toHaveProperty('difference');
    expect(status).toMatchObject({ finished: true, comparedRows: lived.length });
  }

  it.each(['stop', 'crash'] as const)(
    'lets its clients recover by themselves: %s',
    async (way) => {
      lived.length = 0;
      const log = memoryLog();
      const reports: ReadModelReport[] = [];
      const report = (one: ReadModelReport) => void reports.push(one);
      const schema = `sekisho_${way}`;
      const stores = await openStores({ kind: 'postgres', url: server.url, schema }, report);
      const keys = await PostgresKeyStore.open({ url: server.url, schema: `${schema}_keys` });
      const { readModels, snapshots, close } = openReadModelsOver(stores, {
        log,
        project: true,
        report,
      });
      await readModels.waitFor(await order(log, 40));
      await stores.processCheckpoints.moveTo('standing', { position: 3, eventId: eventId('e3') });
      const key = await keys.ensure('customer:1');

      const busy = order(log, 200);
      await server[way]();
      const head = await busy;
      const from = performance.now();
      await expect(readModels.listOrders({})).rejects.toMatchObject({
        name: 'ReadModelsUnavailable',
        message: expect.stringContaining('cannot be reached'),
      });
      await expect(stores.processCheckpoints.get('standing')).rejects.toMatchObject({
        name: 'ReadModelsUnavailable',
      });
      await expect(keys.find('customer:1', 1)).rejects.toMatchObject({
        name: 'PostgresUnavailable',
      });
      expect(await snapshots.get(streamName('customer-1'), 1)).toBeUndefined();
      expect(performance.now() - from).toBeLessThan(3_000);

      await server.start();
      await readModels.waitFor(head, 30_000);
      expect(await stores.processCheckpoints.get('standing')).toEqual({
        position: 3,
        eventId: 'e3',
      });
      expect(await keys.ensure('customer:1')).toEqual(key);
      await assertExact(readModels, reports);
      expect(reports.map(({ kind }) => kind)).toContain('projector-failed');
      expect(JSON.stringify(reports)).not.toContain(server.password);

      await close();
      await keys.close();
      await stores.close();
    },
    120_000,
  );

  it('is awaited at the start, but not for long', async () => {
    await server.stop();
    const early = openStores({ kind: 'postgres', url: server.url }, () => undefined);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await server.start();
    await (await early).close();
  }, 60_000);
});
