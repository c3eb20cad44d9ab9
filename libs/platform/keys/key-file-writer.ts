import { Worker } from 'node:worker_threads';
import type { KeyFileOptions, KeyWrite, KeyWriteAnswer, KeyWriteAsked } from './key-file.worker.js';
import { ErasurePending, KeysUnavailable } from './key-store.js';

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * The thread that writes the key file. It starts with the first write, so a command that only reads
 * needs none.
 */
export class KeyFileWriter {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 0;
  private closed = false;

  constructor(private readonly options: KeyFileOptions) {}

  private get path(): string {
    return this.options.path;
  }

  /** Throws ErasurePending, or KeysUnavailable if the file cannot be written now. */
  perform(write: KeyWrite): Promise<void> {
    if (this.closed) return Promise.reject(new KeysUnavailable(`${this.path} has been closed`));
    return this.ask(write);
  }

  /** Earlier writes are completed first. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    const { worker } = this;
    if (!worker) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    // A thread that has just failed does not answer; only its end is waited for.
    await this.ask({ kind: 'close' }).catch(() => undefined);
    await ended;
  }

  private ask(write: KeyWrite): Promise<void> {
    return new Promise((resolve, reject) => {
      const worker = (this.worker ??= this.begin());
      const id = this.nextId++;
      this.waiting.set(id, { resolve, reject });
      // The thread keeps the process alive only while a write waits for it.
      worker.ref();
      worker.postMessage({ id, write } satisfies KeyWriteAsked);
    });
  }

  private begin(): Worker {
    const worker = new Worker(script, {
      name: 'keys',
      workerData: this.options,
      trackUnmanagedFds: false,
    });
    let reason = 'it ended without an error';
    worker.on('message', (answer: KeyWriteAnswer) => this.answered(worker, answer));
    worker.on('error', (error) => (reason = error.message));
    worker.on('exit', () => this.ended(worker, reason));
    return worker;
  }

  private answered(worker: Worker, answer: KeyWriteAnswer): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (this.waiting.size === 0 && !this.closed) worker.unref();
    if (!answer.done)
      waiting?.reject(new KeysUnavailable(`${this.path} cannot be written: ${answer.reason}`));
    else if (answer.remains !== undefined)
      waiting?.reject(new ErasurePending(`${this.path}: ${answer.remains}`));
    else waiting?.resolve();
  }

  /** The next write starts another thread. */
  private ended(worker: Worker, reason: string): void {
    if (this.worker === worker) this.worker = undefined;
    for (const { reject } of this.waiting.values())
      reject(new KeysUnavailable(`the thread that writes ${this.path} has ended: ${reason}`));
    this.waiting.clear();
  }
}

/** Node runs the compiled file, or, in tests, the source, whose types it strips. */
const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const script = new URL(`./key-file.worker.${ending}`, import.meta.url);
