import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoggedEvent } from '../../libs/event-log/event-log.js';
import { SqliteEventLog } from '../../libs/event-log/sqlite/sqlite-event-log.js';
import { openLocal } from '../../libs/read-models/local/open-local.js';
import { projections } from '../../libs/read-models/projections/all.js';
import { ordersProjection } from '../../libs/read-models/projections/orders.projection.js';
import { eventsOfThisRelease } from '../../libs/read-models/runtime/event-catalogue.js';
import { SqliteReadModelStore } from '../../libs/read-models/sqlite/sqlite-read-model-store.js';
import type { Projection, Row } from '../../libs/read-models/projection.js';
import { fillWithOrders } from './order-log.js';

export interface RebuildRow {
  readonly work: string;
  readonly eventsPerSecond: readonly number[];
}

const ROUNDS = 5;

/**
 * How many events a second a rebuild takes, beside reading and parsing the same events, and beside parsing and folding the same
 * strings in memory without any store. One thread, rounds in turn, so that noise meets all alike.
 */
export async function measureRebuild(events: number, rounds = ROUNDS): Promise<readonly RebuildRow[]> {
  const directory = await mkdtemp(join(tmpdir(), 'sekisho-bench-rebuild-'));
  const file = join(directory, 'log.db');
  const log = await SqliteEventLog.open({ file, clock: Date.now });
  try {
    await fillWithOrders(log, events);
    const strings = await stringsOf(log);
    const works: readonly (readonly [string, (round: number) => Promise<void>])[] = [
      ['JSON.parse and fold of the same strings, in memory, all projections', async () => foldInMemory(strings, projections)],
      ['reading and JSON-parsing the same events from the log', () => readAll(log)],
      ['replay from the log and fold in memory, all projections', () => replay(log)],
      ['rebuild of all projections into read-models.db', (round) => rebuild(log, join(directory, `all-${round}.db`), projections)],
      ['JSON.parse and fold of the same strings, in memory, orders only', async () => foldInMemory(strings, [ordersProjection])],
      ['rebuild of the orders into read-models.db', (round) => rebuild(log, join(directory, `orders-${round}.db`), [ordersProjection])],
    ];
    const rows = works.map(([work]) => ({ work, eventsPerSecond: [] as number[] }));
    for (let round = 0; round < rounds; round++) {
      for (const [index, [, work]] of works.entries()) {
        const began = performance.now();
        await work(round);
        rows[index]!.eventsPerSecond.push(Math.round((strings.length / (performance.now() - began)) * 1000));
      }
    }
    return rows;
  } finally {
    await log.close();
    await rm(directory, { recursive: true });
  }
}

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

interface Strings {
  readonly event: Omit<LoggedEvent, 'data' | 'metadata'>;
  readonly data: string;
  readonly metadata: string;
}

async function stringsOf(log: SqliteEventLog): Promise<readonly Strings[]> {
  const strings: Strings[] = [];
  for await (const page of log.readAll({ after: -1 })) {
    for (const { data, metadata, ...event } of page.events)
      strings.push({ event, data: JSON.stringify(data), metadata: JSON.stringify(metadata) });
  }
  return strings;
}

async function readAll(log: SqliteEventLog): Promise<void> {
  let seen = 0;
  for await (const page of log.readAll({ after: -1 })) seen += page.events.length;
  if (seen === 0) throw new Error('nothing was read');
}

/** What a replay costs that keeps its rows in memory: reading, parsing and folding. */
async function replay(log: SqliteEventLog): Promise<void> {
  const rows = new Map<string, Row>();
  for await (const page of log.readAll({ after: -1 })) {
    for (const event of page.events) foldInto(rows, event, projections);
  }
}

/** The limit: what a fold costs when nothing is read, loaded or written. */
function foldInMemory(strings: readonly Strings[], folded: readonly Projection[]): void {
  const rows = new Map<string, Row>();
  for (const { event, data, metadata } of strings) {
    const parsed = { ...event, data: JSON.parse(data) as unknown, metadata: JSON.parse(metadata) as LoggedEvent['metadata'] };
    foldInto(rows, parsed, folded);
  }
}

function foldInto(rows: Map<string, Row>, event: LoggedEvent, folded: readonly Projection[]): void {
  for (const projection of folded) {
    const step = projection.on.get(event.type);
    if (!step) continue;
    for (const { table, key, to } of [step(eventsOfThisRelease.current(event))].flat()) {
      const after = to(rows.get(`${table}/${key}`));
      if (after) rows.set(`${table}/${key}`, after);
    }
  }
}

async function rebuild(log: SqliteEventLog, path: string, rebuilt: readonly Projection[]): Promise<void> {
  const store = SqliteReadModelStore.open(path);
  const { readModels } = openLocal({ log, store, projections: rebuilt, project: true, holder: 'bench', report: () => undefined });
  await readModels.waitFor(await log.head(), 600_000);
  await readModels.close();
}
