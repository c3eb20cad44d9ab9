import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteEventLog } from '../../../libs/event-log/sqlite/sqlite-event-log.js';
import { Child } from '../children/child.js';
import { installPeer } from '../children/installed-peer.js';
import { LogWriter } from '../log.js';
import type { Line, Round } from '../report/comparison.js';
import { type Circumstances, roundsOf } from './chapter.js';

const ID = 'append-emmett';
const WORK = 'durable append, one at a time';
const SLICES = 5;

/**
 * Compares the log with Emmett on SQLite with one open connection: the same event, appended with
 * the expected version, WAL and FULL.
 */
export async function emmettChapter(circumstances: Circumstances): Promise<readonly Line[]> {
  const { quick, directory, progress } = circumstances;
  const peer = installPeer('emmett-sqlite', circumstances);
  if ('failure' in peer)
    return [{ id: ID, work: `${WORK} / Emmett on SQLite`, skipped: peer.failure }];

  const folder = mkdtempSync(join(directory, 'emmett-'));
  const log = await SqliteEventLog.open({ file: join(folder, 'log.db'), clock: () => Date.now() });
  const emmett = await Child.start(peer.script, { env: { BENCH_FILE: join(folder, 'emmett.db') } });
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
      progress(
        `emmett: round ${round + 1}: ours ${Math.round(ours)}/s, Emmett ${Math.round(beside)}/s`,
      );
    }
    return [
      {
        id: ID,
        work: WORK,
        beside: `Emmett ${peer.version} on SQLite, one connection`,
        unit: '/s',
        rounds,
        target: { atLeast: 3.5 },
      },
    ];
  } finally {
    await emmett.end();
    await log.close();
  }
}
