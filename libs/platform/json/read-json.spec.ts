import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DEPTH_AT_MOST, type JsonFault, readJson } from './read-json.js';

const read = (text: string | Uint8Array): { value?: unknown; fault?: JsonFault } =>
  readJson(Buffer.from(text as string));
const pathsIn = (text: string): readonly string[] => {
  const { fault } = read(text);
  return fault?.kind === 'names' ? fault.paths : [];
};
const nested = (depth: number, open = '[', close = ']'): string =>
  open.repeat(depth) + close.repeat(depth);

describe('JSON from outside', () => {
  it('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (text) =>
        expect(read(text).value).toEqual(JSON.parse(text)),
      ),
    );
  });

  it.each([
    ['no text', ''],
    ['half an object', '{'],
    ['half a string', '"\\'],
    ['a colon too many', '{"a":1:2}'],
    ['two values', '1 2'],
    ['a byte-order mark in its middle', '{}\ufeff'],
    ['two marks', '\ufeff\ufeff{}'],
  ])('is rejected if it is malformed: %s', (_what, text) =>
    expect(read(text).fault?.kind).toBe('syntax'),
  );

  it('is rejected if it is not UTF-8', () =>
    expect(read(Uint8Array.of(0x22, 0xff, 0x22)).fault?.kind).toBe('encoding'));

  it('may begin with a byte-order mark', () =>
    expect(read('\ufeff{"a":"\ufeff"}').value).toEqual({ a: '\ufeff' }));
});

describe('depth', () => {
  it.each([
    ['lists', nested(DEPTH_AT_MOST), nested(DEPTH_AT_MOST + 1)],
    [
      'objects',
      nested(DEPTH_AT_MOST, '{"a":', '}').replace('{"a":}', '{}'),
      nested(DEPTH_AT_MOST + 1, '{"a":', '}'),
    ],
    ['lists after lists', `[${nested(31)},${nested(31)}]`, `[${nested(31)},${nested(32)}]`],
    [
      'a string with brackets',
      `[${JSON.stringify('"\\'.repeat(9) + '[{'.repeat(99))}]`,
      `[${nested(32)},"]"]`,
    ],
  ])('%s', (_what, taken, refused) => {
    expect(read(taken).fault).toBeUndefined();
    expect(read(refused).fault).toEqual({ kind: 'depth' });
  });

  it('is checked before the text is parsed', () => {
    const started = performance.now();
    expect(read('['.repeat(1024 * 1024)).fault).toEqual({ kind: 'depth' });
    expect(read(`{"a":${'{"b":['.repeat(100_000)}`).fault).toEqual({ kind: 'depth' });
    expect(performance.now() - started).toBeLessThan(200);
  });
});

describe('a repeated name in an object', () => {
  it.each<[string, readonly string[]]>([
    ['{"a":1,"a":1}', ['/a']],
    ['{"a":1,"\\u0061":2}', ['/a']],
    ['{"a":1,"a":2,"a":3}', ['/a']],
    [' { "b" : [ 0 , { "c/d~" : true , "c/d~" : null } ] , "b" : { } } ', ['/b/1/c~1d~0', '/b']],
    ['{"a":{"b":"}","b":"{"},"c":[-1.5e3,"\\"",{"":0,"":1}]}', ['/a/b', '/c/2/']],
    ['{"__proto__":1,"__proto__":2}', ['/__proto__']],
    ['{"😀":1,"\\ud83d\\ude00":1}', ['/😀']],
    ['[{"a":1},{"a":1}]', []],
    ['{"a":{"a":{"a":":"}}}', []],
    ['{"a":1,"A":2," a":3}', []],
    ['{"__proto__":1,"constructor":2}', []],
  ])('%s', (text, paths) => {
    expect(read(text).fault).toEqual(paths.length === 0 ? undefined : { kind: 'names', paths });
  });

  it('is found at any place', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), {
      minKeys: 1,
      maxKeys: 5,
    });
    fc.assert(
      fc.property(object, fc.nat(), (value, which) => {
        const names = Object.keys(value);
        const name = names[which % names.length]!;
        const text = `[0,${JSON.stringify(value).slice(0, -1)},${JSON.stringify(name)}:1}]`;
        const path = `/1/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        expect(read(text).fault).toEqual({ kind: 'names', paths: [path] });
      }),
    );
  });

  it('is reported for a bounded number of names', () => {
    const long = JSON.stringify('x'.repeat(30_000));
    const deep = `{${long}:{${Array.from({ length: 200 }, (_, index) => `"${index}":1,"${index}":2`).join()}}}`;
    expect(pathsIn(deep)).toHaveLength(3);
    const flat = `{${Array.from({ length: 200 }, (_, index) => `"a${index}":1,"a${index}":2`).join()}}`;
    expect(pathsIn(flat)).toHaveLength(100);
  });
});
