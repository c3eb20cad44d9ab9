import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from '../children/child.js';
import type { Load, Loaded } from '../load/load.child.js';
import type { Comparison, Round } from '../report/comparison.js';
import { type Circumstances, roundsOf } from './chapter.js';

/** Orders that are authenticated and validated and then dropped, beside bare node:http that reads them and answers the same. */
export async function validationChapter(circumstances: Circumstances): Promise<readonly Comparison[]> {
  const { quick, progress, directory } = circumstances;
  const dataDir = join(directory, 'validation');
  mkdirSync(dataDir);
  const here = (name: string): URL => new URL(`../${name}`, import.meta.url);
  const profile = process.env['BENCH_CPU_PROFILE'];
  const nodeArgs = profile ? ['--cpu-prof', `--cpu-prof-dir=${join(profile, 'validation')}`] : [];
  const ours = await Child.start<{ url: string }>(here('children/validation.child.js'), { env: { DATA_DIR: dataDir }, nodeArgs });
  const bare = await Child.start<{ url: string }>(here('children/bare-http.child.js'));
  const generator = await Child.start(here('load/load.child.js'));
  try {
    const { 'order-entry': token } = JSON.parse(readFileSync(join(dataDir, 'dev-keys.json'), 'utf8')) as { 'order-entry': string };
    const load = ({ ready }: Child<{ url: string }>, forMs: number): Promise<Loaded> =>
      generator.ask('load', { url: ready.url, token, connections: 64, forMs, customers: 1_000 } satisfies Load);

    const warmUpMs = quick ? 1_000 : 3_000;
    const { status, headers, body } = (await load(ours, warmUpMs)).sample;
    const { date: _date, connection: _connection, 'keep-alive': _keepAlive, ...kept } = headers;
    await bare.ask('answer', { status, headers: kept, body });
    await load(bare, warmUpMs);

    const rounds: Round[] = [];
    for (let round = 0; round < roundsOf(circumstances); round++) {
      const forMs = quick ? 700 : 2_000;
      const measured: Round = { ours: (await load(ours, forMs)).perSecond, beside: (await load(bare, forMs)).perSecond };
      rounds.push(measured);
      progress(`validation: round ${round + 1}: ours ${Math.round(measured.ours)}/s, bare ${Math.round(measured.beside)}/s`);
    }
    const work = 'orders validated, Nest + CQRS without a store';
    return [{ id: 'validation', work, beside: 'bare node:http, same answer', unit: '/s', rounds, target: { atLeast: 0.45 } }];
  } finally {
    for (const child of [generator, ours, bare]) await child.end();
  }
}
