import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseQuery } from './parameters.js';

const read = (text: string): Record<string, unknown> => ({ ...parseQuery(text) });

describe('a query string', () => {
  it.each<[string, Record<string, unknown>]>([
    ['', {}],
    ['a=1&b=2', { a: '1', b: '2' }],
    ['a=1&a=2&a=3', { a: ['1', '2', '3'] }],
    ['a', { a: '' }],
    ['a=b=c', { a: 'b=c' }],
    ['&&a=1&', { a: '1' }],
    ['a+b=c%20d+e', { 'a b': 'c d e' }],
    ['q=%e9%96%a2', { q: '関' }],
    ['a=%ff', { a: null }],
    ['a=%', { a: null }],
    ['%=1', { '\ufffd': '1' }],
  ])('is read: %s', (text, texts) => expect(read(text)).toEqual(texts));

  it('is read without exceptions, as it was written', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseQuery(text)));
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ unit: 'grapheme', minLength: 1 }).filter((name) => name !== '__proto__'),
          fc.string({ unit: 'grapheme' }),
        ),
        (texts) => {
          expect(read(new URLSearchParams(texts).toString())).toEqual({ ...texts });
        },
      ),
    );
  });

  it('is read into an object without a prototype', () => {
    const texts = parseQuery('__proto__=x&constructor=y');
    expect(Object.getPrototypeOf(texts)).toBeNull();
    expect(Object.keys(texts)).toEqual(['__proto__', 'constructor']);
  });
});
