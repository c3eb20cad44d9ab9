import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { billingChapter } from './chapters/billing.chapter.js';
import type { Chapter } from './chapters/chapter.js';
import { emmettChapter } from './chapters/emmett.chapter.js';
import { eventStoreDbOrdersChapter } from './chapters/eventstoredb-orders.chapter.js';
import { logChapter } from './chapters/log.chapter.js';
import { longStreamChapter } from './chapters/long-stream.chapter.js';
import { ordersChapter } from './chapters/orders.chapter.js';
import { postgresChapter } from './chapters/postgres.chapter.js';
import { rebuildChapter } from './chapters/rebuild.chapter.js';
import { revenueChapter } from './chapters/revenue.chapter.js';
import { startChapter } from './chapters/start.chapter.js';
import { validationChapter } from './chapters/validation.chapter.js';
import { isSkipped, type Line, verdictOn } from './report/comparison.js';
import { load, machine } from './report/machine.js';
import { progressOn } from './report/progress.js';
import { writeReport } from './report/report-file.js';
import { tableMarkdown, tableText } from './report/table.js';

/** The chapters by the log that they measure. */
const chapters: Readonly<Record<string, Readonly<Record<string, Chapter>>>> = {
  sqlite: {
    log: logChapter,
    emmett: emmettChapter,
    postgres: postgresChapter,
    orders: ordersChapter,
    validation: validationChapter,
    rebuild: rebuildChapter,
    'long-stream': longStreamChapter,
    start: startChapter,
    revenue: revenueChapter,
    billing: billingChapter,
  },
  eventstoredb: { orders: eventStoreDbOrdersChapter },
};

const root = join(import.meta.dirname, '../../..');
const EXIT = { success: 0, finding: 1, usage: 2, couldNotRun: 3 };

async function main(): Promise<number> {
  const asked = read(process.argv.slice(2));
  if (typeof asked === 'string') {
    console.error(asked);
    return EXIT.usage;
  }
  if (asked.help) {
    console.log(usage);
    return EXIT.success;
  }
  try {
    return await run(asked);
  } catch (error) {
    console.error(error);
    return EXIT.couldNotRun;
  }
}

const usage = `npm run bench [-- --quick] [-- --log ${Object.keys(chapters).join('|')}] [-- --only chapter[,…]] [-- --markdown]

  --quick     three short rounds on little data, for a quick look
  --log       the log to measure (default: sqlite). eventstoredb uses the server of EVENTSTOREDB_URL, otherwise a node
              started by the command in EVENTSTOREDB_SERVER, otherwise the protocol double
  --only      measures these chapters only: ${Object.entries(chapters).map(([log, of]) => `${Object.keys(of).join(', ')} (${log})`).join('; ')}
  --markdown  prints the table in the form of docs/benchmarks.md

Writes reports/bench-<date>.json. Exit codes: 0 all targets met, 1 a target missed, 2 wrong usage, 3 could not run.`; // prettier-ignore

interface Asked {
  readonly quick: boolean;
  readonly help: boolean;
  readonly markdown: boolean;
  readonly log: string;
  readonly only: readonly (readonly [name: string, chapter: Chapter])[];
}

function read(args: readonly string[]): Asked | string {
  const flag = { type: 'boolean', default: false } as const;
  const text = { type: 'string', default: 'sqlite' } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        quick: flag,
        help: flag,
        markdown: flag,
        log: text,
        only: { type: 'string', multiple: true, default: [] },
      },
    });
    const ofLog = Object.hasOwn(chapters, values.log) ? chapters[values.log] : undefined;
    if (!ofLog) return `There is no log "${values.log}".\n\n${usage}`;
    const only = values.only.flatMap((names) => names.split(/[,|]/));
    const unknown = only.find((name) => !Object.hasOwn(ofLog, name));
    if (unknown !== undefined)
      return `There is no chapter "${unknown}" of the log ${values.log}.\n\n${usage}`;
    return {
      ...values,
      only: Object.entries(ofLog).filter(([name]) => only.length === 0 || only.includes(name)),
    };
  } catch (error) {
    // parseArgs throws TypeErrors whose messages explain the mistake
    return `${(error as Error).message}\n\n${usage}`;
  }
}

async function run({ quick, log, only, markdown }: Asked): Promise<number> {
  const startedAt = new Date();
  const cache = join(root, '.cache', 'bench');
  const directory = folderOfRun(cache);
  const progress = progressOn(process.stderr);
  const facts = machine(directory, root);
  const lines: Line[] = [];
  try {
    for (const [name, chapter] of only) {
      progress(`${name} …`);
      lines.push(...(await chapter({ quick, progress, directory, cache, root })));
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  const report = writeReport(root, {
    startedAt,
    quick,
    log,
    machine: facts,
    loadAfter: load(),
    lines,
  });
  // prettier-ignore
  console.log(`\n${facts.cpu}, ${facts.cores} cores, ${facts.memoryGiB} GiB, ${facts.system}, Node ${facts.node}, SQLite ${facts.sqlite}, revision ${facts.revision}; load before ${facts.loadBefore}, after ${load()}\n`);
  console.log(markdown ? tableMarkdown(lines) : tableText(lines));
  console.log(`\n${relative(process.cwd(), report)}`);
  return lines.some((line) => !isSkipped(line) && verdictOn(line) === 'not met')
    ? EXIT.finding
    : EXIT.success;
}

/**
 * On the project's own disk: a temporary directory may be in memory, where nothing is durable.
 * Removes what killed runs have left.
 */
function folderOfRun(cache: string): string {
  mkdirSync(cache, { recursive: true });
  for (const name of readdirSync(cache)) {
    const [, pid] = /^run-(\d+)$/.exec(name) ?? [];
    if (pid !== undefined && !isAlive(Number(pid)))
      rmSync(join(cache, name), { recursive: true, force: true });
  }
  const directory = join(cache, `run-${process.pid}`);
  mkdirSync(directory);
  return directory;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Node's errors carry a code: another user's process is alive
    return (error as { code?: unknown }).code === 'EPERM';
  }
}

process.exitCode = await main();
