import { hkdfSync } from 'node:crypto';

/** One generation of a subject's key, by name. */
export interface KeyName {
  /** `customer:<tenantId>` or `partner:<partnerId>`. */
  readonly subject: string;
  readonly generation: number;
}

/** One generation of a subject's key: 32 random bytes. A new one is made after an erasure. */
export interface SubjectKey extends KeyName {
  readonly key: Buffer;
}

/**
 * An erasure that has been ordered: its key may still exist, or the log may not say yet that it is
 * gone.
 */
export interface UnfinishedErasure extends KeyName {
  /** The actor that ordered it; undefined: ordered under a release that did not store it. */
  readonly orderedBy?: string;
}

/** A generation as a store keeps it, for another store. */
export interface StoredKey extends KeyName {
  /** Undefined: it was destroyed, and its number is not given again. */
  readonly key: Buffer | undefined;
  readonly marked: boolean;
  readonly settled: boolean;
}

/** The store keeps another key under this subject and generation: it belongs to another log. */
export class KeysDiffer extends Error {
  override readonly name = 'KeysDiffer';
  constructor({ subject, generation }: KeyName) {
    super(
      `generation ${generation} of ${subject} is another key here: these are the keys of another log`,
    );
  }
}

/**
 * The key cannot be read through the store any more, but its bytes are still in the store's files:
 * it is not erased yet.
 */
export class ErasurePending extends Error {
  override readonly name = 'ErasurePending';
}

/** The store does not answer now: its file is locked by another process, or its disk fails. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

/**
 * Holds the keys of sealed personal data, one per subject and generation. Losing it means losing
 * the personal data, and that is its purpose: erasing is destroying a key. An erasure goes in steps
 * so that a crash between any two can be finished: `mark`, `destroy`, the event in the log,
 * `settle`.
 */
export abstract class KeyStore {
  /**
   * The subject's present key; made if there is none, and durable when this returns. The loser of a
   * race gets the winner's.
   */
  abstract ensure(subject: string): Promise<SubjectKey>;
  /**
   * The key of one generation, also a marked one; undefined when it was destroyed or never made.
   */
  abstract find(subject: string, generation: number): Promise<SubjectKey | undefined>;
  /**
   * Generations of the subject whose erasure is not settled: present, marked, and destroyed ones
   * that may be in a file.
   */
  abstract generations(subject: string): Promise<readonly number[]>;
  /** Orders the destruction of a key: `ensure` never hands it out again. */
  abstract mark(key: KeyName, orderedBy?: string): Promise<void>;
  /** Erasures that are not settled: a crash may have left them, or somebody reads the files. */
  abstract unfinished(): Promise<readonly UnfinishedErasure[]>;
  /**
   * Returns when nothing of the keys is in the store's files. Throws ErasurePending while something
   * is: then nobody gets them from `find` any more, and the same call goes on later.
   */
  abstract destroy(keys: readonly KeyName[]): Promise<void>;
  /** The key is destroyed and the log says so: nothing is left to do. */
  abstract settle(key: KeyName): Promise<void>;
  /** Everything it keeps, by subject and generation: for moving to another store. */
  abstract all(): AsyncIterable<StoredKey>;
  /** Keeps what another store kept; what is here already stays. Throws KeysDiffer. */
  abstract adopt(kept: StoredKey): Promise<void>;
  abstract close(): Promise<void>;
}

/**
 * A key for one purpose (HKDF-SHA-256, RFC 5869), so that no key is used for two. The purposes are
 * stored forms: they never change.
 */
export const derivedKey = ({ key }: SubjectKey, purpose: 'seal' | 'mac' | 'fingerprint'): Buffer =>
  Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `sekisho:${purpose}`, 32));
