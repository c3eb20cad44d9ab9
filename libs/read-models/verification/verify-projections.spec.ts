import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryEventLog } from '../../event-log/memory/memory-event-log.js';
import { openLocal, type LocalOpened } from '../local/open-local.js';
import type { Projection } from '../projection.js';
import { customersProjection } from '../projections/customers.projection.js';
import { ordersProjection } from '../projections/orders.projection.js';
import { ReadModelFile } from '../sqlite/read-model-file.js';
import { SqliteReadModelStore } from '../sqlite/sqlite-read-model-store.js';
import {
  customerEvent,
  customerRegistered,
  order,
  orderCancelled,
  orderPlaced,
  appendEach,
  tenant,
} from '../testing/sample-log.js';
import { firstDifference } from './first-difference.js';
import { PAGE_ROWS, type StoredTable } from './stored-table.js';
import { type Verified, verifyProjections } from './verify-projections.js';

const projections: readonly Projection[] = [ordersProjection, customersProjection];

describe('the verification of projections', () => {
  let directory: string;
  let log: MemoryEventLog;
  let opened: LocalOpened;
  let file: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sekisho-verification-'));
    file = join(directory, 'live.db');
    log = new MemoryEventLog({ guards: 'atomic', clock: Date.now });
    await appendEach(log, customerRegistered(1), customerRegistered(2));
    for (let number = 1; number <= 3; number++)
      await appendEach(log, orderPlaced(1, number, 'res-1'));
    await appendEach(
      log,
      orderCancelled(1, 2),
      customerEvent(1, 'CustomerPartnerRelationshipStarted', {
        partnerId: 'res-2',
        from: '2026-01-01',
      }),
    );
    opened = openLocal({
      log,
      store: SqliteReadModelStore.open(file),
      holder: 'test',
      report: () => undefined,
      project: true,
      projections,
    });
    await opened.readModels.waitFor(await log.head());
  });
  afterEach(async () => {
    await opened.readModels.close();
    await log.close();
    await rm(directory, { recursive: true });
  });

  const verified = async (of = projections, events = log): Promise<readonly Verified[]> => {
    const live = SqliteReadModelStore.open(file);
    const reference = new SqliteReadModelStore(new ReadModelFile(':memory:'));
    const found: Verified[] = [];
    for await (const one of verifyProjections({ log: events, live, reference, projections: of }))
      found.push(one);
    await live.close();
    await reference.close();
    return found;
  };
  /** Changes stored rows without the projector. */
  const tamper = (sql: string): void => {
    const { database } = new ReadModelFile(file);
    const builds = database.prepare('SELECT id, projection FROM runs').all();
    database.exec(
      builds.reduce(
        (text: string, { id, projection }) =>
          text.replaceAll(`{${String(projection)}}`, `r${String(id)}`),
        sql,
      ),
    );
    database.close();
  };

  it('finds equal rows', async () => {
    expect(await verified()).toEqual([
      { projection: 'orders', position: 6, comparedRows: 3 },
      // Two customers, the two partners of the first, and the one in whose scope it is.
      { projection: 'customers', position: 6, comparedRows: 5 },
    ]);
  });

  it.each([
    [
      'a row that was changed',
      `UPDATE {orders}_orders SET row = replace(row, '"placed"', '"refused"') WHERE key = '${order(3)}'`,
      3,
      /refused/,
      /placed/,
    ],
    [
      'a changed column that lists filter by',
      `UPDATE {orders}_orders SET partnerId = 'other' WHERE key = '${order(1)}'`,
      1,
      /"other"/,
      /"res-1"/,
    ],
    [
      'a deleted row',
      `DELETE FROM {orders}_orders WHERE key = '${order(2)}'`,
      2,
      undefined,
      /cancelled/,
    ],
    [
      'a row that the log does not produce',
      `INSERT INTO {orders}_orders (position, key, row) VALUES (99, '${order(0)}', '{}')`,
      0,
      /\{\}/,
      undefined,
    ],
  ])('finds %s', async (_title, sql, number, stored, expected) => {
    tamper(sql);
    const [orders, customers] = await verified();
    expect(orders?.finding).toEqual({
      kind: 'difference',
      difference: {
        table: 'orders',
        key: order(number),
        stored: stored ? expect.stringMatching(stored) : null,
        expected: expected ? expect.stringMatching(expected) : null,
      },
    });
    expect(customers?.finding).toBeUndefined();
  });

  it('finds a changed link', async () => {
    tamper(`DELETE FROM {customers}_customers_partners WHERE partnerId = 'res-2'`);
    expect((await verified())[1]?.finding).toMatchObject({
      kind: 'difference',
      difference: {
        table: 'customers.partners',
        key: tenant(1),
        stored: null,
        expected: expect.stringContaining('res-2') as unknown,
      },
    });
  });

  it('reports projections that stopped, belong to another log, or have nothing to compare', async () => {
    await appendEach(log, { ...orderPlaced(1, 4), version: 9 });
    opened.wake();
    await expect(opened.readModels.waitFor(7)).rejects.toMatchObject({ name: 'ProjectionStopped' });
    expect((await verified([ordersProjection]))[0]?.finding).toMatchObject({
      kind: 'stopped',
      position: 7,
    });

    const other = new MemoryEventLog({ guards: 'atomic', clock: Date.now });
    await appendEach(other, customerRegistered(1));
    expect((await verified([ordersProjection], other))[0]?.finding).toEqual({ kind: 'other-log' });

    expect(await verified([{ ...ordersProjection, version: 99 }])).toMatchObject([
      { unverified: 'other-version' },
    ]);
    expect(await verified([{ ...ordersProjection, name: 'unheard-of' }])).toEqual([
      { projection: 'unheard-of', position: -1, comparedRows: 0, unverified: 'no-rows' },
    ]);
  });

  it('compares page by page, also while orders are appended', async () => {
    for (let number = 10; number < 10 + PAGE_ROWS; number++)
      await appendEach(log, orderPlaced(2, number, 'res-1'));
    await opened.readModels.waitFor(await log.head());
    let going = true;
    const orders = (async () => {
      for (let number = 10_000; going; number++) {
        await appendEach(log, orderPlaced(2, number, 'res-3'), orderCancelled(2, number));
        opened.wake();
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    })();
    const found = await verified();
    going = false;
    await orders;
    expect(found.map(({ finding }) => finding)).toEqual([undefined, undefined]);
    expect(found[0]?.comparedRows).toBeGreaterThan(PAGE_ROWS);
  });
});

