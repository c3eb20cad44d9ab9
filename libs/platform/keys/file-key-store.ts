import { KeyFile } from './key-file.js';
import { KeyFileWriter } from './key-file-writer.js';
import {
  type StoredKey,
  type KeyName,
  KeysDiffer,
  KeyStore,
  type SubjectKey,
  type UnfinishedErasure,
} from './key-store.js';

/** More than one attempt is needed only if keys are marked as fast as they are made. */
const MAX_ATTEMPTS = 10;
const WRITE_WITHIN_MS = 2_000;

/**
 * Keys in a separate file (mode 0600), beside the log and never in it, so that a copy of the log
 * reveals nothing about people. This thread reads the file and another writes it, so no lock or
 * reader of another process delays this one.
 */
export class FileKeyStore extends KeyStore {
  private constructor(
    private readonly file: KeyFile,
    private readonly writer: KeyFileWriter,
  ) {
    super();
  }

  static open(path: string, { writeWithinMs = WRITE_WITHIN_MS } = {}): FileKeyStore {
    return new FileKeyStore(new KeyFile(path), new KeyFileWriter({ path, writeWithinMs }));
  }

  async ensure(subject: string): Promise<SubjectKey> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const present = this.file.present(subject);
      if (present) return present;
      await this.writer.perform({ kind: 'make', subject });
    }
    throw new Error(`the key of ${subject} was marked each time that it was made`);
  }

  async find(subject: string, generation: number): Promise<SubjectKey | undefined> {
    return this.file.find(subject, generation);
  }

  async generations(subject: string): Promise<readonly number[]> {
    return this.file.generations(subject);
  }

  async mark(key: KeyName, orderedBy?: string): Promise<void> {
    await this.writer.perform({ kind: 'mark', key, orderedBy });
  }

  async unfinished(): Promise<readonly UnfinishedErasure[]> {
    return this.file.unfinished();
  }

  async destroy(keys: readonly KeyName[]): Promise<void> {
    if (keys.length > 0) await this.writer.perform({ kind: 'destroy', keys });
  }

  async settle(key: KeyName): Promise<void> {
    await this.writer.perform({ kind: 'settle', key });
  }

  async *all(): AsyncIterable<StoredKey> {
    yield* this.file.kept();
  }

  async adopt(kept: StoredKey): Promise<void> {
    await this.writer.perform({ kind: 'adopt', kept });
    const there = this.file.find(kept.subject, kept.generation);
    if (there && kept.key && !there.key.equals(kept.key)) throw new KeysDiffer(kept);
  }

  async close(): Promise<void> {
    await this.writer.close();
    this.file.close();
  }
}
