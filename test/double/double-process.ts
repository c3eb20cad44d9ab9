import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { compileScript } from '../fault/compiled-script.js';
import type { Commands } from './control.js';

/**
 * A double in its own process, which a test can kill and pause like a server, and to which it sends
 * faults over its control port.
 */
export class DoubleProcess {
  static async start(...flags: readonly string[]): Promise<DoubleProcess> {
    const { script, folder } = await compileScript('test/double/main.ts');
    cpSync(resolve(import.meta.dirname, 'protos'), join(folder, 'test/double/protos'), {
      recursive: true,
    });
    const child = spawn(process.execPath, ['--no-warnings', script, ...flags], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const line = await Promise.race([firstLine(child), endOf(child)]);
    const { url, controlUrl } = JSON.parse(line) as {
      readonly url: string;
      readonly controlUrl: string;
    }; // what main.ts prints
    return new DoubleProcess(child, folder, url, controlUrl);
  }

  private constructor(
    readonly child: ChildProcess,
    private readonly folder: string,
    readonly url: string,
    readonly controlUrl: string,
  ) {}

  /** Sends a command to the double over its control port. */
  async send<Name extends keyof Commands>(
    name: Name,
    ...[ask]: Parameters<Commands[Name]>
  ): Promise<Awaited<ReturnType<Commands[Name]>>> {
    const response = await fetch(`${this.controlUrl}/${name}`, {
      method: 'POST',
      body: JSON.stringify(ask ?? {}),
    });
    if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`);
    // the other side of the same interface
    return (await response.json()) as Awaited<ReturnType<Commands[Name]>>;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGKILL');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  // what a line event carries
  const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
  return line;
}

async function endOf(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null]; // what an exit event carries
  throw new Error(`the double ended with ${code} before it listened`);
}
