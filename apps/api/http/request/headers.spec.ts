import { describe, expect, it } from '@jest/globals';
import type { ProblemException } from '../problems/problem.js';
import { acceptedType } from '../response/negotiation.js';
import { fieldMessage } from '../validation/field-messages.js';
import { idempotencyKey, preconditionsOf } from './conditional-headers.js';
import { preferredLanguage } from './preferences.js';
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

describe('preconditions', () => {
  it.each<[string | undefined, unknown]>([
    [undefined, undefined],
    ['*', 'any'],
    ['"0"', [0]],
    ['"9007199254740991"', [9_007_199_254_740_991]],
    ['"7", "8"', [7, 8]],
    [',"7" ,,\t"8",', [7, 8]],
    // Tags that this service never issued match nothing.
    ['"x", "8"', [8]],
    ['"07", "-1", "", "1.0", "9007199254740993", "12345678901234567"', []],
    ['"a,b", "8"', [8]],
  ])('%s names %j', (sent, named) => {
    expect(preconditionsOf({ 'if-match': sent }).ifMatch).toEqual(named);
    expect(preconditionsOf({ 'if-none-match': sent }).ifNoneMatch).toEqual(named);
  });
  it('compares weak tags only for reads', () => {
    const sent = 'W/"7", "8"';
    expect(preconditionsOf({ 'if-match': sent, 'if-none-match': sent })).toEqual({
      ifMatch: [8],
      ifNoneMatch: [7, 8],
    });
  });
  it.each([
    '7',
    '"7',
    '7"',
    'w/"7"',
    'W/ "7"',
    '"7" "8"',
    '"7";"8"',
    '*, "7"',
    '"7", *',
    '**',
    '',
    ',',
    '"a b"',
    '"7", x',
  ])('refuses %s as malformed', (sent) => {
    expect(() => preconditionsOf({ 'if-match': sent })).toThrow();
    expect(() => preconditionsOf({ 'if-none-match': sent })).toThrow();
  });
  it('are parsed in linear time', () => {
    const started = performance.now();
    for (const text of [
      '"1",'.repeat(4000),
      ','.repeat(16_000),
      `${'"1" '.repeat(4000)}`,
      `"${' '.repeat(16_000)}`,
    ])
      expect(() => preconditionsOf({ 'if-match': `${text}x` })).toThrow();
    expect(performance.now() - started).toBeLessThan(200);
  });
});

describe('Idempotency-Key', () => {
  it.each([
    ['k', 'k'],
    ['~!'.repeat(127) + 'x', '~!'.repeat(127) + 'x'],
    [undefined, undefined],
  ])('accepts %.10s', (sent, key) => expect(idempotencyKey(sent, 'accepted')).toBe(key));
  it.each([
    ['', 'This must not be empty.'],
    ['x'.repeat(256), 'This is too long: the maximum length is 255.'],
    ['a b', 'This must match ^[\\x21-\\x7e]{1,255}$.'],
    [' '.repeat(300), 'This must match ^[\\x21-\\x7e]{1,255}$.'],
    ['é', 'This must match ^[\\x21-\\x7e]{1,255}$.'],
    ['a\t', 'This must match ^[\\x21-\\x7e]{1,255}$.'],
  ])('refuses %.10j: %s', (sent, message) => {
    for (const use of ['accepted', 'required'] as const)
      expect(faultOf(() => idempotencyKey(sent, use))).toBe(message);
  });
  it('is required on commands only, and ignored elsewhere', () => {
    expect(() => idempotencyKey(undefined, 'required')).toThrow(
      /requires an Idempotency-Key header/,
    );
    expect(idempotencyKey('a b', 'none')).toBeUndefined();
  });
});

/** The message of the only fault. */
function faultOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    const [fault] = (error as ProblemException).details.errors ?? [];
    return fault && fieldMessage(fault, 'en');
  }
}

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
    ['ja;q=0', 'en'],
    ['ja;q=0, *', 'en'],
    ['ja;q=0, en;q=0', 'en'],
    ['*;q=0', 'en'],
    ['fr, JA-JP;q=0.001', 'ja'],
    ['jam', 'en'],
    [','.repeat(2000), 'en'],
  ])('%.20s: %s', (header, language) => expect(preferredLanguage(header)).toBe(language));
});

describe('Accept', () => {
  const types = ['application/json', 'application/x-ndjson', 'text/event-stream'] as const;
  const accepted = (accept: string | undefined): string => {
    const headers: Record<string, string> = {};
    const reply = {
      getHeader: (name: string) => headers[name],
      header: (name: string, value: string) => (headers[name] = value),
    };
    try {
      return acceptedType({ request: { headers: { accept } }, reply } as never, types);
    } catch (error) {
      expect(headers).toEqual({ vary: 'accept' });
      return (error as ProblemException).code;
    }
  };
  it.each([
    [undefined, types[0]],
    ['', types[0]],
    ['*/*', types[0]],
    ['application/*', types[0]],
    ['text/*', types[2]],
    ['APPLICATION/X-NDJSON', types[1]],
    ['text/event-stream;q=0', 'not-acceptable'],
    ['text/event-stream;q=0, */*', types[0]],
    ['application/json;q=0, */*;q=0.1', types[1]],
    ['*/*;q=0', 'not-acceptable'],
    ['text/event-stream;q=0.5, application/json;q=0.4', types[2]],
    ['text/event-stream, application/json', types[2]],
    ['application/json, text/event-stream', types[0]],
    ['application/json; charset="UTF-8"; q=0.5, text/html', types[0]],
    ['text/event-stream-x, x-text/event-stream', 'not-acceptable'],
    ['text/html, application/xhtml+xml, */*;q=0.8', types[0]],
    ['image/png', 'not-acceptable'],
    [','.repeat(9000), 'not-acceptable'],
  ])('%.40s: %s', (accept, type) => expect(accepted(accept)).toBe(type));
});
