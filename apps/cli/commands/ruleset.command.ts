import type { Command } from 'commander';
import type { CommandFrame } from './command-frame.js';

export const rulesetCommand = (frame: CommandFrame): Command =>
  frame
    .command('ruleset', {
      en: 'The rulesets that orders are judged by.',
      ja: '注文を判定するルールセット。',
    })
    .addCommand(
      frame
        .command(
          'activate',
          {
            en: 'Judge orders by this ruleset from now on. Activate a ruleset only when every process on this log runs a release that has it.',
            ja: '今後の注文をこのルールセットで判定する。このログを使うすべてのプロセスが、そのルールセットを含むリリースになってから有効にすること。',
          },
          ['npx sekisho ruleset activate 2027-01'],
        )
        .argument('<name>', frame.text({ en: 'name of the ruleset', ja: 'ルールセットの名前' }))
        .action(
          frame.running(async (terminal, options, ruleset = '') => {
            const { changeProgram } = await import('../program/change-program.js');
            return changeProgram(terminal, options, { type: 'activate-ruleset', ruleset });
          }),
        ),
    );
