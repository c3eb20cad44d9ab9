import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

export interface ChildPlan {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The file to which the output is appended. */
  readonly outputFile: string;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const running = new Set<Child>();
process.once('exit', () => {
  for (const child of running) child.signal('SIGKILL');
});

/**
 * A process of this run, the first of a process group: a signal also reaches the processes that a
 * wrapping script started.
 */
export class Child {
  readonly ended: Promise<Ended>;
  private readonly child: ChildProcess;

  constructor({ command, args, env, cwd, outputFile }: ChildPlan) {
    const output = openSync(outputFile, 'a');
    try {
      this.child = spawn(command, args, {
        cwd,
        env,
        detached: true,
        stdio: ['ignore', output, output],
      });
    } finally {
      closeSync(output);
    }
    running.add(this);
    this.ended = new Promise((resolve) => {
      const settle = (ended: Ended): void => {
        running.delete(this);
        resolve(ended);
      };
      // A command that cannot be started has no process to end. Its readiness never comes, and its
      // output does not say why.
      this.child.once('error', (error) => {
        console.error(`${command}: ${error.message}`);
        settle({ code: null, signal: null });
      });
      this.child.once('exit', (code, signal) => settle({ code, signal }));
    });
  }

  get isRunning(): boolean {
    return running.has(this);
  }

  /** Sends a signal to the whole group, by its id. */
  signal(signal: NodeJS.Signals): void {
    if (this.child.pid === undefined || !this.isRunning) return;
    try {
      process.kill(-this.child.pid, signal);
    } catch (error) {
      // it has just ended by itself
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
