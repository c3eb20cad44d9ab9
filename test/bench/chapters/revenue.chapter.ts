import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PartnerId, partnerId } from '../../../libs/domain/shared/ids.js';
import type { LogReader, Position } from '../../../libs/event-log/event-log.js';
import { SqliteEventLog } from '../../../libs/event-log/sqlite/sqlite-event-log.js';
import { openLocal } from '../../../libs/read-models/local/open-local.js';
import { readModelsFileOf } from '../../../libs/read-models/sqlite/open-sqlite-stores.js';
import { SqliteReadModelStore } from '../../../libs/read-models/sqlite/sqlite-read-model-store.js';
import { projected, type Service, startService } from '../children/service.js';
import { bodyOf, Connection } from '../load/connection.js';
import { bearer, request } from '../load/requests.js';
import { type Comparison, median, type Round } from '../report/comparison.js';
import { counted } from '../report/progress.js';
import { importRevenue, LAST_DAY, recordRevenue } from '../revenue-log.js';
import { type Circumstances, roundsOf } from './chapter.js';

const LARGE = partnerId('large');
const SMALL = partnerId('small');
const SMALL_ENTRIES = 1_000;
/** Each partner records and pays this many entries after the imports. */
const RECORDED = 200;
const ANSWERS = 50;

/**
 * Trailing revenue over HTTP of a partner with a million entries and of one with a thousand; and
 * the rate of their projection.
 */
export async function revenueChapter(circumstances: Circumstances): Promise<readonly Comparison[]> {
  const { quick, cache, progress } = circumstances;
  const entries = quick ? 100_000 : 1_000_000;
  const dataDir = join(cache, `revenue-of-${entries}`);
  await prepare(dataDir, entries, progress);
  const projection = await projectAnew(dataDir, entries, progress);

  const service = await startService(dataDir);
  try {
    await projected(service);
    const { now, past } = await measure(
      service,
      roundsOf(circumstances),
      projection.head - 4 * RECORDED,
      progress,
    );
    const many = entries.toLocaleString('en-US');
    const few = SMALL_ENTRIES.toLocaleString('en-US');
    return [
      { id: 'revenue', work: `trailing revenue of a partner with ${many} entries over five years: p50`, beside: `of one with ${few}`, unit: 'ms', rounds: now, target: { atMost: 3 } },
      { id: 'revenue-known-at', work: 'the same, as known before the last events', beside: `of one with ${few}`, unit: 'ms', rounds: past },
      { id: 'revenue-projection', work: 'rows of revenue imports projected, with all else that follows the log', beside: 'reading and JSON-parsing them', unit: '/s', rounds: [projection.rates], notes: [`${many} rows, one thread; at most ${projection.memoryMiB} MiB resident`] },
    ]; // prettier-ignore
  } finally {
    await service.end();
  }
}

/**
 * Creates the log once, because it takes a minute: two partners, their imports, and their own
 * entries.
 */
async function prepare(
  dataDir: string,
  entries: number,
  progress: Circumstances['progress'],
): Promise<void> {
  const stamp = join(dataDir, 'filled');
  if (existsSync(stamp)) return;
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dataDir, { recursive: true });
  const service = await startService(dataDir);
  for (const partner of [LARGE, SMALL]) await register(service, partner);
  await service.end();

  const log = await SqliteEventLog.open({ file: logFileOf(dataDir), clock: Date.now });
  try {
    await importRevenue(
      log,
      [LARGE],
      entries,
      counted(progress, 'revenue: writing entries', entries),
    );
    await importRevenue(log, [SMALL], SMALL_ENTRIES);
    for (const partner of [LARGE, SMALL]) await recordRevenue(log, partner, RECORDED);
  } finally {
    await log.close();
  }
  writeFileSync(stamp, '');
}

