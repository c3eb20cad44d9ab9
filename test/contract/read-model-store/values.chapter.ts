import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { QueryOf, RowChange } from '../../../libs/read-models/store.js';
import type { Bench } from '../read-model-store.contract.js';
import { at, put, type Thing, thing } from './things.js';

/** The values of a row, the order of texts, and the error for a row that no store can take. */
export function valuesChapter(bench: Bench): void {
  describe('values', () => {
    const many = (change: (one: Thing) => Thing | undefined) =>
      Array.from({ length: 300 }, (_, index) => thing(`k${index}`, index)).map((one) => {
        const after = one.id === 'k200' ? change(one) : one;
        return { ...put(one), after };
      });

    it.each<readonly [string, (one: Thing) => object]>([
      ['a text for a number', (one) => ({ ...one, size: 'large' })],
      ['a fraction for a whole number', (one) => ({ ...one, size: 1.5 })],
      ['a list for a text', (one) => ({ ...one, colour: [] })],
      ['a link to nothing', (one) => ({ ...one, owners: [null] })],
      ['no list of links', (one) => ({ ...one, owners: undefined })],
      ['a value that JSON cannot represent', (one) => ({ ...one, more: 1n })],
    ])('are refused with the name of the row that cannot be stored: %s', async (_what, unfit) => {
      await bench.write([put(thing('before', 1))]);
      const attempt = bench.write(many((one) => unfit(one) as Thing), 1); // prettier-ignore
      await expect(attempt).rejects.toMatchObject({ name: 'UnfitRow', buildId: bench.build.id });
      // prettier-ignore
      await expect(bench.write(many((one) => unfit(one) as Thing), 1)).rejects.toThrow('the row k200 of things cannot be stored');
      expect(await bench.stored()).toEqual([thing('before', 1)]);
      expect((await bench.current())?.checkpoint).toEqual(at(0));
    });

    it('cannot be written as a new row when the row exists', async () => {
      await bench.write([put(thing('a', 1))]);
      await expect(bench.write([put(thing('b', 1)), put(thing('a', 2))], 1)).rejects.toThrow(
        'the row a of things cannot be stored',
      );
      expect(await bench.stored()).toEqual([thing('a', 1)]);
    });

    it('cannot put two rows at one place of a sequence', async () => {
      const note = (key: string, position: number): RowChange => ({
        table: 'notes',
        key,
        before: undefined,
        after: { position },
        fresh: true,
      });
      await bench.write([note('a', 1), note('b', 2)]);
      await bench.write([note('a', 1), note('b', 3)], 1);
      await expect(bench.write([note('d', 4), note('c', 3)], 2)).rejects.toThrow(
        'the row c of notes cannot be stored',
      );
      expect((await bench.store.load(bench.build, 'notes', ['a', 'b', 'c', 'd'])).size).toBe(2);
    });

    it('keep integers up to the exact range of a number, and texts unchanged', async () => {
      const odd = {
        ...thing('関\u0000所"\\{}', Number.MAX_SAFE_INTEGER),
        colour: '{"a", NULL}\\\n',
      };
      await bench.write([
        { ...put(odd), key: 'odd' },
        put(thing('small', Number.MIN_SAFE_INTEGER)),
      ]);
      const bySizeOnly: QueryOf = (tables, { builder }) =>
        builder
          .selectFrom(sql.table<{ size: number; colour: string }>(tables('things')).as('t'))
          .select(['t.size', 't.colour'])
          .orderBy('t.size')
          .compile();
      expect((await bench.store.select('things', bySizeOnly)).rows).toEqual([
        { size: Number.MIN_SAFE_INTEGER, colour: null },
        { size: Number.MAX_SAFE_INTEGER, colour: odd.colour },
      ]);
      expect(await bench.stored()).toEqual([thing('small', Number.MIN_SAFE_INTEGER), odd]);
    });

    it('order and compare texts by their bytes', async () => {
      const colours = ['', ' ', 'A', 'Z', '_', 'a', 'a b', 'ab', 'z', '~', 'é', '関', 'ｱ', '𠮷'];
      const byColour =
        (from: string): QueryOf =>
        (tables, { builder }) =>
          builder
            .selectFrom(sql.table<{ key: string; colour: string }>(tables('things')).as('t'))
            .select('t.colour')
            .where('t.colour', '>=', from)
            .orderBy('t.colour')
            .compile();
      await bench.write(
        [...colours].reverse().map((colour) => put({ ...thing(`k${colour}`, 1), colour })),
      );
      const found = async (from: string) =>
        (await bench.store.select('things', byColour(from))).rows.map(({ colour }) => colour);
      expect(await found('')).toEqual(colours);
      expect(await found('a')).toEqual(colours.slice(colours.indexOf('a')));
    });

    it('are found by a literal part of their text', async () => {
      const containing =
        (text: string): QueryOf =>
        (tables, dialect) =>
          dialect.builder
            .selectFrom(sql.table<{ key: string; colour: string }>(tables('things')).as('t'))
            .select('t.key')
            .where(dialect.contains('t.colour', text))
            .orderBy('t.key')
            .compile();
      await bench.write(
        ['100%', 'under_score', 'É', 'e\u0301', '関所'].map((colour, index) =>
          put({ ...thing(`k${index}`, 1), colour }),
        ),
      );
      const found = async (text: string) =>
        (await bench.store.select('things', containing(text))).rows.map(({ key }) => key);
      expect([
        await found('%'),
        await found('_'),
        await found('é'),
        await found('É'),
        await found('所'),
      ]).toEqual([['k0'], ['k1'], [], ['k2'], ['k4']]);
    });
  });
}
