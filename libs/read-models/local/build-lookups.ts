import type { ReadModelStore, ProjectionBuild } from '../store.js';

/** Another process may be the one that projects: its commits ring no bell here. */
const LOOK_EVERY_MS = 20;

/**
 * Looks at where the runs stand, for all who ask in this process: one look is under way at a time,
 * and those who wait for the next are woken together. However many wait, the store is asked some
 * fifty times a second.
 */
export class BuildLookups {
  private looking: Promise<readonly ProjectionBuild[]> | undefined;
  private readonly sleepers = new Set<() => void>();
  private timer: NodeJS.Timeout | undefined;
  private rings = 0;

  constructor(private readonly store: ReadModelStore) {}

  /** What to hand to `next`: take it before looking, so that a ring in between is not missed. */
  get commits(): number {
    return this.rings;
  }

  /**
   * The runs as they are, or were when the look that is under way began: they may have moved on,
   * and only on.
   */
  now(): Promise<readonly ProjectionBuild[]> {
    if (this.looking) return this.looking;
    const look = this.store.builds().finally(() => {
      if (this.looking === look) this.looking = undefined;
    });
    this.looking = look;
    return look;
  }

  /** Resolves when it is time to look again. */
  async next(turn: number): Promise<void> {
    if (this.rings !== turn) return;
    this.timer ??= setTimeout(() => this.wake(), LOOK_EVERY_MS);
    await new Promise<void>((resolve) => {
      this.sleepers.add(resolve);
    });
  }

  /**
   * Now: rows have been committed, or there is nothing to wait for any more. A look that began
   * before tells nothing of it.
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
