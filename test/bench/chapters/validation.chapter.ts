import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from '../children/child.js';
import { replayable } from '../children/bare-http.js';
import { profileArgs } from '../children/profile.js';
import { LoadGenerator, type Measured, type Server } from '../load/measured-load.js';
import { type Comparison, median } from '../report/comparison.js';
import { type Circumstances, roundsOf } from './chapter.js';

/**
 * Orders that are authenticated, validated and dropped, compared with bare node:http that reads
 * them and sends the same answer.
 */
export async function validationChapter(
  circumstances: Circumstances,
): Promise<readonly Comparison[]> {
  const { quick, progress, directory } = circumstances;
  const dataDir = join(directory, 'validation');
  mkdirSync(dataDir);
  const here = (name: string): URL => new URL(`../${name}`, import.meta.url);
  const nodeArgs = profileArgs('validation');
  const ours = await Child.start<{ url: string }>(here('children/validation.child.js'), {
    env: { DATA_DIR: dataDir },
    nodeArgs,
  });
  const bare = await Child.start<{ url: string }>(here('children/bare-http.child.js'));
  const child = await Child.start(here('load/load.child.js'));
  try {
    const { 'order-entry': token } = JSON.parse(
      readFileSync(join(dataDir, 'dev-keys.json'), 'utf8'),
    ) as { 'order-entry': string };
    const generator = new LoadGenerator(child, {
      connections: 64,
      customers: quick ? 1_000 : 10_000,
    });
    const serverOf = (server: Child<{ url: string }>): Server => ({
      url: server.ready.url,
      token,
      usage: () => server.ask('usage'),
    });
    const servers = { ours: serverOf(ours), bare: serverOf(bare) };
    await bare.ask('answer', replayable(await generator.warmUp(servers.ours)));
    await generator.warmUp(servers.bare);

    const measured: Readonly<Record<keyof typeof servers, Measured>>[] = [];
    for (let round = 0; round < roundsOf(circumstances); round++) {
      const one = await generator.round(servers, quick ? 600 : 2_000, 200);
      measured.push(one);
      progress(
        `validation: round ${round + 1}: ours ${Math.round(one.ours.perSecond)}/s, bare ${Math.round(one.bare.perSecond)}/s`,
      );
    }
    const micros = (name: keyof typeof servers): number =>
      Math.round(median(measured.map((round) => round[name].mainMicros)));
    return [
      {
        id: 'validation',
        work: 'orders validated, Nest + CQRS without a store',
        beside: 'bare node:http, same answer',
        unit: '/s',
        rounds: measured.map((round) => ({
          ours: round.ours.perSecond,
          beside: round.bare.perSecond,
        })),
        target: { atLeast: 0.45 },
        notes: [
          `processor time of the main thread for a request: ${micros('ours')} µs; bare node:http ${micros('bare')} µs`,
        ],
      },
    ];
  } finally {
    for (const ended of [child, ours, bare]) await ended.end();
  }
}
