import {
  type StoredKey,
  type KeyName,
  KeyStore,
  type SubjectKey,
  type UnfinishedErasure,
} from './key-store.js';

/**
 * The keys of a store to which they were migrated from a file that still exists: a destroyed key
 * must not survive in the file.
 */
export class MigratedKeyStore extends KeyStore {
  constructor(
    private readonly keys: KeyStore,
    private readonly leftFile: KeyStore,
  ) {
    super();
  }

  async destroy(keys: readonly KeyName[]): Promise<void> {
    await this.keys.destroy(keys);
    await this.leftFile.destroy(keys);
  }

  async settle(key: KeyName): Promise<void> {
    await this.leftFile.settle(key);
    await this.keys.settle(key);
  }

  ensure(subject: string): Promise<SubjectKey> {
    return this.keys.ensure(subject);
  }

  find(subject: string, generation: number): Promise<SubjectKey | undefined> {
    return this.keys.find(subject, generation);
  }

  generations(subject: string): Promise<readonly number[]> {
    return this.keys.generations(subject);
  }

  mark(key: KeyName, orderedBy?: string): Promise<void> {
    return this.keys.mark(key, orderedBy);
  }

  unfinished(): Promise<readonly UnfinishedErasure[]> {
    return this.keys.unfinished();
  }

  all(): AsyncIterable<StoredKey> {
    return this.keys.all();
  }

  adopt(kept: StoredKey): Promise<void> {
    return this.keys.adopt(kept);
  }

  async close(): Promise<void> {
    await this.leftFile.close();
    await this.keys.close();
  }
}
