import { Command, type Help } from 'commander';
import type { ExitCode } from '../running/exit.js';
import type { Bilingual } from '../running/language.js';
import type { Terminal } from '../running/terminal.js';

/**
 * What a verb is declared with. Its work is imported when it runs, so that no verb waits for what
 * another one needs.
 */
export class VerbFrame {
  exitCode: ExitCode = 0;

  constructor(readonly terminal: Terminal) {}

  text(text: Bilingual): string {
    return this.terminal.text(text);
  }

  /** A verb with its help: what it does, and examples that run as they stand. */
  verb(name: string, description: Bilingual, examples: readonly string[] = []): Command {
    const command = settled(new Command(name), this.terminal)
      .description(this.text(description))
      .summary(firstSentence(this.text(description)));
    if (examples.length > 0) {
      const title = this.text({ en: 'Examples:', ja: '例:' });
      command.addHelpText(
        'after',
        `\n${title}\n${examples.map((example) => `  $ ${example}`).join('\n')}`,
      );
    }
    return command;
  }

  /**
   * Commander gives a verb's arguments, then its options and itself; the verb answers with its exit
   * code.
   */
  running<Options extends GlobalOptions>(
    run: (
      terminal: Terminal,
      options: Options,
      ...operands: readonly string[]
    ) => Promise<ExitCode>,
  ): (...given: unknown[]) => Promise<void> {
    return async (...given) => {
      const command = given.at(-1) as Command; // Commander's promise
      const operands = given.slice(0, -2).filter((operand) => typeof operand === 'string');
      // The options are declared beside the verb's own type of them.
      this.exitCode = await run(this.terminal, command.optsWithGlobals<Options>(), ...operands);
    };
  }
}

/** What the list of verbs has room for. */
const firstSentence = (text: string): string =>
  /^.*?(?:\.(?= )|。|$)/su.exec(text)?.[0].replace(/[.。]$/, '') ?? text;

/** Options that every verb takes. */
export interface GlobalOptions {
  readonly data?: string;
}

const japaneseTitles: Readonly<Record<string, string>> = {
  'Usage:': '使い方:',
  'Options:': 'オプション:',
  'Global Options:': '共通オプション:',
  'Commands:': 'コマンド:',
  'Arguments:': '引数:',
};

/**
 * Errors are thrown, titles are told in the reader's language, and a verb's help shows the options
 * that all verbs take.
 */
export function settled(command: Command, terminal: Terminal): Command {
  const styleTitle: Help['styleTitle'] = (title) =>
    terminal.language === 'ja' ? (japaneseTitles[title] ?? title) : title;
  return command
    .exitOverride()
    .configureHelp({ showGlobalOptions: true, styleTitle })
    .configureOutput({ outputError: () => undefined })
    .helpOption('-h, --help', terminal.text({ en: 'show this help', ja: 'このヘルプを表示する' }))
    .helpCommand(false);
}