async function register({ url, tokens }: Service, partner: PartnerId): Promise<void> {
  const connection = await Connection.open(url);
  const body = JSON.stringify({
    legalName: `${partner} K.K.`,
    country: 'JP',
    model: 'indirect-reseller',
  });
  const answered = await connection.send(
    request('PUT', `/v1/partners/${partner}`, bearer(tokens.operator), body),
  );
  connection.close();
  if (answered.status !== 201)
    throw new Error(`a partner was answered ${answered.status}: ${bodyOf(answered)}`);
}

interface Projected {
  readonly head: Position;
  /** Rows per second. */
  readonly rates: Round;
  readonly memoryMiB: number;
}

/** Fills new read models, which the service then uses. */
async function projectAnew(
  dataDir: string,
  entries: number,
  progress: Circumstances['progress'],
): Promise<Projected> {
  for (const suffix of ['', '-wal', '-shm'])
    rmSync(`${readModelsFileOf(dataDir)}${suffix}`, { force: true });
  const log = await SqliteEventLog.openReader({ file: logFileOf(dataDir) });
  let residentBytes = 0;
  const watch = setInterval(() => {
    residentBytes = Math.max(residentBytes, process.memoryUsage.rss());
  }, 50);
  try {
    const beside = await rate(entries, () => readAll(log));
    const ours = await rate(entries, () => project(dataDir, log));
    progress(`revenue: projected ${Math.round(ours)} rows/s, read ${Math.round(beside)} rows/s`);
    return {
      head: await log.head(),
      rates: { ours, beside },
      memoryMiB: Math.round(residentBytes / 2 ** 20),
    };
  } finally {
    clearInterval(watch);
    await log.close();
  }
}

async function rate(entries: number, work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (entries / (performance.now() - began)) * 1000;
}

async function readAll(log: LogReader): Promise<void> {
  let seen = 0;
  for await (const page of log.readAll({ after: -1 })) {
    seen += page.events.length;
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (seen === 0) throw new Error('nothing was read');
}

async function project(dataDir: string, log: LogReader): Promise<void> {
  const store = SqliteReadModelStore.open(readModelsFileOf(dataDir));
  const { readModels } = openLocal({
    log,
    store,
    project: true,
    holder: 'bench',
    report: () => undefined,
  });
  await readModels.waitFor(await log.head(), 600_000);
  await readModels.close();
}

/**
 * Alternates three queries, one at a time: as of the last day, as known now, and as known before
 * the partners' own entries.
 */
async function measure(
  service: Service,
  rounds: number,
  before: Position,
  progress: Circumstances['progress'],
) {
  const connection = await Connection.open(service.url);
  const ask = async (partner: PartnerId, knownAt: string): Promise<number> => {
    const path = `/v1/partners/${partner}/trailing-revenue?asOf=${LAST_DAY}${knownAt}`;
    const text = request('GET', path, bearer(service.tokens.operator));
    const began = performance.now();
    const answered = await connection.send(text);
    const ms = performance.now() - began;
    if (answered.status !== 200)
      throw new Error(`trailing revenue was answered ${answered.status}: ${bodyOf(answered)}`);
    return ms;
  };
  const round = async (knownAt: string): Promise<Round> => {
    const times = { ours: [] as number[], beside: [] as number[] };
    for (let turn = 0; turn < ANSWERS; turn++) {
      times.ours.push(await ask(LARGE, knownAt));
      times.beside.push(await ask(SMALL, knownAt));
    }
    return { ours: median(times.ours), beside: median(times.beside) };
  };
  const past = `&knownAt=${before}`;
  for (const knownAt of ['', past]) await round(knownAt);
  const measured: { now: Round[]; past: Round[] } = { now: [], past: [] };
  for (let number = 0; number < rounds; number++) {
    measured.now.push(await round(''));
    measured.past.push(await round(past));
    progress(
      `revenue: round ${number + 1}: ${JSON.stringify({ now: measured.now.at(-1), past: measured.past.at(-1) })}`,
    );
  }
  connection.close();
  return measured;
}

const logFileOf = (dataDir: string): string => join(dataDir, 'log.db');
