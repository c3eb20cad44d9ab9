/** One generation of a subject's key: 32 random bytes. A new one is made after an erasure. */
export interface SubjectKey {
  /** `customer:<tenantId>` or `partner:<partnerId>`. */
  readonly subject: string;
  readonly generation: number;
  readonly key: Buffer;
}

/** A generation as a store keeps it, to be kept by another one. */
export interface KeptKey {
  readonly subject: string;
  readonly generation: number;
  /** Undefined: it was destroyed, and its number is not given again. */
  readonly key: Buffer | undefined;
  readonly marked: boolean;
}

/** The store keeps another key under this subject and generation: it belongs to another log. */
export class KeysDiffer extends Error {
  override readonly name = 'KeysDiffer';
  constructor({ subject, generation }: Pick<KeptKey, 'subject' | 'generation'>) {
    super(`generation ${generation} of ${subject} is another key here: these are the keys of another log`);
  }
}

/**
 * Holds the keys of sealed personal data, one per subject and generation. Losing it means losing the personal data, and that is
 * its purpose: erasing is destroying a key. An erasure goes in three steps so that a crash between any two can be finished:
 * `mark`, the event in the log, `destroy`.
 */
export abstract class KeyStore {
  /** The subject's present key; made if there is none, and durable when this returns. The loser of a race gets the winner's. */
  abstract ensure(subject: string): Promise<SubjectKey>;
  /** The key of one generation, also a marked one; undefined when it was destroyed or never made. */
  abstract find(subject: string, generation: number): Promise<SubjectKey | undefined>;
  /** Generations of the subject's keys that are not destroyed, marked ones included. */
  abstract generations(subject: string): Promise<readonly number[]>;
  /** Marks a key for destruction: it is never handed out by `ensure` again. */
  abstract mark(subject: string, generation: number): Promise<void>;
  /** Keys that are marked and not yet destroyed: what a crash may have left open. */
  abstract marked(): Promise<readonly { readonly subject: string; readonly generation: number }[]>;
  abstract destroy(subject: string, generation: number): Promise<void>;
  /** Everything it keeps, by subject and generation: for moving to another store. */
  abstract kept(): AsyncIterable<KeptKey>;
  /** Keeps what another store kept; what is here already stays. Throws KeysDiffer. */
  abstract adopt(kept: KeptKey): Promise<void>;
  abstract close(): Promise<void>;
}
