import { hkdfSync } from 'node:crypto';

/** The name of one generation of a subject's key. */
export interface KeyName {
  /** `customer:<tenantId>` or `partner:<partnerId>`. */
  readonly subject: string;
  readonly generation: number;
}

/**
 * One generation of a subject's key: 32 random bytes. A new generation is made after an erasure.
 */
export interface SubjectKey extends KeyName {
  readonly key: Buffer;
}

/** An ordered erasure whose key may still exist, or whose completion is not in the log yet. */
export interface UnfinishedErasure extends KeyName {
  /** The actor that ordered it; undefined if a release that did not store it received the order. */
  readonly orderedBy?: string;
}

/** A stored generation, for transfer to another store. */
export interface StoredKey extends KeyName {
  /** Undefined: the key was destroyed; its number is not used again. */
  readonly key: Buffer | undefined;
  readonly marked: boolean;
  readonly settled: boolean;
}

/** The store has another key for this subject and generation, so the keys belong to another log. */
export class KeysDiffer extends Error {
  override readonly name = 'KeysDiffer';
  constructor({ subject, generation }: KeyName) {
    super(
      `generation ${generation} of ${subject} is a different key here: these are the keys of another log`,
    );
  }
}

/**
 * The store returns the key no more, but its files still contain its bytes: it is not erased yet.
 */
export class ErasurePending extends Error {
  override readonly name = 'ErasurePending';
}

/** The store is unavailable now: its file is locked by another process, or its disk fails. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

/**
 * Stores the keys of sealed personal data, one per subject and generation. Losing a key means
 * losing the data, which is its purpose: destroying a key erases the data. An erasure has several
 * steps, so that it can be completed after a crash between any two: `mark`, `destroy`, the event in
 * the log, `settle`.
 */
export abstract class KeyStore {
  /**
   * The subject's present key. It is made if there is none, and is durable when this returns. If
   * two processes make one at the same time, both get the same key.
   */
  abstract ensure(subject: string): Promise<SubjectKey>;
  /**
   * The key of one generation, even if it is marked; undefined if it was destroyed or never made.
   */
  abstract find(subject: string, generation: number): Promise<SubjectKey | undefined>;
  /**
   * The subject's generations whose erasure is not settled: present, marked, and destroyed ones
   * that may still be in a file.
   */
  abstract generations(subject: string): Promise<readonly number[]>;
  /** Orders the destruction of a key: `ensure` does not return it any more. */
  abstract mark(key: KeyName, orderedBy?: string): Promise<void>;
  /** Erasures that are not settled, because of a crash or of readers of the files. */
  abstract unfinished(): Promise<readonly UnfinishedErasure[]>;
  /**
   * Returns when the store's files contain nothing of the keys. Throws ErasurePending while they
   * do: `find` then returns the keys no more, and calling this again continues the erasure.
   */
  abstract destroy(keys: readonly KeyName[]): Promise<void>;
  /** The key is destroyed and the log says so, so the erasure is complete. */
  abstract settle(key: KeyName): Promise<void>;
  /** All stored generations, by subject and generation, for transfer to another store. */
  abstract all(): AsyncIterable<StoredKey>;
  /** Stores a generation of another store; existing ones do not change. Throws KeysDiffer. */
  abstract adopt(kept: StoredKey): Promise<void>;
  abstract close(): Promise<void>;
}

/**
 * A key for one purpose (HKDF-SHA-256, RFC 5869), so that no key serves two purposes. The purposes
 * are stored forms and never change.
 */
export const derivedKey = ({ key }: SubjectKey, purpose: 'seal' | 'mac' | 'fingerprint'): Buffer =>
  Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `sekisho:${purpose}`, 32));
