import { type ChildProcess, fork, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import type { HostedAnswer, HostedCommand } from './command-line-host.js';
import { root } from './service.js';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly dataDir?: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface SpawnOptions extends RunOptions {
  /** Sends SIGKILL after this time. */
  readonly killAfterMs?: number;
}

/**
 * Runs the built command line in the host process of this test file, one command at a time. A
 * process that has already loaded the program needs a tenth of the time of a new one.
 */
export async function sekisho(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const before = running;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  running = promise;
  await before;
  try {
    return await hosted({ args, env: environment(options), input: options.input ?? '' });
  } finally {
    resolve(undefined);
  }
}

/** Runs the built command line in a separate process, with piped streams. */
export function spawnSekisho(
  args: readonly string[],
  { input = '', killAfterMs, ...options }: SpawnOptions = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [join(root, 'dist/sekisho/main.js'), ...args], {
    cwd: root,
    env: environment(options),
  });
  const ran = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (ran.stdout += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => (ran.stderr += String(chunk)));
  child.stdin.on('error', () => undefined); // the process may end before it reads its input
  child.stdin.end(input);
  const kill =
    killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) => {
      clearTimeout(kill);
      done({ code, ...ran });
    });
  });
}

let running: Promise<undefined> = Promise.resolve(undefined);
let host: ChildProcess | undefined;
afterAll(() => void host?.kill('SIGKILL'));

function hosted(command: HostedCommand): Promise<Ran> {
  host ??= fork(join(import.meta.dirname, 'command-line-host.ts'), { cwd: root, execArgv: [] });
  const { promise, resolve, reject } = Promise.withResolvers<Ran>();
  const ended = (code: number | null): void => {
    host = undefined;
    reject(new Error(`the host of the command line ended with ${String(code)}`));
  };
  host.once('exit', ended);
  host.once('message', (answer: HostedAnswer) => {
    host?.off('exit', ended);
    if ('failure' in answer) reject(new Error(answer.failure));
    else resolve(answer);
  });
  host.send(command);
  return promise;
}

const environment = ({ dataDir, env = {} }: RunOptions): Record<string, string | undefined> => ({
  ...process.env,
  NODE_OPTIONS: '',
  LC_ALL: '',
  LANG: 'en_US.UTF-8',
  NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'sekisho-compile'),
  ...(dataDir === undefined ? {} : { DATA_DIR: dataDir }),
  ...env,
});
