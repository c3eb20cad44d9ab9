import { once } from 'node:events';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { WireReadReply, WireReadRequest } from './wire.js';

export type ReadCall = ServerWritableStream<WireReadRequest, WireReadReply>;

/** Sends the messages of a read, no faster than the reader takes them. */
export class ReplyStream {
  readonly #gone = new AbortController();
  #isFull = false;

  constructor(readonly call: ReadCall) {
    call.on('cancelled', () => this.#gone.abort());
    call.on('drain', () => (this.#isFull = false));
  }

  get isGone(): boolean {
    return this.call.cancelled;
  }

  /** Aborts when the reader has gone away. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Waits for the promise, or until the reader has gone away. */
  async orGone(happening: Promise<unknown>): Promise<void> {
    if (this.isGone) return;
    let stop = (): void => undefined;
    const gone = new Promise<void>((resolve) => {
      this.gone.addEventListener('abort', () => resolve(), { once: true });
      stop = resolve;
    });
    await Promise.race([happening, gone]);
    stop();
  }

  /** Awaited when the reader is slower than the writer. */
  get room(): Promise<void> | undefined {
    return this.#isFull && !this.isGone ? this.#drained() : undefined;
  }

  send(message: WireReadReply): void {
    if (!this.isGone && !this.call.write(message)) this.#isFull = true;
  }

  async #drained(): Promise<void> {
    // gone away: nothing to wait for
    await once(this.call, 'drain', { signal: this.#gone.signal }).catch(() => undefined);
  }
}
