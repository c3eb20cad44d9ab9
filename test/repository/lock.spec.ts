import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { root } from './tracked-files.js';

/**
 * Takes the lock, creates a file that must not exist, holds the lock for a while, removes the file
 * and prints a line.
 */
const contender = (lock: string, holdMs: number): string => `
  const { withLock } = await import(${JSON.stringify(pathToFileURL(join(root, 'scripts', 'lock.mjs')).href)});
  const { writeFileSync, rmSync } = await import('node:fs');
  const { setTimeout: sleep } = await import('node:timers/promises');
  await withLock(${JSON.stringify(lock)}, { waitMs: 15_000 }, async () => {
    writeFileSync(${JSON.stringify(`${lock}-inside`)}, '', { flag: 'wx' });
    console.log('inside');
    await sleep(${holdMs});
    rmSync(${JSON.stringify(`${lock}-inside`)});
  });
`;

describe('the lock of installs and builds', () => {
  let folder = '';
  let lock = '';
  let children: ChildProcess[] = [];

  const contend = (holdMs: number): ChildProcess => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', contender(lock, holdMs)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    return child;
  };
  const ended = (child: ChildProcess): Promise<number | null> =>
    new Promise((resolve) => child.once('close', resolve));
  const inside = (child: ChildProcess): Promise<void> =>
    new Promise((resolve) => child.stdout?.once('data', () => resolve()));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sekisho-lock-'));
    lock = join(folder, 'prepare.lock');
    children = [];
  });
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('admits one process at a time', async () => {
    expect(await Promise.all(Array.from({ length: 6 }, () => ended(contend(30))))).toEqual([
      0, 0, 0, 0, 0, 0,
    ]);
    expect(existsSync(lock)).toBe(false);
  });

  it('admits one process at a time when its owner was killed and several notice at once', async () => {
    const killed = contend(60_000);
    await inside(killed);
    killed.kill('SIGKILL');
    await ended(killed);
    rmSync(`${lock}-inside`);

    expect(await Promise.all(Array.from({ length: 6 }, () => ended(contend(30))))).toEqual([
      0, 0, 0, 0, 0, 0,
    ]);
    expect(
      readdirSync(folder).filter((name) => name.startsWith('prepare.lock.abandoned-')),
    ).toHaveLength(1);
  });

  it.each([
    ['waits for a worker that outlived its owner', process.pid, true],
    ['does not wait when the worker has ended too', 2 ** 22 + 1, false],
  ])('%s', async (_title, workerPid, waits) => {
    const killed = contend(60_000);
    await inside(killed);
    const owner = JSON.parse(readFileSync(join(lock, 'owner.json'), 'utf8')) as {
      readonly host: string;
    };
    killed.kill('SIGKILL');
    await ended(killed);
    rmSync(`${lock}-inside`);
    mkdirSync(lock, { recursive: true });
    writeFileSync(join(lock, 'worker.json'), JSON.stringify({ pid: workerPid, host: owner.host }));

    const next = contend(0);
    const first = await Promise.race([
      inside(next).then(() => 'inside'),
      new Promise((resolve) => setTimeout(resolve, 1_000, 'waiting')),
    ]);
    expect(first).toBe(waits ? 'waiting' : 'inside');
  });
});
