import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { MemoryEventLog } from '../../event-log/memory/memory-event-log.js';
import type { Projection } from '../projection.js';
import { projections } from '../projections/registry.js';
import { ordersProjection } from '../projections/orders.projection.js';
import { allRows, type Bench, eventually, memoryLog, openBench } from '../testing/bench.js';
import {
  customerRegistered,
  order,
  orderPlaced,
  partnerRegistered,
  appendEach,
  appendAtOnce,
} from '../testing/sample-log.js';

describe('the projector', () => {
  let log: MemoryEventLog;
  let directory: string;
  let path: string;
  const opened: Bench[] = [];
  const open = (options: Parameters<typeof openBench>[1] = {}): Bench => {
    const bench = openBench(log, { path, ...options });
    opened.push(bench);
    return bench;
  };

  beforeEach(async () => {
    log = memoryLog();
    directory = await mkdtemp(join(tmpdir(), 'sekisho-projector-'));
    path = join(directory, 'read-models.db');
  });
  afterEach(async () => {
    for (const bench of opened.splice(0)) await bench.close();
    await rm(directory, { recursive: true });
  });

  const place = (count: number, from = 0) =>
    appendEach(
      log,
      ...Array.from({ length: count }, (_, index) => orderPlaced(index % 3, from + index)),
    );
  const head = () => log.head();
  const status = async (bench: Bench, name = 'orders') =>
    (await bench.readModels.projections()).find((one) => one.name === name)!;
  const without = (version: number): Projection => ({ ...ordersProjection, version });

  it('continues after its checkpoint', async () => {
    const first = open();
    await place(5);
    await first.readModels.waitFor(await head());
    await first.close();
    await place(5, 5);
    const second = open();
    await second.readModels.waitFor(await head());
    expect((await second.readModels.listOrders({})).items).toHaveLength(10);
    expect(await status(second)).toMatchObject({
      state: 'live',
      position: 9,
      lag: 0,
      version: ordersProjection.version,
    });
  });

  it('deletes rows of another log and rebuilds them', async () => {
    const first = open();
    await place(5);
    await first.readModels.waitFor(await head());
    await first.close();
    log = memoryLog();
    await place(6, 100);
    const second = open();
    await second.readModels.waitFor(5);
    expect(second.kinds()).toContain('log-differs');
    expect((await second.readModels.listOrders({})).items.map((row) => row.orderId)).toEqual(
      [100, 101, 102, 103, 104, 105].map(order),
    );
  });

  it('deletes rows of events after the end of the log', async () => {
    const first = open();
    await place(5);
    await first.readModels.waitFor(await head());
    await first.close();
    log = memoryLog();
    const second = open();
    await second.readModels.waitFor(-1);
    expect((await second.readModels.listOrders({})).items).toEqual([]);
  });

  describe('with an event that it cannot fold', () => {
    it('stops that projection, reports the event and the reason, and continues with the others', async () => {
      const bench = open();
      await appendAtOnce(log, [{ ...orderPlaced(1, 1), data: { orderId: order(1) } }]);
      await appendEach(log, partnerRegistered('p1'));
      const poison = {
        position: 0,
        eventId: expect.any(String),
        reason: expect.stringMatching(/undefined/),
      };
      await eventually(async () => (await status(bench)).state === 'stopped');
      expect(await status(bench)).toMatchObject({ error: poison, position: -1 });
      expect(bench.reports).toContainEqual({
        kind: 'projection-stopped',
        projection: 'orders',
        poison,
      });
      await expect(bench.readModels.listOrders({})).rejects.toMatchObject({
        name: 'ProjectionStopped',
        projection: 'orders',
        ...poison,
      });
      expect(
        (await bench.readModels.listPartners({ on: '2026-11-22', minPosition: 1 })).items,
      ).toHaveLength(1);
    });

    it('stops before the event if the store cannot store its row', async () => {
      const bench = open();
      await place(2);
      await appendAtOnce(log, [
        orderPlaced(1, 3, 'p1', { decision: { checks: [], judgedAt: 'x', date: { no: 'text' } } }),
      ]);
      await place(2, 4);
      await eventually(async () => (await status(bench)).state === 'stopped');
      expect(await status(bench)).toMatchObject({ position: 1, error: { position: 2 } });
      await bench.readModels.listCustomers({ on: '2026-11-22', minPosition: 4 });
    });

    it('tries again under a new holder, and stops again', async () => {
      const first = open();
      await appendAtOnce(log, [{ ...orderPlaced(1, 1), version: 9 }]);
      await eventually(async () => (await status(first)).state === 'stopped');
      await first.close();
      const second = open();
      await eventually(() => second.kinds().includes('projection-stopped'));
      await second.close();
      const fixed = open({
        catalogue: { current: (event) => event, assertKnown: () => undefined },
      });
      await eventually(async () => (await status(fixed)).state === 'live');
      expect((await fixed.readModels.listOrders({})).items).toHaveLength(1);
    });
  });

  describe('rebuilds', () => {
    it('a projection beside the tables in use, during writes, and switches to equal rows', async () => {
      const bench = open({ batchEvents: 50 });
      await appendEach(log, customerRegistered(1), customerRegistered(2));
      await place(2_000);
      await bench.readModels.waitFor(await head());
      await bench.readModels.rebuild('orders');
      let placed = 2_000;
      await eventually(async () => {
        await place(20, placed);
        placed += 20;
        // Reads are answered during the whole rebuild.
        expect((await bench.readModels.listOrders({ limit: 1 })).items).toHaveLength(1);
        return bench.kinds().includes('rebuild-finished');
      });
      await bench.readModels.waitFor(await head());
      const { rebuild, state } = await status(bench);
      expect({ rebuild, state }).toMatchObject({ state: 'live', rebuild: { finished: true } });
      expect(rebuild!.comparedRows).toBeGreaterThanOrEqual(2_000);
      expect(rebuild).not.toHaveProperty('difference');
      const rebuilt = await allRows(bench.store);
      expect(rebuilt['orders_orders']).toHaveLength(placed);
    });

    it('a projection, reports the first wrong row, and corrects it', async () => {
      const bench = open();
      await place(3);
      await bench.readModels.waitFor(await head());
      const [build] = (await bench.store.builds()).filter(
        ({ projection }) => projection === 'orders',
      );
      bench.store.file.run(
        `UPDATE r${build!.id}_orders SET row = json_set(row, '$.currency', 'XXX') WHERE key = ?`,
        order(1),
      );
      await bench.readModels.rebuild('orders');
      await eventually(() => bench.kinds().includes('rebuild-finished'));
      expect((await status(bench)).rebuild).toMatchObject({
        comparedRows: 1,
        difference: { table: 'orders', key: order(1), before: expect.stringContaining('XXX') },
      });
      expect((await bench.readModels.listOrders({})).items.map(({ currency }) => currency)).toEqual(
        ['JPY', 'JPY', 'JPY'],
      );
    });

    it('a new version beside the old one, which is read meanwhile', async () => {
      const next = ordersProjection.version + 1;
      const first = open();
      await place(10);
      await first.readModels.waitFor(await head());
      await first.close();
      const second = open({ projections: [without(next)] });
      expect((await second.readModels.listOrders({})).items).toHaveLength(10);
      await eventually(async () => (await status(second)).version === next);
      expect((await second.readModels.listOrders({})).items).toHaveLength(10);
      expect(second.kinds()).toEqual(['lease-acquired', 'rebuild-started', 'rebuild-finished']);
      expect((await status(second)).rebuild).not.toHaveProperty('comparedRows');
    });

    it('a stopped projection, or fails and keeps the tables in use', async () => {
      const bench = open();
      await place(1);
      await appendAtOnce(log, [{ ...orderPlaced(1, 7), version: 9 }]);
      await eventually(async () => (await status(bench)).state === 'stopped');
      await bench.readModels.rebuild('orders');
      await eventually(() => bench.kinds().includes('rebuild-finished'));
      expect(await status(bench)).toMatchObject({
        state: 'stopped',
        rebuild: { finished: true, error: expect.stringContaining('version 9') },
      });
    });

    it('no unknown projection', async () => {
      await expect(open().readModels.rebuild('nothing')).rejects.toMatchObject({
        name: 'UnknownProjection',
      });
    });
  });

  describe('of several', () => {
    it('is the only one that works; another takes over within seconds', async () => {
      const first = open({ holder: 'first' });
      await place(1);
      await first.readModels.waitFor(0);
      const second = open({ holder: 'second' });
      // Rows that the first wrote are read by the second.
      expect((await second.readModels.listOrders({ minPosition: 0 })).items).toHaveLength(1);
      expect(second.kinds()).toEqual([]);
      await first.close();
      await place(1, 1);
      await second.readModels.waitFor(1);
      expect(second.kinds()).toContain('lease-acquired');
    });

    it('writes nothing after its lease was taken', async () => {
      const first = open({ holder: 'first' });
      await place(1);
      await first.readModels.waitFor(0);
      // As if the process had been suspended past its lease: another process has the row now.
      first.store.file.run(
        "UPDATE lease SET token = token + 1, holder = 'second', expires_at_ms = ?",
        Date.now() + 400,
      );
      await place(1, 1);
      await eventually(() => first.kinds().includes('lease-lost'));
      expect(
        (await first.store.builds()).every(({ checkpoint }) => checkpoint.position === 0),
      ).toBe(true);
      await first.readModels.waitFor(1);
      expect((await first.readModels.listOrders({})).items).toHaveLength(2);
    });

    it('runs a rebuild that another process requested', async () => {
      const holder = open({ holder: 'first' });
      await holder.readModels.waitFor(-1);
      const other = open({ holder: 'second', project: false });
      await other.readModels.rebuild('partners');
      await eventually(async () => (await status(other, 'partners')).rebuild?.finished === true);
      expect(holder.kinds()).toContain('rebuild-finished');
    });
  });

  it('reports a fault of the store and continues after it', async () => {
    const bench = open();
    await place(1);
    await bench.readModels.waitFor(0);
    bench.store.file.database.exec('PRAGMA query_only = ON');
    await place(1, 1);
    await eventually(() => bench.kinds().includes('projector-failed'));
    bench.store.file.database.exec('PRAGMA query_only = OFF');
    await bench.readModels.waitFor(1);
    expect((await bench.readModels.listOrders({})).items).toHaveLength(2);
  });

  it('waits before it calls an unavailable store again, even if new events arrive', async () => {
    const bench = open();
    await place(1);
    await bench.readModels.waitFor(0);
    bench.store.file.database.exec('PRAGMA query_only = ON');
    for (let events = 0; events < 40; events++) {
      await place(1, 1 + events);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    // 100, 200, 400 ms apart.
    expect(bench.kinds().filter((kind) => kind === 'projector-failed').length).toBeLessThanOrEqual(
      5,
    );
    bench.store.file.database.exec('PRAGMA query_only = OFF');
    await bench.readModels.waitFor(40);
  });

  it('knows every projection', async () => {
    const bench = open();
    await bench.readModels.waitFor(-1);
    expect((await bench.readModels.projections()).map(({ name }) => name)).toEqual(
      projections.map(({ name }) => name),
    );
  });
});
