import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { commandId, eventId, streamName } from '../domain/shared/ids.js';
import { UnfitEvent } from './errors.js';
import { canonicalEnvelope, canonicalJson } from './canonical.js';

/** All values that a log accepts. */
const fit = fc.letrec((tie) => ({
  text: fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
  value: fc.oneof(
    { depthSize: 'medium' },
    tie('text'),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('value'), { maxLength: 6 }),
  object: fc.dictionary(
    fc.string({ unit: 'binary' }).filter((name) => !name.includes('\0')),
    tie('value'),
    { maxKeys: 6 },
  ),
})).value;

describe('canonicalJson', () => {
  it('writes the same text as the reference implementation', () => {
    fc.assert(
      fc.property(fit, (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value));
      }),
      { numRuns: 500 },
    );
  });

  it('can be parsed to the same value', () => {
    fc.assert(
      fc.property(fit, (value) => {
        expect(canonicalJson(JSON.parse(canonicalJson(value)))).toBe(canonicalJson(value));
      }),
    );
  });

  it.each([
    [
      'the sorting of RFC 8785 section 3.2.3',
      { '€': 1, '\r': 2, '\ufb33': 3, '1': 4, '😀': 5, '\u0080': 6, ö: 7 },
      '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}',
    ],
    [
      'the escapes of section 3.2.2.2',
      '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\\\"/',
      '"€$\\u000f\\nA\'B\\"\\\\\\\\\\\\\\"/"',
    ],
    ['minus zero', -0, '0'],
    [
      'the greatest and the smallest integer',
      [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
      '[9007199254740991,-9007199254740991]',
    ],
    [
      'an object of another realm',
      Object.assign(Object.create(null) as object, { b: 1, a: 2 }),
      '{"a":2,"b":1}',
    ],
  ])('%s', (_, value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it.each([
    [
      'a fraction',
      { lines: [{ price: 1.5 }] },
      'at /lines/0/price: 1.5 is not a safe integer; amounts are decimal strings',
    ],
    [
      'the first unsafe integer',
      { a: 2 ** 53 },
      'at /a: 9007199254740992 is not a safe integer; amounts are decimal strings',
    ],
    ['undefined', { a: { b: undefined } }, 'at /a/b: undefined is not JSON'],
    ['U+0000', ['\0'], 'at /0: U+0000 in a string'],
    ['a lone surrogate', '\ud800', 'at /: a lone surrogate in a string'],
    ['a date', { on: new Date(0) }, 'at /on: [object Date] is not a JSON object'],
  ])('refuses %s and reports its path', (_, value, message) => {
    expect(() => canonicalJson(value)).toThrow(new UnfitEvent(message));
  });

  it.each([
    [64, true],
    [65, false],
  ])('accepts %i levels: %s', (levels, taken) => {
    let value: unknown = 'leaf';
    for (let level = 0; level < levels; level++) value = [value];
    const writing = () => canonicalJson(value);
    if (taken) expect(writing()).toContain('leaf');
    else expect(writing).toThrow('nested deeper than 64');
  });
});

describe('canonicalEnvelope', () => {
  const event = {
    id: eventId('90a3509c-4735-5334-aa61-29238e7c873d'),
    type: 'CustomerClosed',
    version: 1,
    stream: streamName('customer-1'),
    revision: 7,
    recordedAt: '2026-11-22T10:00:00.000Z',
    data: { reason: 'moved away', on: '2026-11-22' },
    metadata: {
      commandId: commandId('10155d91-a554-487a-8d54-6ce2b3e2292e'),
      index: 0,
      actor: 'key:"op"',
      correlationId: 'c',
    },
    position: 12,
  };

  it('is a stored form: this text never changes', () => {
    expect(canonicalEnvelope(event)).toBe(
      '{"data":{"on":"2026-11-22","reason":"moved away"},"id":"90a3509c-4735-5334-aa61-29238e7c873d",' +
        '"metadata":{"actor":"key:\\"op\\"","commandId":"10155d91-a554-487a-8d54-6ce2b3e2292e","correlationId":"c","index":0},' +
        '"recordedAt":"2026-11-22T10:00:00.000Z","revision":7,"stream":"customer-1","type":"CustomerClosed","version":1}',
    );
  });

  it('is RFC 8785 of the event without its position', () => {
    const { position: _, ...envelope } = event;
    expect(canonicalEnvelope(event)).toBe(canonicalize(envelope));
  });
});
