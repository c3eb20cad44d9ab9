import { randomBytes } from 'node:crypto';
import {
  type StoredKey,
  type KeyName,
  KeysDiffer,
  KeyStore,
  type SubjectKey,
  type UnfinishedErasure,
} from './key-store.js';

interface Entry extends KeyName {
  key: Buffer | undefined;
  marked: boolean;
  settled: boolean;
  orderedBy?: string;
}

/** Keys in memory, for a log in memory. */
export class MemoryKeyStore extends KeyStore {
  private readonly entries: Entry[] = [];

  constructor(private readonly newKey: (generation: number) => Buffer = () => randomBytes(32)) {
    super();
  }

  async ensure(subject: string): Promise<SubjectKey> {
    const present = this.of(subject).find(({ marked, key }) => !marked && key);
    if (present?.key) return { subject, generation: present.generation, key: present.key };
    const generation = Math.max(0, ...this.of(subject).map((entry) => entry.generation)) + 1;
    const key = this.newKey(generation);
    this.entries.push({ subject, generation, key, marked: false, settled: false });
    return { subject, generation, key };
  }

  async find(subject: string, generation: number): Promise<SubjectKey | undefined> {
    const key = this.entry({ subject, generation })?.key;
    return key && { subject, generation, key };
  }

  async generations(subject: string): Promise<readonly number[]> {
    return this.of(subject).flatMap(({ generation, settled }) => (settled ? [] : [generation]));
  }

  async mark(name: KeyName, orderedBy?: string): Promise<void> {
    const entry = this.entry(name);
    if (entry) Object.assign(entry, { marked: true, orderedBy: entry.orderedBy ?? orderedBy });
  }

  async unfinished(): Promise<readonly UnfinishedErasure[]> {
    return this.entries
      .filter(({ marked, settled }) => marked && !settled)
      .map(({ subject, generation, orderedBy }) => ({
        subject,
        generation,
        ...(orderedBy === undefined ? {} : { orderedBy }),
      }));
  }

  async destroy(keys: readonly KeyName[]): Promise<void> {
    for (const name of keys) {
      const entry = this.entry(name);
      if (entry)
        Object.assign(entry, {
          marked: true,
          settled: entry.settled && !entry.key,
          key: undefined,
        });
    }
  }

  async settle(name: KeyName): Promise<void> {
    const entry = this.entry(name);
    if (entry && !entry.key) entry.settled = true;
  }

  async *all(): AsyncIterable<StoredKey> {
    for (const { subject, generation, key, marked, settled } of this.entries)
      yield { subject, generation, key, marked, settled };
  }

  async adopt(kept: StoredKey): Promise<void> {
    const there = this.entry(kept);
    if (!there) this.entries.push({ ...kept });
    else if (there.key && kept.key && !there.key.equals(kept.key)) throw new KeysDiffer(kept);
  }

  async close(): Promise<void> {
    // Nothing is open.
  }

  private of(subject: string): readonly Entry[] {
    return this.entries.filter((entry) => entry.subject === subject);
  }

  private entry({ subject, generation }: KeyName): Entry | undefined {
    return this.entries.find(
      (entry) => entry.subject === subject && entry.generation === generation,
    );
  }
}
