import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { backendOf } from './backend.js';
import { Client } from './client.js';

export const root = resolve(import.meta.dirname, '../..');
export type Role = 'order-entry' | 'auditor' | 'reporting' | 'operator' | 'metrics';

/** The environment of `npm start`, with a compile cache because tests start the service often. */
const usual = {
  NODE_OPTIONS: '',
  NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'sekisho-compile'),
  PORT: '0',
  HOST: '127.0.0.1',
  LOG_LEVEL: 'error',
  LANG: 'en_US.UTF-8',
};
/** The line in which a service or a projector prints its address. */
const up = /^(?:Listening|Projecting; health and metrics) on (http:\/\/[^\s]+)/m;
const UP_WITHIN_MS = 60_000;
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export interface ServiceOptions {
  /** By default a new directory, removed with the service. */
  readonly dataDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The command: the service, or a projector beside one. */
  readonly command?: 'serve' | 'projector';
}

/**
 * A service as an operator starts it: the built command line in a process and on a port of its own.
 */
export class Service {
  private readonly keys: Readonly<Record<string, string>>;

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    readonly dataDir: string,
    private readonly written: () => string,
  ) {
    this.keys = devKeys(dataDir);
  }

  static async start({
    dataDir: given,
    env = {},
    command = 'serve',
  }: ServiceOptions = {}): Promise<Service> {
    const isNew = given === undefined;
    const dataDir = given ?? newDataDir();
    const child = spawn(process.execPath, [join(root, 'dist/sekisho/main.js'), command], {
      cwd: root,
      env: { ...process.env, ...usual, DATA_DIR: dataDir, ...(await backendOf(dataDir)), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    let written = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (written += String(chunk)));

    const url = await new Promise<string>((answer, refuse) => {
      const late = setTimeout(
        () => refuse(new Error(`the service did not come up: ${written}`)),
        UP_WITHIN_MS,
      );
      child.once('exit', (code) => {
        clearTimeout(late);
        // Removes a new directory only: the caller owns a given one.
        if (isNew && !up.test(written)) rmSync(dataDir, { recursive: true, force: true });
        refuse(new Error(`the service ended with ${String(code)}: ${written}`));
      });
      child.stdout.on('data', () => {
        const found = up.exec(written)?.[1];
        if (found === undefined) return;
        clearTimeout(late);
        answer(found);
      });
    });
    return new Service(child, url, dataDir, () => written);
  }

  /** A client with the key that the first start wrote for this role. */
  as(role: Role): Client {
    return new Client(this.url, this.keyOf(role));
  }

  keyOf(role: Role): string {
    const key = this.keys[role];
    if (key === undefined) throw new Error(`${this.dataDir} has no key for ${role}`);
    return key;
  }

  withKey(key: string): Client {
    return new Client(this.url, key);
  }

  /** Null while the service runs. */
  get exitCode(): number | null {
    return this.child.exitCode;
  }

  /** Everything the process has written to its output. */
  output(): string {
    return this.written();
  }

  /** Sends SIGTERM. Returns the exit code and how long the process took to end. */
  async stop(): Promise<Ended> {
    return this.end('SIGTERM');
  }

  /** Sends SIGHUP: the service reads its key file again. */
  hangUp(): void {
    this.child.kill('SIGHUP');
  }

  async kill(): Promise<Ended> {
    return this.end('SIGKILL');
  }

  remove(): void {
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<Ended> {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null)
      return { code: child.exitCode, tookMs: 0 };
    const startedAtMs = performance.now();
    const ended = new Promise<number | null>((done) => child.once('exit', done));
    child.kill(signal);
    return { code: await ended, tookMs: performance.now() - startedAtMs };
  }
}

export interface Ended {
  readonly code: number | null;
  readonly tookMs: number;
}

export const newDataDir = (): string => mkdtempSync(join(tmpdir(), 'sekisho-scenario-'));

function devKeys(dataDir: string): Readonly<Record<string, string>> {
  try {
    return JSON.parse(readFileSync(join(dataDir, 'dev-keys.json'), 'utf8')) as Record<
      string,
      string
    >;
  } catch {
    // There are no development keys when authentication is configured.
    return {};
  }
}
