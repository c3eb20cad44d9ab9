import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoggedEvent } from '../../libs/event-log/event-log.js';
import { SqliteEventLog } from '../../libs/event-log/sqlite/sqlite-event-log.js';
import { openLocal } from '../../libs/read-models/local/open-local.js';
import { projections } from '../../libs/read-models/projections/registry.js';
import { eventsOfThisRelease } from '../../libs/read-models/runtime/fold-batch.js';
import { SqliteReadModelStore } from '../../libs/read-models/sqlite/sqlite-read-model-store.js';
import type { RowUpdate, Row, RowName, ProjectionStep } from '../../libs/read-models/projection.js';
import { fillWithOrders } from './order-log.js';

/** Events per second of each part in one round. */
export type RebuildRates = Readonly<Record<RebuildWork, number>>;
/**
 * `inMemory`: parse and fold events whose JSON is already in memory. `read`: read events from the
 * log and parse them. `replay`: read, parse and fold them, with rows in memory. `rebuild`: the same,
 * with rows in read-models.db.
 */
export type RebuildWork = 'inMemory' | 'read' | 'replay' | 'rebuild';

export interface RebuildOptions {
  readonly events: number;
  readonly rounds: number;
  readonly directory: string;
  readonly report?: (line: string) => void;
}

/**
 * Measures the events per second of a rebuild and of its parts, in one thread. Every round measures
 * all of them, so that other load on the machine affects them alike.
 */
export async function measureRebuild({
  events,
  rounds,
  directory,
  report = () => undefined,
}: RebuildOptions): Promise<readonly RebuildRates[]> {
  const folder = await mkdtemp(join(directory, 'rebuild-'));
  const log = await SqliteEventLog.open({ file: join(folder, 'log.db'), clock: Date.now });
  try {
    report(`writing ${events} events`);
    await fillWithOrders(log, events);
    const strings = await stringsOf(log);
    const works: Readonly<Record<RebuildWork, (round: number) => Promise<void>>> = {
      inMemory: async () => foldInMemory(strings),
      read: () => readAll(log),
      replay: () => replay(log),
      rebuild: (round) => rebuild(log, join(folder, `read-models-${round}.db`)),
    };
    const measured: RebuildRates[] = [];
    for (let round = 0; round < rounds; round++) {
      const rates = { inMemory: 0, read: 0, replay: 0, rebuild: 0 };
      for (const work of ['inMemory', 'read', 'replay', 'rebuild'] as const) {
        const began = performance.now();
        await works[work](round);
        rates[work] = (strings.length / (performance.now() - began)) * 1000;
      }
      measured.push(rates);
      // prettier-ignore
      report(`round ${round + 1}: ${Object.entries(rates).map(([work, rate]) => `${work} ${Math.round(rate)}/s`).join(', ')}`);
    }
    return measured;
  } finally {
    await log.close();
    await rm(folder, { recursive: true });
  }
}

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
  let read = 0;
  for await (const page of log.readAll({ after: -1 })) read += page.events.length;
  if (read === 0) throw new Error('the log has no events');
}

async function replay(log: SqliteEventLog): Promise<void> {
  const rows: Rows = new Map();
  for await (const page of log.readAll({ after: -1 }))
    for (const event of page.events) foldInto(rows, event);
}

/** The upper limit of a rebuild: no event is read, no row is loaded or written. */
function foldInMemory(strings: readonly Strings[]): void {
  const rows: Rows = new Map();
  for (const { event, data, metadata } of strings) {
    foldInto(rows, {
      ...event,
      data: JSON.parse(data) as unknown,
      metadata: JSON.parse(metadata) as LoggedEvent['metadata'],
    });
  }
}

/** Rows by projection, table and key: several projections have a table of the same name. */
type Rows = Map<string, Row>;

function foldInto(rows: Rows, event: LoggedEvent): void {
  for (const projection of projections) {
    const step = projection.on.get(event.type);
    if (!step) continue;
    const idOf = ({ table, key }: RowName): string => `${projection.name}/${table}/${key}`;
    const changes = changesOf(step(eventsOfThisRelease.current(event)), (row) =>
      rows.get(idOf(row)),
    );
    for (const change of changes) {
      const after = change.to(rows.get(idOf(change)));
      if (after) rows.set(idOf(change), after);
      else rows.delete(idOf(change));
    }
  }
}

function changesOf(
  step: ProjectionStep,
  find: (row: RowName) => Row | undefined,
): readonly RowUpdate[] {
  if ('rows' in step) return changesOf(step.then(step.rows.map(find)), find);
  return 'to' in step ? [step] : step;
}

async function rebuild(log: SqliteEventLog, path: string): Promise<void> {
  const store = SqliteReadModelStore.open(path);
  const { readModels } = openLocal({
    log,
    store,
    project: true,
    holder: 'bench',
    report: () => undefined,
  });
  await readModels.waitFor(await log.head(), 600_000);
  await readModels.close();
}
