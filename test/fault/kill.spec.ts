import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SqliteEventLog } from '../../libs/event-log/sqlite/sqlite-event-log.js';
import { all } from '../contract/sample-events.js';
import { compileScript } from './compiled-script.js';
import { LANES, laneStream, plannedAppend } from './writer-plan.js';
import { repeats } from '../support/repeats.js';

const KILLS = repeats('KILLS', { usual: 8, full: 50 });
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

/** mulberry32: SEED repeats the moments of the kills. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe(`a writer killed ${KILLS} times (SEED=${SEED})`, () => {
  let child: { readonly script: string; readonly folder: string };
  let directory: string;

  beforeAll(async () => {
    child = await compileScript('test/fault/writer.ts');
    directory = mkdtempSync(join(tmpdir(), 'sekisho-kill-'));
  });
  afterAll(() => {
    for (const folder of [child.folder, directory])
      rmSync(folder, { recursive: true, force: true });
  });

  it(
    'loses nothing that it acknowledged, and stores nothing twice',
    async () => {
      const file = join(directory, 'log.db');
      const next = random(SEED);
      const acknowledged = new Acknowledged();
      for (let kill = 0; kill < KILLS; kill++) {
        await runAndKill(child.script, file, acknowledged, {
          lines: 25 + Math.floor(next() * 50),
          delayMs: next() * 40,
        });
        // After the other kills, the next writer finds the log as the kill left it and recovers it.
        if (kill % 10 === 4 || kill === KILLS - 1) await compare(file, acknowledged);
      }
      expect(acknowledged.count).toBeGreaterThanOrEqual(KILLS * 20);
      expect(acknowledged.recognised).toBeGreaterThan(0);
    },
    60_000 + KILLS * 1_000,
  );
});

/**
 * The writers' acknowledgements: the next append of each lane, and the position of each append's
 * first event.
 */
class Acknowledged {
  readonly turns: number[] = Array.from({ length: LANES }, () => 0);
  readonly positions: number[][] = Array.from({ length: LANES }, () => []);
  count = 0;
  /**
   * Appends whose acknowledgement was lost with a kill, and which the log recognised when they were
   * repeated.
   */
  recognised = 0;

  take(line: string): void {
    const [lane, turn, position, repeated] = line.split(' ');
    expect(Number(turn)).toBe(this.turns[Number(lane)]);
    this.turns[Number(lane)]! += 1;
    this.positions[Number(lane)]!.push(Number(position));
    this.count += 1;
    if (repeated === 'true') this.recognised += 1;
  }
}

/**
 * Kills the writer during its work, on any machine: after this many acknowledged appends and a
 * random delay.
 */
async function runAndKill(
  script: string,
  file: string,
  acknowledged: Acknowledged,
  { lines, delayMs }: { readonly lines: number; readonly delayMs: number },
): Promise<void> {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(script, '../.compile-cache') };
  const writer = spawn(
    process.execPath,
    ['--no-warnings', script, file, JSON.stringify(acknowledged.turns)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env,
    },
  );
  let output = '';
  let count = 0;
  const worked = new Promise<void>((resolve) => {
    writer.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      count += text.split('\n').length - 1;
      if (count > lines) resolve();
    });
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    writer.on('close', (_code, signal) => resolve(signal)),
  );

  await Promise.race([worked, ended]);
  await delay(delayMs);
  writer.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
  // The kill may have cut the last line: it does not count.
  for (const line of output.split('\n').slice(1, -1)) acknowledged.take(line);
}

async function compare(file: string, acknowledged: Acknowledged): Promise<void> {
  const log = await SqliteEventLog.open({ file, clock: () => Date.now() });
  const events = await all(log);
  await log.close();

  expect(events.every(({ position }, place) => position === place)).toBe(true);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  for (let lane = 0; lane < LANES; lane++) {
    const own = events.filter(({ stream }) => stream === laneStream(lane));
    const planned = plannedThrough(lane, own.length);
    expect(own.map(({ id, revision, data }) => ({ id, revision, data }))).toEqual(
      planned.map(({ id, data }, revision) => ({ id, revision, data })),
    );
    for (const [turn, position] of acknowledged.positions[lane]!.entries()) {
      if (events[position]?.id !== plannedAppend(lane, turn).events[0]!.id)
        throw new Error(`lost: lane ${lane}, turn ${turn}, position ${position}`);
    }
  }
}

/**
 * The planned events up to the stream's length, which must be a whole number of appends: no append
 * is ever stored in part.
 */
function plannedThrough(
  lane: number,
  count: number,
): readonly { readonly id: string; readonly data: unknown }[] {
  const events: { readonly id: string; readonly data: unknown }[] = [];
  for (let turn = 0; events.length < count; turn++)
    events.push(...plannedAppend(lane, turn).events);
  expect(events).toHaveLength(count);
  return events;
}
