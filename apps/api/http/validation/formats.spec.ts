import { describe, expect, it } from '@jest/globals';
import { fieldMessage } from './field-messages.js';
import { formats } from './formats.js';
import { rate } from './decorators.js';

describe('an e-mail address', () => {
  it.each(['a@b', 'hanako@contoso.example', '用户@例え.jp'])('accepts %j', (text) =>
    expect(formats.email(text)).toBe(true),
  );

  it.each([
    '',
    'a',
    '@b',
    'a@',
    'a@b@c',
    'a b@c',
    'a\0@b',
    'a\ud800@b',
    'a\u202e@b',
    'a@\u2066b',
    '\u200b@b',
    'a@\u3164',
    '\u2800@b',
  ])('refuses %j', (text) => expect(formats.email(text)).toBe(false));
});

describe('the message for a pattern', () => {
  it('is a sentence instead of the regular expression', () => {
    const problem = { path: '/usdPerUnit/JPY', code: 'pattern', expected: rate.source } as const;
    expect(fieldMessage(problem, 'en')).toContain('a decimal number above 0');
    expect(fieldMessage(problem, 'ja')).toContain('10 進数');
    expect(fieldMessage({ ...problem, expected: '^[A-Z]{2}$' }, 'en')).toBe(
      'This must match ^[A-Z]{2}$.',
    );
  });
});
