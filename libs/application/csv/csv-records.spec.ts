import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { boundedRecords } from './bounded-records.js';
import { csvRecords } from './csv-records.js';

const BOUNDS = { bytes: 64, cells: 5 };

function* pieces(text: string, sizes: readonly number[]): Generator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let from = 0, turn = 0; from < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length]!;
    yield bytes.subarray(from, from + size);
    from += size;
  }
}

/** Returns the records, and the error that ended the reading. */
async function read(text: string, sizes: readonly number[] = [7]) {
  const records: (readonly string[])[] = [];
  try {
    for await (const cells of csvRecords(boundedRecords(pieces(text, sizes), BOUNDS), BOUNDS.bytes))
      records.push(cells);
    return { records };
  } catch (error) {
    return { records, fault: (error as Error).message };
  }
}

describe('the records of a CSV file', () => {
  it.each<[string, string, readonly (readonly string[])[]]>([
    [
      'plain',
      'a,b\nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'without a last line break',
      'a,b\r\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['with empty lines', '\n\r\na\n\n\r\nb\n\n', [['a'], ['b']]],
    ['with line breaks of every kind', 'a\nb\rc\r\nd', [['a'], ['b'], ['c'], ['d']]],
    ['with a byte-order mark', '\uFEFFa,b', [['a', 'b']]],
    [
      'with quotation marks, commas and line breaks in cells',
      '"a ""x"", y\r\n\r\nz",b',
      [['a "x", y\r\n\r\nz', 'b']],
    ],
    ['of different lengths', 'a\nb,c', [['a'], ['b', 'c']]],
    ['with as many cells as are allowed', 'a,b,c,d,e', [['a', 'b', 'c', 'd', 'e']]],
    ['with as many bytes as are allowed', 'x'.repeat(64), [['x'.repeat(64)]]],
    ['with a cell of commas', '"a,b,c,d,e,f"', [['a,b,c,d,e,f']]],
  ])('can be read %s', async (_what, text, records) => {
    expect(await read(text)).toEqual({ records });
  });

  it.each<[string, string, string]>([
    ['a row with too many cells', 'a\nb\n1,2,3,4,5,6', 'a row has more than 5 cells'],
    ['a row with too many bytes', `a\nb\n${'x'.repeat(65)}`, 'a row has more than'],
    ['an open quotation mark', 'a\nb\n"c', 'not CSV from here on'],
    ['a quotation mark in a cell', 'a\nb\nc"d\ne', 'not CSV from here on'],
  ])('end at %s, after the records before it', async (_what, text, fault) => {
    const found = await read(text, [1_000]);
    expect(found).toEqual({ records: [['a'], ['b']], fault: expect.stringContaining(fault) });
  });

  it('do not depend on where the pieces begin and end', async () => {
    const text = '\uFEFFa,"b ""x""\r\ny",é\r\n\r\n関所,,\n\rlast,"\n",z';
    const whole = await read(text, [1_000]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }),
        async (sizes) => {
          expect(await read(text, sizes)).toEqual(whole);
        },
      ),
    );
  });
});
