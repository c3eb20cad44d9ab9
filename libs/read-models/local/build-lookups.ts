import type { ReadModelStore, ProjectionBuild } from '../store.js';

/** Another process may be the projector; its commits send no signal to this process. */
const LOOK_EVERY_MS = 20;

/**
 * Reads the state of all builds, shared by all callers in this process: one read runs at a time,
 * and callers that wait for the next one are woken together. So the store is read about fifty times
 * a second, however many callers wait.
 */
export class BuildLookups {
  private looking: Promise<readonly ProjectionBuild[]> | undefined;
  private readonly sleepers = new Set<() => void>();
  private timer: NodeJS.Timeout | undefined;
  private rings = 0;

  constructor(private readonly store: ReadModelStore) {}

  /** The argument for `next`. Take it before reading, so that no commit in between is missed. */
  get commits(): number {
    return this.rings;
  }

  /** The builds now, or when the current read began. Since then they can only have advanced. */
  now(): Promise<readonly ProjectionBuild[]> {
    if (this.looking) return this.looking;
    const look = this.store.builds().finally(() => {
      if (this.looking === look) this.looking = undefined;
    });
    this.looking = look;
    return look;
  }

  /** Resolves when the builds should be read again. */
  async next(turn: number): Promise<void> {
    if (this.rings !== turn) return;
    this.timer ??= setTimeout(() => this.wake(), LOOK_EVERY_MS);
    await new Promise<void>((resolve) => {
      this.sleepers.add(resolve);
    });
  }

  /**
   * Wakes all waiting callers: rows were committed, or the read models are closing. A read that
   * began earlier does not include the commit, so the next caller starts a new one.
   */
  ring(): void {
    this.rings += 1;
    this.looking = undefined;
    this.wake();
  }

  private wake(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const woken = [...this.sleepers];
    this.sleepers.clear();
    for (const resume of woken) resume();
  }
}
