import { describe, expect, it } from '@jest/globals';
import { idempotencyKey, ifMatch } from './conditional-headers.js';
import { preferredLanguage } from './language.js';
import { traceparent } from './request-context.js';

const trace = `${'a'.repeat(32)}-${'b'.repeat(16)}`;

describe('traceparent', () => {
  it.each([
    [`00-${trace}-01`, true],
    [`01-${trace}-01-more`, true],
    [`00-${trace}-01-more`, false],
    [`ff-${trace}-01`, false],
    [`00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`, false],
    [`00-${'a'.repeat(32)}-${'0'.repeat(16)}-01`, false],
    [`00-${trace.toUpperCase()}-01`, false],
    ['', false],
  ])('%s is kept: %s', (sent, kept) => expect(traceparent(sent)).toBe(kept ? sent : undefined));
});

describe('If-Match', () => {
  it.each([
    ['"0"', 0],
    ['"9007199254740991"', 9_007_199_254_740_991],
    ['*', 'any'],
    [undefined, undefined],
  ])('%s is %s', (sent, meant) => expect(ifMatch(sent)).toBe(meant));
  it.each(['W/"7"', '7', '"7', '"07"', '"-1"', '"7", "8"', '"x"', '', '"12345678901234567"'])('%s is malformed', (sent) => {
    expect(() => ifMatch(sent)).toThrow();
  });
});

describe('Idempotency-Key', () => {
  it.each([
    ['k', 'k'],
    ['~!'.repeat(127) + 'x', '~!'.repeat(127) + 'x'],
    [undefined, undefined],
  ])('%.10s is taken', (sent, key) => expect(idempotencyKey(sent, 'accepted')).toBe(key));
  it.each(['', 'a b', 'x'.repeat(256), 'é', 'a\t'])('%.10s is malformed', (sent) =>
    expect(() => idempotencyKey(sent, 'accepted')).toThrow(),
  );
  it('is asked for where it is required, and not looked at where there is no command', () => {
    expect(() => idempotencyKey(undefined, 'required')).toThrow(/only taken with an Idempotency-Key/);
    expect(idempotencyKey('a b', 'none')).toBeUndefined();
  });
});

describe('Accept-Language', () => {
  it.each([
    [undefined, 'en'],
    ['ja', 'ja'],
    ['JA-jp', 'ja'],
    ['en, ja', 'en'],
    ['ja, en', 'ja'],
    ['ja;q=0.8, en;q=0.9', 'en'],
    ['ja;q=0.9, *', 'en'],
    ['en;q=0, *;q=0.1', 'ja'],
    ['fr, *;q=0.5', 'en'],
    ['ja;q=2', 'en'],
    ['ja;level=1', 'en'],
    ['jam', 'en'],
    [','.repeat(2000), 'en'],
  ])('%.20s: %s', (header, language) => expect(preferredLanguage(header)).toBe(language));
});
