import type { CommanderError } from 'commander';
import type { Language } from './language.js';

const japanese: Readonly<Record<string, string>> = {
  'commander.unknownOption': '不明なオプションです',
  'commander.unknownCommand': '不明なコマンドです',
  'commander.missingArgument': '引数が足りません',
  'commander.excessArguments': '引数が多すぎます',
  'commander.optionMissingArgument': 'オプションに値がありません',
  'commander.missingMandatoryOptionValue': '必須のオプションがありません',
  'commander.invalidArgument': '値が正しくありません',
};

/** The messages of `commands/argument.ts`. */
const values: readonly (readonly [RegExp, string])[] = [
  [/There is no such date as (\S+)\.$/, '$1 という日付は存在しません。'],
  [/A date is YYYY-MM-DD\.$/, '日付は YYYY-MM-DD の形式で指定してください。'],
  [/An instant is in UTC, such as (\S+)\.$/, '日時は $1 のような UTC の形式で指定してください。'],
  [
    /Give a position \(digits\) or an instant in UTC such as (\S+)\.$/,
    'ログの位置（数字）か、$1 のような UTC の日時を指定してください。',
  ],
];

/**
 * Commander's messages are English only. A Japanese reader gets the kind of mistake in Japanese
 * first, then that message.
 */
export function usageErrorText({ code, message }: CommanderError, language: Language): string {
  const english = message.replace(/^error: /, '');
  const detail =
    language === 'ja'
      ? values.reduce((text, [pattern, ja]) => text.replace(pattern, ja), english)
      : english;
  if (language === 'ja')
    return `${japanese[code] ?? '使い方が正しくありません'}: ${detail}\n--help で使い方を表示します。`;
  return `${detail}\nAdd --help to see its usage.`;
}
