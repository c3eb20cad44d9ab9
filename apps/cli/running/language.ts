import { type Language, languages } from '../../../libs/domain/gate/reason-texts.js';
import type { Bilingual } from '../../../libs/domain/gate/case/rule.js';

export type { Bilingual, Language };

/**
 * The language is determined before the command line is parsed, because the help uses it: `--lang`,
 * otherwise the locale of messages by POSIX (LC_ALL, then LC_MESSAGES, then LANG), otherwise
 * English.
 */
export function languageOf(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Language {
  const asked = askedFor(argv);
  const fromEnvironment =
    environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || '';
  return (
    languages.find((language) => language === asked) ??
    (fromEnvironment.toLowerCase().startsWith('ja') ? 'ja' : 'en')
  );
}

function askedFor(argv: readonly string[]): string | undefined {
  const at = argv.findLastIndex(
    (argument) => argument === '--lang' || argument.startsWith('--lang='),
  );
  return argv[at] === '--lang' ? argv[at + 1] : argv[at]?.slice('--lang='.length);
}
