import type { CommanderError } from 'commander';
import type { Language } from './language.js';

const japanese: Readonly<Record<string, string>> = {
  'commander.unknownOption': '知らないオプションです',
  'commander.unknownCommand': '知らないコマンドです',
  'commander.missingArgument': '引数が足りません',
  'commander.excessArguments': '引数が多すぎます',
  'commander.optionMissingArgument': 'オプションに値がありません',
  'commander.missingMandatoryOptionValue': '必須のオプションがありません',
  'commander.invalidArgument': '値が正しくありません',
};

/** Commander names what is wrong in English; a Japanese reader gets the kind of mistake first, then that name. */
export function usageErrorText({ code, message }: CommanderError, language: Language): string {
  const detail = message.replace(/^error: /, '');
  if (language === 'ja') return `${japanese[code] ?? '使い方が違います'}: ${detail}\n--help で使い方を表示します。`;
  return `${detail}\nRun it with --help to see how it is used.`;
}
