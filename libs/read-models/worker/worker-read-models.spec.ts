import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventId, orderId, partnerId, revenueId, streamName } from '../../domain/shared/ids.js';
import { SqliteEventLog } from '../../event-log/sqlite/sqlite-event-log.js';
import { type OpenedReadModels, openWorkerReadModels } from '../composition/open-read-models.js';
import type { ReadModelReport } from '../report.js';
import { eventually } from '../testing/bench.js';
import { type Compiled, compileLibs } from '../testing/compiled.js';
import {
  customerRegistered,
  order,
  orderPlaced,
  partnerRegistered,
  appendEach,
  tenant,
} from '../testing/sample-log.js';
import type { WorkerReadModels } from './worker-read-models.js';

describe('read models in a worker thread, as built', () => {
  let compiled: Compiled;
  let directory: string;
  let log: SqliteEventLog;
  let opened: OpenedReadModels;
  let reports: ReadModelReport[];
  beforeAll(async () => {
    compiled = await compileLibs();
  }, 60_000);
  afterAll(() => compiled.dispose());

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sekisho-worker-'));
    log = await SqliteEventLog.open({ file: join(directory, 'log.db'), clock: Date.now });
    await appendEach(log, partnerRegistered('p1'), customerRegistered(1), orderPlaced(1, 1, 'p1'));
    reports = [];
    opened = open(compiled.url('libs/read-models/worker/projection.worker.ts'));
  });
  afterEach(async () => {
    await opened.close();
    await log.close();
    await rm(directory, { recursive: true });
  });
  const open = (workerScript: URL) =>
    openWorkerReadModels({
      log,
      logFile: join(directory, 'log.db'),
      dataDir: directory,
      project: true,
      report: (report) => reports.push(report),
      workerScript,
    });

  it('answers every kind of request', async () => {
    const { readModels } = opened;
    const minPosition = 2;
    expect((await readModels.listPartners({ on: '2026-11-22', minPosition })).items).toMatchObject([
      { partnerId: 'p1' },
    ]);
    expect((await readModels.listCustomers({ on: '2026-11-22', minPosition })).items).toMatchObject(
      [{ soldBy: ['p1'] }],
    );
    expect((await readModels.listOrders({ minPosition })).items).toMatchObject([
      { orderId: order(1) },
    ]);
    expect(await readModels.listOffers({ market: 'JP', on: '2026-11-22' })).toEqual({
      items: [],
      nextCursor: null,
    });
    expect(await readModels.findOrder(orderId(order(1)))).toMatchObject({ tenantId: tenant(1) });
    expect(await readModels.findOrder(orderId(order(2)))).toBeUndefined();
    const window = { after: '2025-11-22', through: '2026-11-22' };
    const none = { amounts: [], position: minPosition };
    expect(
      await readModels.revenueAmounts(partnerId('p1'), { asOf: '2026-11-22', window, minPosition }),
    ).toEqual(none);
    expect(await readModels.findRevenue(revenueId(order(1)), minPosition)).toBeUndefined();
    expect(await readModels.partnersWithRevenue({ limit: 1, minPosition })).toEqual({
      partnerIds: [],
      position: minPosition,
    });
    expect(await readModels.projections()).toContainEqual(
      expect.objectContaining({ name: 'partners', state: 'live' }),
    );
    await readModels.rebuild('orders');
    await eventually(() => reports.some(({ kind }) => kind === 'rebuild-finished'));
  });

  it('projects new commits at once', async () => {
    await opened.readModels.waitFor(2);
    const began = performance.now();
    for (let number = 2; number < 22; number++) {
      const [event] = await appendEach(log, orderPlaced(1, number));
      await opened.readModels.waitFor(event!.position);
    }
    // Twenty round trips; polling alone would take a second.
    expect(performance.now() - began).toBeLessThan(900);
  });

  it('returns errors with the fields that callers need', async () => {
    const { readModels } = opened;
    await expect(readModels.listOrders({ cursor: '!' })).rejects.toMatchObject({
      name: 'InvalidCursor',
      cursor: '!',
    });
    await expect(readModels.listOrders({ limit: 0 })).rejects.toMatchObject({
      name: 'InvalidLimit',
      limit: 0,
    });
    await expect(readModels.listOrders({ minPosition: 99 })).rejects.toMatchObject({
      name: 'PositionNotReached',
      position: 99,
      head: 2,
    });
    await expect(readModels.rebuild('x')).rejects.toMatchObject({
      name: 'UnknownProjection',
      projection: 'x',
    });
    await appendEach(log, { ...orderPlaced(1, 2), version: 9 });
    await expect(readModels.listOrders({ minPosition: 3 })).rejects.toMatchObject({
      name: 'ProjectionStopped',
      projection: 'orders',
      position: 3,
    });
    expect(reports).toContainEqual(
      expect.objectContaining({ kind: 'projection-stopped', projection: 'orders' }),
    );
  });

  it('refuses requests beyond a bound, and leaves none open at the end', async () => {
    const { readModels } = opened;
    const answers = Array.from({ length: 1_200 }, () => readModels.projections());
    const outcomes = await Promise.allSettled(answers);
    const refused = outcomes.filter((one) => one.status === 'rejected');
    expect(refused).toHaveLength(200);
    expect(refused[0]).toMatchObject({ reason: { name: 'ReadModelsUnavailable' } });
    const late = readModels.projections().catch((error: Error) => error.name);
    await readModels.close();
    expect(['ReadModelsUnavailable', expect.any(Array)]).toContainEqual(await late);
    await expect(readModels.projections()).rejects.toMatchObject({ name: 'ReadModelsUnavailable' });
  });

  it('stores snapshots, which the main thread reads', async () => {
    const stream = streamName('customer-x');
    const snapshot = { revision: 7, eventId: eventId('e'), state: '{"a":1}' };
    expect(await opened.snapshots.get(stream, 1)).toBeUndefined();
    opened.snapshots.put(stream, 1, snapshot);
    await eventually(async () => (await opened.snapshots.get(stream, 1)) !== undefined);
    expect(await opened.snapshots.get(stream, 1)).toEqual(snapshot);
    expect(await opened.snapshots.get(stream, 2)).toBeUndefined();
  });

  it('is restarted after a failure and continues', async () => {
    await opened.readModels.waitFor(2);
    // Simulates a defect that throws outside of any request.
    const { thread } = opened.readModels as unknown as {
      thread: { worker: { terminate: () => Promise<number> } };
    };
    const asked = opened.readModels.waitFor(2).catch((error: Error) => error.name);
    await thread.worker.terminate();
    expect([undefined, 'ReadModelsUnavailable']).toContain(await asked);
    expect(reports).toContainEqual(expect.objectContaining({ kind: 'worker-restarted' }));
    const [event] = await appendEach(log, orderPlaced(1, 2));
    await eventually(
      async () =>
        (
          await opened.readModels
            .listOrders({ minPosition: event!.position })
            .catch(() => ({ items: [] }))
        ).items.length === 2,
    );
  });

  it('is given up after repeated failures', async () => {
    const falling = open(new URL('data:text/javascript,throw new Error("broken build")'));
    await eventually(() => reports.some(({ kind }) => kind === 'worker-given-up'));
    expect(reports).toContainEqual({ kind: 'worker-given-up', reason: 'broken build' });
    await expect((falling.readModels as WorkerReadModels).projections()).rejects.toMatchObject({
      name: 'ReadModelsUnavailable',
    });
    await falling.close();
  });
});
