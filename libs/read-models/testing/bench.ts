import { MemoryEventLog } from '../../event-log/memory/memory-event-log.js';
import { type LocalOpened, type LocalOptions, openLocal } from '../local/open-local.js';
import type { ReadModelReport } from '../report.js';
import { ReadModelFile } from '../sqlite/read-model-file.js';
import { SqliteReadModelStore } from '../sqlite/sqlite-read-model-store.js';

export const memoryLog = (): MemoryEventLog =>
  new MemoryEventLog({ guards: 'atomic', clock: () => Date.parse('2026-11-22T10:00:00.000Z') });

export interface Bench extends LocalOpened {
  readonly store: SqliteReadModelStore;
  readonly reports: readonly ReadModelReport[];
  readonly kinds: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** Read models over a log, which wakes them with each commit. */
export function openBench(
  log: MemoryEventLog,
  { path = ':memory:', ...options }: Partial<LocalOptions> & { readonly path?: string } = {},
): Bench {
  const reports: ReadModelReport[] = [];
  const store = new SqliteReadModelStore(new ReadModelFile(path));
  const opened = openLocal({
    log,
    store,
    holder: 'test',
    project: true,
    report: (report) => reports.push(report),
    ...options,
  });
  const stop = log.onCommitted(() => opened.wake());
  const close = async (): Promise<void> => {
    stop();
    await opened.readModels.close();
  };
  return { ...opened, store, reports, kinds: () => reports.map(({ kind }) => kind), close };
}

/** Checks every few milliseconds, for a bounded time. */
export async function eventually(
  holds: () => Promise<boolean> | boolean,
  withinMs = 8_000,
): Promise<void> {
  const until = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() >= until) throw new Error('the condition did not become true in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Every row of every live table, as text: a rebuild must produce the same. */
export async function allRows(
  store: SqliteReadModelStore,
): Promise<Record<string, readonly (readonly [string, string])[]>> {
  const rows: Record<string, readonly (readonly [string, string])[]> = {};
  for (const build of await store.builds()) {
    if (build.role !== 'live') continue;
    const tables = store.file.all(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'r${build.id}_*' ORDER BY name`,
    );
    for (const { name } of tables) {
      const table = String(name);
      // A link's table stores no JSON text, so its columns are compared.
      const all = store.file
        .all(`SELECT * FROM "${table}"`)
        .map((row) => [String(row['key']), JSON.stringify(row)] as const);
      rows[`${build.projection}${table.slice(table.indexOf('_'))}`] = all.sort(([a, x], [b, y]) =>
        a + x < b + y ? -1 : 1,
      );
    }
  }
  return rows;
}
