import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { replayable } from '../children/bare-http.js';
import { Child } from '../children/child.js';
import { openPlainNest, type PlainNest } from '../children/plain-nest.js';
import type { NoPostgresHere } from '../children/postgres.js';
import { profileArgs } from '../children/profile.js';
import { projectionLag, type Service, startService } from '../children/service.js';
import { LoadGenerator, type Measured, type Server } from '../load/measured-load.js';
import { type Comparison, type Line, median } from '../report/comparison.js';
import { counted } from '../report/progress.js';
import { furnish, populate } from '../world/world.js';
import { type Circumstances, roundsOf } from './chapter.js';

const CONNECTIONS = 64;

const WORK = 'POST /v1/orders, 64 connections';

type Name = 'bare' | 'ours' | 'storeOff' | 'oneTransaction';
/** The plain service runs only if there is a PostgreSQL server. */
type Round = Readonly<Record<Name, Measured>> & { readonly plainNest?: Measured };

/**
 * `POST /v1/orders` over 64 connections and 10,000 customers: the service, the service without
 * parts of its store, bare node:http, and a plain service that inserts.
 */
export async function ordersChapter(circumstances: Circumstances): Promise<readonly Line[]> {
  const { quick, progress } = circumstances;
  const customers = quick ? 1_000 : 10_000;
  const forMs = quick ? 1_000 : 3_000;
  const opened = await openServers(circumstances, customers);
  const { servers, services, bare, plainNest } = opened;
  const child = await Child.start(new URL('../load/load.child.js', import.meta.url));
  const generator = new LoadGenerator(child, { connections: CONNECTIONS, customers });
  try {
    progress('orders: warming up');
    await bare.ask('answer', replayable(await generator.warmUp(servers.ours)));
    const loaded: Readonly<Record<string, Server>> =
      'server' in plainNest ? { ...servers, plainNest: plainNest.server } : servers;
    for (const [name, server] of Object.entries(loaded))
      if (name !== 'ours') await generator.warmUp(server);

    const measured: Round[] = [];
    for (let round = 0; round < roundsOf(circumstances); round++) {
      const one = (await generator.round(loaded, forMs)) as Round; // of each server that was given
      measured.push(one);
      // prettier-ignore
      progress(`orders: round ${round + 1}: ${Object.entries(one).map(([name, { perSecond }]) => `${name} ${Math.round(perSecond)}/s`).join(', ')}`);
    }
    return [
      ...rowsOf(measured, await projectionLag(services.ours)),
      plainNestRow(measured, plainNest),
    ];
  } finally {
    await child.end();
    await opened.end();
  }
}

async function openServers(circumstances: Circumstances, customers: number) {
  const { directory, progress } = circumstances;
  const folder = (name: string): string => join(directory, `orders-${name}`);
  const report = (what: string) => counted(progress, `orders: populating ${what}`, customers * 3);
  mkdirSync(folder('ours'));
  const first = await startService(folder('ours'));
  await furnish(first.url, first.tokens.operator);
  await populate(first.url, first.tokens.orderEntry, { customers }, report('the log'));
  await first.end();
  cpSync(folder('ours'), folder('one-transaction'), { recursive: true });

  const ours = await startService(folder('ours'), { nodeArgs: profileArgs('ours') });
  const oneTransaction = await startService(folder('one-transaction'), {
    env: { BENCH_ONE_TRANSACTION: '1' },
  });
  const storeOff = await startService(folder('store-off'), {
    env: { EVENT_LOG: 'memory', BENCH_NO_PROJECTIONS: '1' },
    nodeArgs: profileArgs('store-off'),
  });
  await furnish(storeOff.url, storeOff.tokens.operator);
  await populate(
    storeOff.url,
    storeOff.tokens.orderEntry,
    { customers },
    report('the service without a store'),
  );
  const bare = await Child.start<{ url: string }>(
    new URL('../children/bare-http.child.js', import.meta.url),
  );

  const plainNest = await openPlainNest(circumstances);
  const services = { ours, oneTransaction, storeOff };
  const serverOf = ({ url, tokens, usage }: Service): Server => ({
    url,
    token: tokens.orderEntry,
    usage,
  });
  const servers: Readonly<Record<Name, Server>> = {
    ours: serverOf(ours),
    oneTransaction: serverOf(oneTransaction),
    storeOff: serverOf(storeOff),
    bare: { url: bare.ready.url, token: ours.tokens.orderEntry, usage: () => bare.ask('usage') },
  };
  const end = async (): Promise<void> => {
    for (const ended of [ours, oneTransaction, storeOff, bare]) await ended.end();
    if ('server' in plainNest) await plainNest.end();
  };
  return { services, servers, bare, plainNest, end };
}

function rowsOf(measured: readonly Round[], lag: number): readonly Comparison[] {
  const rates = (beside: Name): Comparison['rounds'] =>
    measured.map((round) => ({ ours: round.ours.perSecond, beside: round[beside].perSecond }));
  // prettier-ignore
  const micros = (name: Name, part: 'allMicros' | 'mainMicros' | 'generatorMicros'): string => `${Math.round(median(measured.map((round) => round[name][part])))} µs`;
  return [
    {
      id: 'orders-bare-http',
      work: WORK,
      beside: 'bare node:http, same answer',
      unit: '/s',
      rounds: rates('bare'),
      target: { atLeast: 0.2 },
      notes: [
        `processor time for an order: main thread ${micros('ours', 'mainMicros')}, the whole process with its projections ${micros('ours', 'allMicros')}; bare node:http ${micros('bare', 'mainMicros')}; the generator ${micros('ours', 'generatorMicros')} and ${micros('bare', 'generatorMicros')}`,
        `the answer has ${measured[0]?.ours.sample.body.length} bytes, the request ${measured[0]?.ours.requestBytes}; after the last round the projections were ${lag} events behind`,
      ],
    },
    {
      id: 'orders-store-off',
      work: WORK,
      beside: 'log in memory, nothing projected',
      unit: '/s',
      rounds: rates('storeOff'),
      target: { atLeast: 0.8 },
      notes: [
        `processor time without a store: main thread ${micros('storeOff', 'mainMicros')}, whole process ${micros('storeOff', 'allMicros')}`,
      ],
    },
    {
      id: 'orders-group-commit',
      work: WORK,
      beside: 'one transaction a request',
      unit: '/s',
      rounds: rates('oneTransaction'),
      target: { atLeast: 5 },
    },
    {
      id: 'orders-latency',
      work: 'p99 of an order',
      beside: 'p50',
      unit: 'ms',
      rounds: measured.map(({ ours }) => ({ ours: ours.p99Ms, beside: ours.p50Ms })),
      target: { atMost: 4 },
    },
  ];
}

function plainNestRow(measured: readonly Round[], plainNest: PlainNest | NoPostgresHere): Line {
  const id = 'orders-plain-nest';
  const beside = 'plain NestJS that inserts a row';
  if ('absent' in plainNest) return { id, work: `${WORK} / ${beside}`, skipped: plainNest.absent };
  const rounds = measured.map(({ ours, plainNest: inserted }) => ({
    ours: ours.perSecond,
    beside: inserted?.perSecond ?? NaN,
  }));
  return {
    id,
    work: WORK,
    beside: `${beside} in ${plainNest.postgres}, no gate`,
    unit: '/s',
    rounds,
  };
}
