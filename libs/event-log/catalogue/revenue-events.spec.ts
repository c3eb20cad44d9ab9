import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { priceRowsOf, revenueRowsOf } from '../../domain/import/import.js';
import { histories } from '../../../test/support/revenue-histories.js';
import { importEvents } from './import-events.js';
import { revenueEvents } from './revenue-events.js';

const ajv = new Ajv2020({ strict: true, strictTuples: false, allowUnionTypes: true });
const validators = new Map(
  Object.entries({ ...revenueEvents, ...importEvents }).map(([type, { schema }]) => [
    type,
    ajv.compile(schema),
  ]),
);
const faultsOf = (type: string, data: unknown): unknown =>
  validators.get(type)!(data) ? [] : [data, validators.get(type)!.errors];

describe('a decision on revenue', () => {
  it('fits the schemas of its events, and as a row the schema of an import', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(histories('2024-02-29'), (history) => {
        for (const { type, data } of history) {
          seen.add(type);
          expect(faultsOf(type, data)).toEqual([]);
        }
        const rows = history.flatMap(({ type, data }, index) =>
          type === 'RevenueRecorded' ? [{ ...data, row: index + 1 }] : [],
        );
        expect(faultsOf('ImportChunkAdded', { index: 0, rows })).toEqual([]);
        expect([revenueRowsOf(rows), priceRowsOf(rows)]).toEqual([rows, []]);
      }),
      // Seeded, so that the outcomes seen at the end are always the same.
      { numRuns: 100, seed: 20_261_122 },
    );
    expect([...seen].sort()).toEqual(Object.keys(revenueEvents).sort());
  });
});
