import { setTimeout as delay } from 'node:timers/promises';
import { Child, type ChildPlan, type Ended } from './child.js';

export interface MemberPlan extends ChildPlan {
  readonly name: string;
  readonly isReady: () => Promise<boolean>;
  /** The exit code with which a process asks its supervisor to restart it. */
  readonly asksForRestart?: (ended: Ended) => boolean;
}

/** The process ended without a signal of the test. */
export interface UnexpectedEnd extends Ended {
  readonly member: string;
  readonly atMs: number;
}

const READY_WITHIN_MS = 90_000;
const STOPS_WITHIN_MS = 20_000;
const AGAIN_AFTER_MS = 500;

/**
 * One process of the deployment (a node of the log server, an API process, a projector) across its
 * restarts.
 */
export class Member {
  readonly unexpectedEnds: UnexpectedEnd[] = [];
  /** How often it asked for a restart. */
  restarts = 0;
  /** How often it was started: an observation before a restart does not hold after it. */
  life = 0;
  isPaused = false;
  /** Whether it has been ready since its last start, and the test has not ended it. */
  isUp = false;
  private child: Child | undefined;
  private isWanted = false;
  private starting: Promise<void> | undefined;

  constructor(private readonly plan: MemberPlan) {}

  get name(): string {
    return this.plan.name;
  }

  /**
   * Waits until it is ready. If it ends before (its stores may be down), it is started again, as
   * its supervisor would do.
   */
  start(): Promise<void> {
    this.isWanted = true;
    return (this.starting ??= this.startUntilReady().finally(() => (this.starting = undefined)));
  }

  private async startUntilReady(): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (this.isWanted && !(await this.startOnce(deadline))) await delay(AGAIN_AFTER_MS);
  }

  private async startOnce(deadline: number): Promise<boolean> {
    const child = new Child(this.plan);
    this.child = child;
    this.life += 1;
    while (child.isRunning && this.child === child) {
      if (await this.plan.isReady()) {
        this.isUp = true;
        void child.ended.then((ended) => this.noteEnd(child, ended));
        return true;
      }
      if (Date.now() > deadline)
        throw new Error(
          `${this.name} was not ready within ${READY_WITHIN_MS / 1000} s: see ${this.plan.outputFile}`,
        );
      await delay(100);
    }
    if (Date.now() > deadline)
      throw new Error(`${this.name} ends whenever it is started: see ${this.plan.outputFile}`);
    return false;
  }

  private noteEnd(child: Child, ended: Ended): void {
    if (child !== this.child || !this.isUp) return;
    this.isUp = false;
    if (this.plan.asksForRestart?.(ended)) {
      this.restarts += 1;
      this.start().catch((error: unknown) => console.error(error));
      return;
    }
    this.unexpectedEnds.push({ ...ended, member: this.name, atMs: Date.now() });
  }

  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** Sends SIGTERM, then SIGKILL if the process does not end. */
  async stop(): Promise<void> {
    const child = this.child;
    const lastResort = setTimeout(() => child?.signal('SIGKILL'), STOPS_WITHIN_MS);
    await this.end('SIGTERM');
    clearTimeout(lastResort);
  }

  pause(): void {
    this.isPaused = true;
    this.child?.signal('SIGSTOP');
  }

  resume(): void {
    this.isPaused = false;
    this.child?.signal('SIGCONT');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    this.isWanted = false;
    this.isUp = false;
    this.isPaused = false;
    this.child?.signal(signal);
    if (signal !== 'SIGKILL') this.child?.signal('SIGCONT');
    await this.child?.ended;
    // The caller of `start` gets the error.
    await this.starting?.catch(() => undefined);
  }
}
