import { hash } from 'node:crypto';
import type { RecordedRevenue, RevenueRow } from '../../../domain/qualification/revenue.js';

/** The first row of the file with the same entry, and whether both rows state the same. */
export interface RepeatInFile {
  readonly row: number;
  readonly of: number;
  readonly same: boolean;
}

/**
 * The words of an entry: two of its id (itself a hash), two of the hash of its statement, and its
 * row.
 */
const WORDS = 5;
const SEGMENT_BITS = 14;
const FIRST_SLOTS = 2 ** 12;

/**
 * The entries of a file, to find repeated ones. A file may have millions of entries: each takes 20
 * bytes of typed arrays and at most 12 bytes of the hash table, outside the heap.
 */
export class RepeatedReferences {
  private readonly segments: Uint32Array[] = [];
  private count = 0;
  /**
   * A hash table with open addressing. A slot has the number of an entry, from 1; 0 means free. At
   * most two thirds of the slots are used.
   */
  private slots = new Uint32Array(FIRST_SLOTS);

  /** Returns undefined if the file has not stated the entry before. */
  add(row: RevenueRow): RepeatInFile | undefined {
    const id = Buffer.from(row.revenueId.replaceAll('-', ''), 'hex');
    const stated = hash('sha256', statedText(row), 'buffer');
    const words = [
      id.readUInt32LE(0),
      id.readUInt32LE(12),
      stated.readUInt32LE(0),
      stated.readUInt32LE(4),
      row.row,
    ];
    const slot = this.slotOf(words);
    const number = this.slots[slot] ?? 0;
    if (number === 0) {
      this.append(words);
      this.slots[slot] = this.count;
      if (this.count * 3 > this.slots.length * 2) this.grow();
      return undefined;
    }
    const first = this.entry(number);
    return {
      row: row.row,
      of: first[4] ?? 0,
      same: first[2] === words[2] && first[3] === words[3],
    };
  }

  private append(words: readonly number[]): void {
    const at = this.count & (2 ** SEGMENT_BITS - 1);
    if (at === 0) this.segments.push(new Uint32Array(2 ** SEGMENT_BITS * WORDS));
    this.segments.at(-1)?.set(words, at * WORDS);
    this.count += 1;
  }

  private entry(number: number): Uint32Array {
    const at = ((number - 1) & (2 ** SEGMENT_BITS - 1)) * WORDS;
    return (
      this.segments[(number - 1) >>> SEGMENT_BITS]?.subarray(at, at + WORDS) ?? new Uint32Array()
    );
  }

  /** The slot of the entry, or the free slot for it. */
  private slotOf(words: ArrayLike<number>): number {
    const mask = this.slots.length - 1; // the length is a power of two
    for (let slot = (words[0] ?? 0) & mask; ; slot = (slot + 1) & mask) {
      const number = this.slots[slot] ?? 0;
      if (number === 0) return slot;
      const entry = this.entry(number);
      if (entry[0] === words[0] && entry[1] === words[1]) return slot;
    }
  }

  private grow(): void {
    this.slots = new Uint32Array(this.slots.length * 2);
    for (let number = 1; number <= this.count; number++)
      this.slots[this.slotOf(this.entry(number))] = number;
  }
}

/**
 * All fields that `sameStatement` compares and the entry's id does not cover. Amounts have the
 * digits of their currency, so equal amounts have equal texts.
 */
const statedText = ({ tenantId, amount, recognizedOn, family, soldAs }: RecordedRevenue): string =>
  `${tenantId} ${amount.amount} ${amount.currency} ${recognizedOn} ${family} ${soldAs}`;
