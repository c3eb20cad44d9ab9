import { describe, expect, it } from '@jest/globals';
import { isBlank, isPrintableLine, isPrintableText } from './printable-text.js';

describe('a text on one line', () => {
  it.each(['関所', 'café', 'مرحبا\u200f!', 'a\u00a0b', '👩\u200d💻', ''])(
    'is accepted: %j',
    (text) => expect(isPrintableLine(text)).toBe(true),
  );
  it.each([
    'a\nb',
    'a\tb',
    '\0',
    '\x1b[31m',
    '\x7f',
    '\x85',
    '\u2028',
    '\u2029',
    'invoice\u202efdp',
    '\u2066x',
    '\ud800',
  ])('is refused: %j', (text) => expect(isPrintableLine(text)).toBe(false));
});

describe('a text on several lines', () => {
  it.each(['a\r\nb\tc', '\u2028'])('may have line breaks: %j', (text) =>
    expect(isPrintableText(text)).toBe(true),
  );
  it.each(['\0', '\x1b[31m', '\x7f', '\u202e', '\ud800'])('is refused: %j', (text) =>
    expect(isPrintableText(text)).toBe(false),
  );
});

describe('a blank text', () => {
  it.each([
    '',
    ' ',
    '   ',
    '\u3000',
    '\u00a0',
    '\u200b',
    '\ufeff',
    '\u00ad',
    '\u3164',
    '\u2800',
    '\u2060 \u200d',
    '\u{e0020}',
  ])('is %j', (text) => expect(isBlank(text)).toBe(true));
  it.each(['a', ' a ', '.', '\u200ba', '0', '関'])('is not %j', (text) =>
    expect(isBlank(text)).toBe(false),
  );
});
