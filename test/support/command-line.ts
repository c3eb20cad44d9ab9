import { spawn } from 'node:child_process';
import { join } from 'node:path';
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
  /** SIGKILL once it has run so long. */
  readonly killAfterMs?: number;
}

/** The built command line in a process of its own, its streams piped. */
export function sekisho(
  args: readonly string[],
  { dataDir, input = '', env = {}, killAfterMs }: RunOptions = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [join(root, 'dist/sekisho/main.js'), ...args], {
    cwd: root,
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      LC_ALL: '',
      LANG: 'en_US.UTF-8',
      NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'sekisho-compile'),
      ...(dataDir === undefined ? {} : { DATA_DIR: dataDir }),
      ...env,
    },
  });
  const ran = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (ran.stdout += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => (ran.stderr += String(chunk)));
  child.stdin.on('error', () => undefined); // it may end without having read
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
