/**
 * At most so many entries, the longest unused go first. Nothing is set aside for them in advance,
 * as the library `lru-cache` does: of these there are several a process, most of them nearly empty.
 */
export class LatestUsed<Key, Value> {
  private readonly entries = new Map<Key, Value>();

  constructor(private readonly atMost: number) {}

  has(key: Key): boolean {
    return this.entries.has(key);
  }

  get(key: Key): Value | undefined {
    const value = this.entries.get(key);
    if (value === undefined) return undefined;
    this.entries.delete(key);
    this.entries.set(key, value);
    return value;
  }

  set(key: Key, value: Value): void {
    this.entries.delete(key);
    this.entries.set(key, value);
    if (this.entries.size <= this.atMost) return;
    const { value: oldest, done } = this.entries.keys().next();
    if (!done) this.entries.delete(oldest);
  }

  delete(key: Key): void {
    this.entries.delete(key);
  }
}
