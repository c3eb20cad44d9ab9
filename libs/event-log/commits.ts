import type { Page, ReadAll, Subscribe, LoggedEvent } from './event-log.js';

/**
 * Wakes the subscriptions after a commit, or when the log is closed. Holds no events, so slow
 * subscribers cost nothing.
 */
export class CommitSignal {
  private commits = 0;
  private isClosed = false;
  private readonly sleepers = new Set<() => void>();

  /**
   * The argument for `changedSince`. Take it before reading, so that a commit in between is not
   * missed.
   */
  now(): number {
    return this.commits;
  }

  get closed(): boolean {
    return this.isClosed;
  }

  notify(): void {
    this.commits += 1;
    const woken = [...this.sleepers];
    this.sleepers.clear();
    for (const wake of woken) wake();
  }

  close(): void {
    this.isClosed = true;
    this.notify();
  }

  async changedSince(since: number, signal: AbortSignal): Promise<void> {
    if (this.commits !== since || this.isClosed || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.sleepers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.sleepers.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  /**
   * The same with a time limit. Unlike that of `AbortSignal.timeout`, this timer keeps the process
   * alive: a short command has nothing else that does so while it waits.
   */
  async changedWithin(since: number, withinMs: number): Promise<void> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), withinMs);
    await this.changedSince(since, late.signal);
    clearTimeout(timer);
  }
}

/**
 * A subscription reads pages up to the head and waits for the next commit, again and again. Nothing
 * is buffered between the log and the consumer, so no event is lost or delivered twice.
 */
export async function* follow(
  readAll: (options: ReadAll) => AsyncIterable<Page>,
  commits: CommitSignal,
  { after, signal, ...filter }: Subscribe,
): AsyncIterable<Page> {
  let through = after;
  while (!signal.aborted && !commits.closed) {
    const seen = commits.now();
    try {
      for await (const page of readAll({ ...filter, after: through })) {
        if (signal.aborted) return;
        through = page.through;
        yield page;
      }
    } catch (error) {
      // Closing the log between two pages ends the subscription, as it ends a waiting one.
      if (commits.closed) return;
      throw error;
    }
    await commits.changedSince(seen, signal);
  }
}

export type CommitListener = (events: readonly LoggedEvent[]) => void;

/**
 * Passes commits to listeners. The events are durable already, so an error of a listener must fail
 * neither the append nor the other listeners: it is thrown to the process's handler of uncaught
 * errors.
 */
export class CommitListeners {
  private readonly listeners = new Set<CommitListener>();

  add(listener: CommitListener): () => void {
    // The same function added twice is two listeners.
    const own: CommitListener = (events) => {
      listener(events);
    };
    this.listeners.add(own);
    return () => void this.listeners.delete(own);
  }

  publish(events: readonly LoggedEvent[]): void {
    if (events.length === 0) return;
    for (const listener of [...this.listeners]) {
      try {
        listener(events);
      } catch (defect) {
        queueMicrotask(() => {
          throw defect;
        });
      }
    }
  }
}
