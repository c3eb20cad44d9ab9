import { describe, expect, it } from '@jest/globals';
import { CommanderError } from 'commander';
import { usageErrorText } from '../running/usage-errors.js';
import { date, instant, knownAt } from './argument.js';

describe('a date on the command line', () => {
  it.each<[string, string, (text: string) => string, string | RegExp]>([
    ['a day', '2028-02-29', date, '2028-02-29'],
    [
      'a day that the year does not have',
      '2027-02-29',
      date,
      /^There is no such date as 2027-02-29\.$/,
    ],
    [
      'a day that the month does not have',
      '2026-04-31',
      date,
      /^There is no such date as 2026-04-31\.$/,
    ],
    ['no day', '29.2.2027', date, /^A date is YYYY-MM-DD\.$/],
    ['an instant', '2026-11-01T00:00:00Z', knownAt, '2026-11-01T00:00:00Z'],
    ['a position', '100', knownAt, '100'],
    [
      'an instant of no day',
      '2027-02-29T00:00:00Z',
      knownAt,
      /^There is no such date as 2027-02-29\.$/,
    ],
    ['a day instead of an instant', '2026-11-01', knownAt, /^Give a position .* or an instant/],
    [
      'an instant of no day',
      '2027-02-29T00:00:00Z',
      instant,
      /^There is no such date as 2027-02-29\.$/,
    ],
    ['no instant', 'now', instant, /^An instant is in UTC/],
  ])('%s: %s', (_what, text, parse, expected) => {
    if (typeof expected === 'string') expect(parse(text)).toBe(expected);
    else expect(() => parse(text)).toThrow(expected);
  });

  it.each([
    ['2027-02-29', date, '2027-02-29 という日付は存在しません。'],
    ['29.2.2027', date, '日付は YYYY-MM-DD の形式で指定してください。'],
    [
      'now',
      knownAt,
      'ログの位置（数字）か、2026-11-22T09:30:00Z のような UTC の日時を指定してください。',
    ],
    ['now', instant, '日時は 2026-11-22T09:30:00Z のような UTC の形式で指定してください。'],
  ])('has a Japanese explanation when it is refused: %s', (text, parse, expected) => {
    try {
      parse(text);
    } catch (error) {
      const { message } = error as Error;
      const refused = new CommanderError(
        1,
        'commander.invalidArgument',
        `error: option '--on <date>' argument '${text}' is invalid. ${message}`,
      );
      expect(usageErrorText(refused, 'ja')).toContain(`is invalid. ${expected}\n`);
    }
    expect.assertions(1);
  });
});
