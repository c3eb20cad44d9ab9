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
