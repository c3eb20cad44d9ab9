import type { Page, ReadAll, Subscribe, LoggedEvent } from './event-log.js';

/**
 * Wakes whoever follows the log: after a commit, or when the log is closed. Holds no events, so
 * slow followers cost nothing.
 */
export class CommitSignal {
  private turn = 0;
  private ended = false;
  private readonly sleepers = new Set<() => void>();

  /**
   * What to hand to `changedSince`: take it before reading, so that a commit in between is not
   * missed.
   */
  now(): number {
    return this.turn;
  }

  get closed(): boolean {
    return this.ended;
  }

  notify(): void {
    this.turn += 1;
    const woken = [...this.sleepers];
    this.sleepers.clear();
    for (const wake of woken) wake();
  }

  close(): void {
    this.ended = true;
    this.notify();
  }

  async changedSince(turn: number, signal: AbortSignal): Promise<void> {
    if (this.turn !== turn || this.ended || signal.aborted) return;
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
   * The same for so long at most. Unlike that of `AbortSignal.timeout`, this timer keeps the
   * process alive: a short command has nothing else that does while it waits.
   */
  async changedWithin(turn: number, withinMs: number): Promise<void> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), withinMs);
    await this.changedSince(turn, late.signal);
    clearTimeout(timer);
  }
}

/**
 * A subscription is reading pages until the head and waiting for the next commit, again and again:
 * nothing is buffered between the log and the consumer, so there is no hand-over that could leave a
 * gap or give an event twice.
 */
export async function* follow(
  readAll: (options: ReadAll) => AsyncIterable<Page>,
  commits: CommitSignal,
  { after, signal, ...filter }: Subscribe,
): AsyncIterable<Page> {
  let through = after;
  while (!signal.aborted && !commits.closed) {
    const turn = commits.now();
    try {
      for await (const page of readAll({ ...filter, after: through })) {
        if (signal.aborted) return;
        through = page.through;
        yield page;
      }
    } catch (error) {
      // A log that is closed between two pages ends the subscription as it ends one that waits.
      if (commits.closed) return;
      throw error;
    }
    await commits.changedSince(turn, signal);
  }
}

export type CommitListener = (events: readonly LoggedEvent[]) => void;

/**
 * Tells of commits. What is told is durable already, so a listener's defect must fail neither the
 * append nor the other listeners: it is thrown where the process's own handler of uncaught errors
 * sees it.
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

  tell(events: readonly LoggedEvent[]): void {
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
