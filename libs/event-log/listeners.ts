import type { LoggedEvent } from './event-log.js';

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
