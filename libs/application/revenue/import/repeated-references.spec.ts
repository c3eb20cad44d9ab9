import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RevenueRow } from '../../../domain/qualification/revenue.js';
import { revenueId } from '../../../domain/shared/ids.js';
import { type RepeatInFile, RepeatedReferences } from './repeated-references.js';

/**
 * Ids that collide in the words that address the table, so that the table must compare the rest.
 */
const rowOf = (entry: number, states: number, row: number): RevenueRow =>
  ({
    revenueId: revenueId(
      `0000000${entry % 2}-0000-4000-8000-0000${entry.toString(16).padStart(8, '0')}`,
    ),
    tenantId: 't',
    amount: { amount: `${states}.00`, currency: 'USD' },
    recognizedOn: '2026-11-20',
    family: 'cloud',
    soldAs: 'direct-bill',
    row,
  }) as RevenueRow; // all fields that are compared

describe('the repeated references of a file', () => {
  it('are the same as with a map', () => {
    const stated = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 1 })),
      { maxLength: 120 },
    );
    fc.assert(
      fc.property(stated, (entries) => {
        const references = new RepeatedReferences();
        const first = new Map<number, { readonly row: number; readonly states: number }>();
        for (const [index, [entry, states]] of entries.entries()) {
          const row = index + 1;
          const known = first.get(entry);
          const expected: RepeatInFile | undefined = known && {
            row,
            of: known.row,
            same: known.states === states,
          };
          expect(references.add(rowOf(entry, states, row))).toEqual(expected);
          if (!known) first.set(entry, { row, states });
        }
      }),
    );
  });

  it('are found again after the table has grown', () => {
    const references = new RepeatedReferences();
    const id = (n: number) =>
      revenueId(
        `${((n * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0')}-0000-4000-8000-0000${n.toString(16).padStart(8, '0')}`,
      );
    const row = (n: number, at: number): RevenueRow => ({ ...rowOf(n, 1, at), revenueId: id(n) });
    for (let n = 1; n <= 40_000; n++)
      if (references.add(row(n, n))) throw new Error(`row ${n} repeats nothing`);
    for (const n of [1, 2_731, 16_384, 16_385, 40_000])
      expect(references.add(row(n, 50_000))).toEqual({ row: 50_000, of: n, same: true });
  });
});
