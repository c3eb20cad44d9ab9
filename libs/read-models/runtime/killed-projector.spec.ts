import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { SqliteEventLog } from '../../event-log/sqlite/sqlite-event-log.js';
import { openLocal } from '../local/open-local.js';
import { SqliteReadModelStore } from '../sqlite/sqlite-read-model-store.js';
import { allRows } from '../testing/bench.js';
import { type Compiled, compileLibs } from '../testing/compiled.js';
import {
  customerEvent,
  customerRegistered,
  orderCancelled,
  orderPlaced,
  partnerRegistered,
  appendEach,
  appendAtOnce,
} from '../testing/sample-log.js';

const KILLS = 12;

describe('a projector that is killed at any moment', () => {
  let compiled: Compiled;
  let directory: string;
  beforeAll(async () => {
    compiled = await compileLibs();
    directory = await mkdtemp(join(tmpdir(), 'sekisho-killed-'));
  }, 60_000);
  afterAll(async () => {
    await compiled.dispose();
    await rm(directory, { recursive: true });
  });

  const logFile = () => join(directory, 'log.db');
  const readModelsFile = () => join(directory, 'read-models.db');

  /** Starts a projector, waits for its first line and a short time, then kills it with SIGKILL. */
  async function projectAndKill(afterMs: number): Promise<void> {
    const script = fileURLToPath(compiled.url('libs/read-models/testing/project-until-killed.ts'));
    const child = spawn(process.execPath, ['--no-warnings', script, logFile(), readModelsFile()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    child.kill('SIGKILL');
    await exited;
  }

  it('has folded every event exactly once: its rows equal those of a rebuild', async () => {
    const log = await SqliteEventLog.open({ file: logFile(), clock: Date.now });
    await appendEach(
      log,
      partnerRegistered('p1'),
      ...[0, 1, 2, 3].map((number) => customerRegistered(number)),
    );
    for (let round = 0; round < 60; round++) {
      const orders = Array.from({ length: 40 }, (_, index) =>
        orderPlaced(round % 4, round * 40 + index, `p${index % 3}`),
      );
      await appendAtOnce(log, [
        ...orders,
        orderCancelled(round % 4, round * 40),
        customerEvent(round % 4, 'CustomerDetailsChanged', { legalName: `Round ${round}` }),
      ]);
    }
    const positions: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      await projectAndKill(kill * 4);
      // A dead holder's lease would run out in three seconds; the test does not wait for each.
      const store = SqliteReadModelStore.open(readModelsFile());
      store.file.run('UPDATE lease SET expires_at_ms = 0');
      positions.push(
        Math.max(...(await store.builds()).map(({ checkpoint }) => checkpoint.position)),
      );
      await store.close();
    }
    // It was killed while it was working, not only before and after.
    expect(
      positions.filter((position) => position >= 0 && position < 2_524).length,
    ).toBeGreaterThan(0);

    expect(await projected(log, readModelsFile())).toEqual(await projected(log, ':memory:'));
    await log.close();
  }, 60_000);

  async function projected(log: SqliteEventLog, path: string) {
    const store = SqliteReadModelStore.open(path);
    const { readModels } = openLocal({
      log,
      store,
      project: true,
      holder: 'afterwards',
      report: () => undefined,
    });
    await readModels.waitFor(await log.head());
    const rows = await allRows(store);
    await readModels.close();
    return rows;
  }
});
