import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteEventLog } from '../../../libs/event-log/sqlite/sqlite-event-log.js';
import { Child } from '../children/child.js';
import { installPeer } from '../children/installed-peer.js';
import type { PostgresLoad } from '../children/plain-postgres.child.js';
import { openPostgres, type Postgres } from '../children/postgres.js';
import { LogWriter } from '../log.js';
import type { Line, Round } from '../report/comparison.js';
import { type Circumstances, roundsOf } from './chapter.js';

const WORK = 'durable appends, 64 in flight';
const IN_FLIGHT = 64;
const SLICES = 5;
/**
 * A small pool waits and a large one contends: each peer uses the pool size that is fastest here.
 */
const POOLS = [10, 20, 64] as const;

const rows = {
  emmett: { id: 'appends-64-emmett-postgresql', peer: 'Emmett on PostgreSQL', atLeast: 10 },
  plain: { id: 'appends-64-plain-postgresql', peer: 'plain pg inserts', atLeast: 2.5 },
} as const;
type Peer = keyof typeof rows;

/**
 * Compares our log with 64 appends in flight with the same events in PostgreSQL on the same disk,
 * by Emmett and by plain inserts.
 */
export async function postgresChapter(circumstances: Circumstances): Promise<readonly Line[]> {
  const postgres = await openPostgres(circumstances);
  if ('absent' in postgres)
    return (['emmett', 'plain'] as const).map((peer) => skipped(peer, postgres.absent));
  try {
    return await measured(circumstances, postgres);
  } finally {
    await postgres.end();
  }
}

const skipped = (peer: Peer, why: string): Line => ({
  id: rows[peer].id,
  work: `${WORK} / ${rows[peer].peer}`,
  skipped: why,
});

async function measured(
  circumstances: Circumstances,
  postgres: Postgres,
): Promise<readonly Line[]> {
  const { quick, directory, progress } = circumstances;
  const emmett = installPeer('emmett-postgresql', circumstances);
  const env = { BENCH_POSTGRES_URL: postgres.url };
  const log = await SqliteEventLog.open({
    file: join(mkdtempSync(join(directory, 'postgres-')), 'log.db'),
    clock: () => Date.now(),
  });
  const children: Partial<Record<Peer, Child>> = {};
  try {
    if ('script' in emmett) children.emmett = await Child.start(emmett.script, { env });
    children.plain = await Child.start(
      new URL('../children/plain-postgres.child.js', import.meta.url),
      { env },
    );
    const writer = new LogWriter(log);
    const sliceMs = (quick ? 500 : 2_000) / SLICES;
    await writer.run(IN_FLIGHT, sliceMs);
    const lanes: Lane[] = [];
    for (const [name, child] of Object.entries(children))
      lanes.push(await fastest(name as Peer, child, sliceMs)); // the keys are peers

    const rounds = new Map<Peer, Round[]>(lanes.map(({ name }) => [name, []]));
    for (let round = 0; round < roundsOf(circumstances); round++) {
      const rates = await oneRound(writer, lanes, sliceMs);
      for (const { name } of lanes)
        rounds.get(name)?.push({ ours: rates.ours, beside: rates[name] });
      // prettier-ignore
      progress(`postgres: round ${round + 1}: ${Object.entries(rates).map(([name, rate]) => `${name} ${Math.round(rate)}/s`).join(', ')}`);
    }
    const line = ({ name, connections }: Lane): Line => ({
      id: rows[name].id,
      work: WORK,
      beside: `${name === 'emmett' && 'version' in emmett ? `Emmett ${emmett.version}` : 'plain pg inserts'} on ${postgres.name}`,
      unit: '/s',
      rounds: rounds.get(name) ?? [],
      target: { atLeast: rows[name].atLeast },
      notes: [
        `${connections} connections served it best of ${POOLS.join(', ')}; ${postgres.settings}`,
      ],
    });
    return [
      ...lanes.map(line),
      ...('failure' in emmett ? [skipped('emmett', emmett.failure)] : []),
    ];
  } finally {
    for (const child of Object.values(children)) await child.end();
    await log.close();
  }
}

interface Lane {
  readonly name: Peer;
  readonly connections: number;
  readonly run: (forMs: number) => Promise<number>;
}

async function fastest(name: Peer, child: Child, sliceMs: number): Promise<Lane> {
  let best: { readonly connections: number; readonly rate: number } | undefined;
  const run = (connections: number, forMs: number): Promise<number> =>
    child.ask('run', { inFlight: IN_FLIGHT, connections, forMs } satisfies PostgresLoad);
  for (const connections of POOLS) {
    await run(connections, sliceMs / 2);
    const rate = await run(connections, 2 * sliceMs);
    if (!best || rate > best.rate) best = { connections, rate };
  }
  const { connections } = best ?? { connections: POOLS[0] };
  return { name, connections, run: (forMs) => run(connections, forMs) };
}

async function oneRound(
  writer: LogWriter,
  lanes: readonly Lane[],
  sliceMs: number,
): Promise<Record<Peer | 'ours', number>> {
  const rates = { ours: 0, emmett: 0, plain: 0 };
  const ours = { name: 'ours' as const, run: (forMs: number) => writer.run(IN_FLIGHT, forMs) };
  const works = [ours, ...lanes];
  for (let slice = 0; slice < SLICES; slice++) {
    for (const { name, run } of slice % 2 ? works.toReversed() : works)
      rates[name] += (await run(sliceMs)) / SLICES;
  }
  return rates;
}
