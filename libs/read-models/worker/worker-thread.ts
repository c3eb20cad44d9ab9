import { Worker } from 'node:worker_threads';
import type { ReadModelReporter } from '../report.js';
import type { FromWorker, ToWorker, WorkerStart } from './messages.js';

/**
 * A worker that fails again and again is a defect: it is restarted at most this often within a
 * minute.
 */
const MAX_RESTARTS_A_MINUTE = 5;
const FIRST_DELAY_MS = 100;
const MAX_CLOSE_MS = 2_000;

export interface WorkerThreadOptions {
  readonly start: WorkerStart;
  readonly report: ReadModelReporter;
  readonly answered: (message: Extract<FromWorker, { kind: 'answer' | 'failure' }>) => void;
  /** The thread has failed; its open requests get no answer. */
  readonly fell: (reason: string) => void;
  /** The compiled worker; by default the one beside this module. */
  readonly script?: URL;
}

/** The worker thread, which is restarted when it fails. */
export class WorkerThread {
  private worker: Worker | undefined;
  private restarts: readonly number[] = [];
  private restart: NodeJS.Timeout | undefined;
  private closing = false;
  private ended: () => void = () => undefined;

  constructor(private readonly options: WorkerThreadOptions) {
    this.begin();
  }

  get running(): boolean {
    return this.worker !== undefined;
  }

  post(message: ToWorker): void {
    this.worker?.postMessage(message);
  }

  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    clearTimeout(this.restart);
    if (!this.worker) return;
    const ended = new Promise<void>((resolve) => {
      this.ended = resolve;
    });
    this.post({ kind: 'close' });
    // Ends a long step, such as creating an index. It is one transaction, and is repeated after the
    // next start.
    const cutOff = setTimeout(() => void this.worker?.terminate(), MAX_CLOSE_MS);
    await ended;
    clearTimeout(cutOff);
  }

  private begin(): void {
    const script = this.options.script ?? new URL('./projection.worker.js', import.meta.url);
    const worker = new Worker(script, { name: 'projections', workerData: this.options.start });
    let reason = 'it ended without an error';
    worker.on('message', (message: FromWorker) => this.heard(message));
    worker.on('error', (error) => {
      reason = error.message;
    });
    worker.on('exit', () => this.exited(worker, reason));
    this.worker = worker;
  }

  private heard(message: FromWorker): void {
    if (message.kind === 'report') this.options.report(message.report);
    else if (message.kind !== 'closed') this.options.answered(message);
  }

  private exited(worker: Worker, reason: string): void {
    if (this.worker === worker) this.worker = undefined;
    this.options.fell(reason);
    if (this.closing) return this.ended();

    const now = Date.now();
    this.restarts = [...this.restarts.filter((at) => now - at < 60_000), now];
    if (this.restarts.length > MAX_RESTARTS_A_MINUTE)
      return this.options.report({ kind: 'worker-given-up', reason });
    this.options.report({ kind: 'worker-restarted', reason });
    this.restart = setTimeout(() => this.begin(), FIRST_DELAY_MS * 2 ** (this.restarts.length - 1));
  }
}