describe('the first row in which two pages differ', () => {
  const table: StoredTable = { name: 't', identity: ['key'], page: () => () => undefined };
  const rows = (...keys: readonly string[]) => keys.map((key) => ({ key, row: key }));
  const many = (count: number) =>
    rows(...Array.from({ length: count }, (_row, index) => String(1_000 + index)));
  it.each([
    ['none of equal pages', rows('a', 'b'), rows('a', 'b'), undefined],
    ['none of empty ones', [], [], undefined],
    ['the one that only the store has', rows('a', 'b'), rows('b'), ['a', 'a', null]],
    ['the one that only the log has', rows('b'), rows('a', 'b'), ['a', null, 'a']],
    ['the one after a short page', rows('a'), rows('a', 'b'), ['b', null, 'b']],
    ['the one after the end of the log’s rows', rows('a', 'b'), rows('a'), ['b', 'b', null]],
    [
      'by bytes, where UTF-16 has another order',
      rows('\u{1f600}'),
      rows('\uff5e'),
      ['\uff5e', null, '\uff5e'],
    ],
    ['none after a full page', many(PAGE_ROWS), many(PAGE_ROWS), undefined],
    [
      'the first of a full page after a short one',
      many(1),
      many(PAGE_ROWS),
      ['1001', null, '1001'],
    ],
    [
      'the last of a full page',
      many(PAGE_ROWS),
      many(PAGE_ROWS - 1),
      [String(999 + PAGE_ROWS), String(999 + PAGE_ROWS), null],
    ],
  ] as const)('is %s', (_title, stored, expected, found) => {
    const difference = firstDifference(table, stored, expected);
    expect(
      difference && [
        difference.key,
        difference.stored && keyIn(difference.stored),
        difference.expected && keyIn(difference.expected),
      ],
    ).toEqual(found);
  });
  const keyIn = (text: string): string => (JSON.parse(text) as { key: string }).key;
});
