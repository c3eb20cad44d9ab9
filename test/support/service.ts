import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { backendOf } from './backend.js';
import { Client } from './client.js';

export const root = resolve(import.meta.dirname, '../..');
export type Role = 'order-entry' | 'auditor' | 'reporting' | 'operator' | 'metrics';

/** As `npm start` starts it; several tests start it many times. */
const usual = {
  NODE_OPTIONS: '',
  NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'sekisho-compile'),
  PORT: '0',
  HOST: '127.0.0.1',
  LOG_LEVEL: 'error',
  LANG: 'en_US.UTF-8',
};
/** A service says where it listens, a projector where it answers for itself. */
const up = /^(?:Listening|Projecting; health and figures) on (http:\/\/[^\s]+)/m;
const UP_WITHIN_MS = 60_000;
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export interface ServiceOptions {
  /** Left out: a new one, gone with the service. */
  readonly dataDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What is started: the service, or a projector beside one. */
  readonly verb?: 'serve' | 'projector';
}

/**
 * A service as an operator starts it: the built command line in a process of its own, on a port of
 * its own.
 */
export class Service {
  private readonly keys: Readonly<Record<string, string>>;

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    readonly dataDir: string,
    private readonly said: () => string,
  ) {
    this.keys = devKeys(dataDir);
  }

  static async start({
    dataDir: given,
    env = {},
    verb = 'serve',
  }: ServiceOptions = {}): Promise<Service> {
    const isNew = given === undefined;
    const dataDir = given ?? newDataDir();
    const child = spawn(process.execPath, [join(root, 'dist/sekisho/main.js'), verb], {
      cwd: root,
      env: { ...process.env, ...usual, DATA_DIR: dataDir, ...(await backendOf(dataDir)), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (said += String(chunk)));

    const url = await new Promise<string>((answer, refuse) => {
      const late = setTimeout(
        () => refuse(new Error(`the service did not come up: ${said}`)),
        UP_WITHIN_MS,
      );
      child.once('exit', (code) => {
        clearTimeout(late);
        // Only a directory that nothing was in before: what was given stays for whoever gave it.
        if (isNew && !up.test(said)) rmSync(dataDir, { recursive: true, force: true });
        refuse(new Error(`the service ended with ${String(code)}: ${said}`));
      });
      child.stdout.on('data', () => {
        const found = up.exec(said)?.[1];
        if (found === undefined) return;
        clearTimeout(late);
        answer(found);
      });
    });
    return new Service(child, url, dataDir, () => said);
  }

  /** Speaks for a role with the key that the first start wrote for it. */
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

  /** Null while it runs. */
  get exitCode(): number | null {
    return this.child.exitCode;
  }

  /** What it wrote to its output. */
  output(): string {
    return this.said();
  }

  /** SIGTERM; tells how it ended and how long it took. */
  async stop(): Promise<Ended> {
    return this.end('SIGTERM');
  }

  /** Asks it to read its key file again. */
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
    // With configured authentication there are none.
    return {};
  }
}
