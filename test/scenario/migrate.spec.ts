import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EventStoreDouble } from '../double/event-store-double.js';
import type { LogEvent, OrderAnswer } from '../support/answers.js';
import { addDays, monthOf } from '../support/calendar.js';
import { sekisho } from '../support/command-line.js';
import { priceList } from '../support/price-lists.js';
import { newDataDir, root, Service } from '../support/service.js';
import { wholeLog } from '../support/whole-log.js';
import { orderOf, World } from '../support/world.js';

const EMBEDDED = { EVENT_LOG: 'sqlite', READ_MODELS: 'sqlite', KEY_STORE: 'file' };
const today = new Date().toISOString().slice(0, 10);

describe('the migration of a log from SQLite to EventStoreDB', () => {
  const dataDir = newDataDir();
  const folders = [dataDir];
  let double: EventStoreDouble;
  let before: readonly LogEvent[];
  let order: object;
  let placed: OrderAnswer;
  let tenantId: string;
  const key = randomUUID();

  beforeAll(async () => {
    double = await EventStoreDouble.start();
    const service = await Service.start({ dataDir, env: EMBEDDED });
    const world = new World(service.as('operator'), today);
    for (const month of new Set([today, addDays(today, 1)].map(monthOf)))
      await world.say(
        'PUT',
        `/v1/price-lists/JP/${month}`,
        priceList('JP', 'JPY', [{ ProductId: 'BASIC' }]),
      );
    const seller = await world.reseller(await world.provider());
    tenantId = await world.readyCustomer();
    order = orderOf(seller, tenantId);
    placed = (await service.as('order-entry').order<OrderAnswer>(order, { key })).body;
    const orders = Array.from({ length: 60 }, () => service.as('order-entry').order(order));
    const positions = (await Promise.all(orders)).map(({ position }) => Number(position));
    // Such a read waits until the orders are activated: no event is appended afterwards.
    const activated = `/v1/subscriptions?minPosition=${Math.max(...positions)}`;
    expect((await service.as('auditor').get(activated)).status).toBe(200);
    before = await wholeLog(service.as('auditor'));
    await service.stop();
  }, 90_000);
  afterAll(async () => {
    await double.stop();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  const streams = (): readonly string[] => [
    ...new Set(double.events().map(({ stream }) => stream)),
  ];

  /** The variables for the same data directory under another prefix on the server. */
  const copied = (): string => {
    const folder = newDataDir();
    folders.push(folder);
    cpSync(dataDir, folder, { recursive: true });
    return folder;
  };
  const there = (prefix: string) => ({
    ...EMBEDDED,
    EVENT_LOG: 'eventstoredb',
    EVENTSTOREDB_URL: double.url,
    EVENTSTOREDB_PREFIX: prefix,
  });
  const migrate = (folder: string, prefix: string) =>
    sekisho(['migrate', '--from', 'sqlite', '--to', 'eventstoredb', '--data', folder], {
      env: { ...there(prefix), EVENT_LOG: '' },
    });

  async function expectTheSameLog(folder: string, prefix: string): Promise<void> {
    const service = await Service.start({ dataDir: folder, env: there(prefix) });
    try {
      expect(await wholeLog(service.as('auditor'))).toEqual(before);
      const clerk = service.as('order-entry');
      const again = await clerk.order<OrderAnswer>(order, { key });
      expect(again).toMatchObject({
        status: 201,
        replayed: true,
        body: { orderId: placed.orderId, total: placed.total },
      });
      expect((await clerk.order({ ...order, reference: 'another' }, { key })).status).toBe(422);
      const next = await clerk.order(order);
      expect({ status: next.status, position: next.position }).toEqual({
        status: 201,
        position: String(before.length),
      });
      expect((await clerk.get(`/v1/customers/${tenantId}`)).body).toMatchObject({ tenantId });
    } finally {
      await service.stop();
    }
  }

  it('keeps order, ids, times, positions and keys, and reports that both logs are the same', async () => {
    const { code, stdout, stderr } = await migrate(dataDir, 'whole.');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Migrated ${before.length} events; both logs are the same (sha256 `);
    const claims = streams().filter((name) => /^whole\.command-[0-9a-f]{8}-/.test(name));
    expect(claims).toHaveLength(new Set(before.map(({ metadata }) => metadata['commandId'])).size);
    expect(await migrate(dataDir, 'whole.')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('migrated already'),
    });
    await expectTheSameLog(copied(), 'whole.');
  }, 90_000);

  it('resumes after a kill, and until then no process opens the incomplete log', async () => {
    const folder = copied();
    const reachedBy = () =>
      streams().filter(
        (name) => name.startsWith('half.customer-') || name.startsWith('half.partner-'),
      ).length;
    const child = spawn(
      process.execPath,
      [join(root, 'dist/sekisho/main.js'), 'migrate', '--to', 'eventstoredb', '--data', folder],
      {
        cwd: root,
        env: { ...process.env, ...there('half.'), EVENT_LOG: '', NODE_OPTIONS: '' },
        stdio: 'ignore',
      },
    );
    const ended = new Promise((done) => child.once('exit', (_code, signal) => done(signal)));
    while (reachedBy() === 0 && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 1));
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');

    const opened = await sekisho(['tick', '--on', today, '--data', folder], {
      env: there('half.'),
    });
    expect(opened).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('run `sekisho migrate` again'),
    });
    expect((await migrate(folder, 'half.')).code).toBe(0);
    await expectTheSameLog(folder, 'half.');
  }, 90_000);

  it('refuses to write to another log', async () => {
    const other = newDataDir();
    folders.push(other);
    await (await Service.start({ dataDir: other, env: there('other.') })).stop();
    expect(await migrate(dataDir, 'other.')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('use another prefix'),
    });
  }, 60_000);

  it('reports a missing log and a missing variable', async () => {
    const nothing = await migrate(newDataDir(), 'none.');
    expect(nothing).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('There is no log in'),
    });
    const nowhere = await sekisho(['migrate', '--to', 'eventstoredb', '--data', dataDir], {
      env: { EVENTSTOREDB_URL: '' },
    });
    expect(nowhere).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('EVENTSTOREDB_URL is missing'),
    });
  });
});
