import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SqliteEventLog } from '../../libs/event-log/sqlite/sqlite-event-log.js';
import { openReadModelsOver } from '../../libs/read-models/composition/open-read-models.js';
import { openStores } from '../../libs/read-models/composition/open-stores.js';
import type { ReadModelReport } from '../../libs/read-models/report.js';
import { eventually } from '../../libs/read-models/testing/bench.js';
import { type Compiled, compileLibs } from '../../libs/read-models/testing/compiled.js';
// prettier-ignore
import { customerEvent, customerRegistered, orderCancelled, orderPlaced, partnerRegistered, appendEach, appendAtOnce } from '../../libs/read-models/testing/sample-log.js';
import { describePostgres, type FreshSchema, freshSchema } from '../support/postgres.js';

const PROCESSES = 8;
const KILLS = 10;

describePostgres('processes that project onto PostgreSQL', (url) => {
  let compiled: Compiled;
  let directory: string;
  let log: SqliteEventLog;
  let fresh: FreshSchema;
  beforeAll(async () => {
    compiled = await compileLibs();
    directory = await mkdtemp(join(tmpdir(), 'sekisho-killed-'));
    fresh = await freshSchema(url);
    log = await SqliteEventLog.open({ file: join(directory, 'log.db'), clock: Date.now });
    await appendEach(
      log,
      partnerRegistered('p1'),
      ...[0, 1, 2, 3].map((number) => customerRegistered(number)),
    );
    for (let round = 0; round < 30; round++) {
      const orders = Array.from({ length: 40 }, (_, index) =>
        orderPlaced(round % 4, round * 40 + index, `p${index % 3}`),
      );
      const renamed = customerEvent(round % 4, 'CustomerDetailsChanged', {
        legalName: `Round ${round}`,
      });
      await appendAtOnce(log, [...orders, orderCancelled(round % 4, round * 40), renamed]);
    }
  }, 120_000);
  afterAll(async () => {
    await log.close();
    await fresh.dispose();
    await compiled.dispose();
    await rm(directory, { recursive: true });
  });

  function begin(): ChildProcess & { readonly said: string[] } {
    const script = fileURLToPath(compiled.url('libs/read-models/testing/project-on-postgres.ts'));
    const args = ['--no-warnings', script, join(directory, 'log.db'), url, fresh.schema];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const said: string[] = [];
    child.stdout
      .setEncoding('utf8')
      .on('data', (text: string) => said.push(...text.trim().split('\n')));
    return Object.assign(child, { said });
  }
  async function kill(child: ChildProcess): Promise<void> {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
  const positions = async () =>
    (await fresh.postgres.query(`SELECT position FROM ${fresh.schema}.runs`)).map(({ position }) =>
      Number(position),
    );

  it(`create the schema once when ${PROCESSES} open it at once, and one projects`, async () => {
    const children = Array.from({ length: PROCESSES }, begin);
    await eventually(() => children.every(({ said }) => said.includes('opened')), 60_000);
    await eventually(async () => (await positions()).length > 0, 30_000);
    expect(
      await fresh.postgres.query(`SELECT version FROM ${fresh.schema}.schema_version`),
    ).toEqual([{ version: 1 }]);
    const [lease] = await fresh.postgres.query(`SELECT holder, token FROM ${fresh.schema}.lease`);
    expect(children.map(({ pid }) => String(pid))).toContain(lease?.['holder']);
    await Promise.all(children.map(kill));
  }, 120_000);

  it('project every event exactly once, however often one is killed: a rebuild finds no difference', async () => {
    const reached: number[] = [];
    for (let round = 0; round < KILLS; round++) {
      // A dead holder's lease expires in three seconds; the test does not wait for each.
      await fresh.postgres.query(`UPDATE ${fresh.schema}.lease SET expires_at_ms = 0`);
      const child = begin();
      await eventually(() => child.said.length > 1, 30_000);
      await new Promise((resolve) => setTimeout(resolve, round * 10));
      await kill(child);
      reached.push(Math.max(...(await positions())));
    }
    const head = await log.head();
    // Some were killed while projecting, not only before and after.
    expect(reached.filter((position) => position >= 0 && position < head).length).toBeGreaterThan(
      0,
    );

    await fresh.postgres.query(`UPDATE ${fresh.schema}.lease SET expires_at_ms = 0`);
    const reports: ReadModelReport[] = [];
    const report = (one: ReadModelReport) => void reports.push(one);
    const stores = await openStores({ kind: 'postgres', url, schema: fresh.schema }, report);
    const { readModels, close } = openReadModelsOver(stores, { log, project: true, report });
    await readModels.waitFor(head, 60_000);
    const projections = await readModels.projections();
    for (const { name } of projections) await readModels.rebuild(name);
    const finished = () => reports.flatMap((one) => (one.kind === 'rebuild-finished' ? [one] : []));
    await eventually(() => finished().length === projections.length, 60_000);
    for (const { status } of finished()) expect(status).not.toHaveProperty('difference');
    expect(finished().find(({ projection }) => projection === 'orders')!.status.comparedRows).toBe(
      1_200,
    );
    await close();
    await stores.close();
  }, 180_000);
});
