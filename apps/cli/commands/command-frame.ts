import { Command, type Help } from 'commander';
import type { GlobalOptions } from '../running/command-configuration.js';
import type { ExitCode } from '../running/exit.js';
import type { Bilingual } from '../running/language.js';
import type { Terminal } from '../running/terminal.js';

export type { GlobalOptions };

/**
 * Declares commands. A command imports its implementation when it runs, so that no command loads
 * the modules of another.
 */
export class CommandFrame {
  exitCode: ExitCode = 0;

  constructor(readonly terminal: Terminal) {}

  text(text: Bilingual): string {
    return this.terminal.text(text);
  }

  /** A command with its help: what it does, and examples that can be run unchanged. */
  command(name: string, description: Bilingual, examples: readonly string[] = []): Command {
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
   * Commander passes the arguments of a command, then its options, then the command itself. The
   * action returns the exit code.
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
      // Each command declares its options together with the type `Options`.
      this.exitCode = await run(this.terminal, command.optsWithGlobals<Options>(), ...operands);
    };
  }
}

/** The list of commands shows only the first sentence. */
const firstSentence = (text: string): string =>
  /^.*?(?:\.(?= )|。|$)/su.exec(text)?.[0].replace(/[.。]$/, '') ?? text;

const japaneseTitles: Readonly<Record<string, string>> = {
  'Usage:': '使い方:',
  'Options:': 'オプション:',
  'Global Options:': '共通オプション:',
  'Commands:': 'コマンド:',
  'Arguments:': '引数:',
};

/**
 * Makes commander throw its errors, print headings in the reader's language, and show the global
 * options in a command's help.
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
