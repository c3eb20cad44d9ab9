import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteEventLog } from '../../../libs/event-log/sqlite/sqlite-event-log.js';
import { Child } from '../children/child.js';
import { LogWriter } from '../log.js';
import type { Line, Round } from '../report/comparison.js';
import { type Circumstances, roundsOf } from './chapter.js';

const ID = 'append-emmett';
const WORK = 'durable append, one at a time';
const FILES = ['package.json', 'package-lock.json', 'emmett-sqlite.mjs'] as const;
const SLICES = 5;

/** Beside Emmett on SQLite, with one connection kept open: the same event, appended with the expected version, WAL and FULL. */
export async function emmettChapter(circumstances: Circumstances): Promise<readonly Line[]> {
  const { quick, directory, progress } = circumstances;
  const peers = install(circumstances);
  if ('failure' in peers) return [{ id: ID, work: `${WORK} / Emmett on SQLite`, skipped: peers.failure }];

  const folder = mkdtempSync(join(directory, 'emmett-'));
  const log = await SqliteEventLog.open({ file: join(folder, 'log.db'), clock: () => Date.now() });
  const emmett = await Child.start(peers.script, { env: { BENCH_FILE: join(folder, 'emmett.db') } });
  const writer = new LogWriter(log);
  try {
    const rounds: Round[] = [];
    const sliceMs = (quick ? 300 : 1_000) / SLICES;
    await emmett.ask('run', sliceMs);
    await writer.run(1, sliceMs);
    for (let round = 0; round < roundsOf(circumstances); round++) {
      let [ours, beside] = [0, 0];
      for (let slice = 0; slice < SLICES; slice++) {
        ours += (await writer.run(1, sliceMs)) / SLICES;
        beside += (await emmett.ask<number>('run', sliceMs)) / SLICES;
      }
      rounds.push({ ours, beside });
      progress(`emmett: round ${round + 1}: ours ${Math.round(ours)}/s, Emmett ${Math.round(beside)}/s`);
    }
    return [
      { id: ID, work: WORK, beside: `Emmett ${peers.version} on SQLite, one connection`, unit: '/s', rounds, target: { atLeast: 3.5 } },
    ];
  } finally {
    await emmett.end();
    await log.close();
  }
}

/** Installed when first needed, apart from the project's own dependencies: its driver may have to be compiled for minutes. */
function install({
  root,
  cache,
  progress,
}: Circumstances): { readonly script: string; readonly version: string } | { readonly failure: string } {
  const folder = join(cache, 'peers');
  const from = join(root, 'test', 'bench', 'peers');
  mkdirSync(folder, { recursive: true });
  for (const file of FILES) copyFileSync(join(from, file), join(folder, file));
  const lock = readFileSync(join(from, 'package-lock.json'), 'utf8');
  const stamp = join(folder, 'installed');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
    progress('emmett: installing (npm ci; its SQLite driver may be compiled, which takes minutes) …');
    // The system's Node and npm, as in scripts/prepare.mjs: the driver's binary serves every Node.
    const { status, stderr } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32', timeout: 600_000 }); // prettier-ignore
    if (status !== 0) return { failure: `npm ci in test/bench/peers failed: ${stderr.trim().split('\n')[0] ?? ''}` };
    writeFileSync(stamp, lock);
  }
  const { dependencies } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
  return { script: join(folder, 'emmett-sqlite.mjs'), version: dependencies['@event-driven-io/emmett-sqlite'] ?? '' };
}
