import type { Command } from 'commander';
import { date } from './argument.js';
import type { GlobalOptions, CommandFrame } from './command-frame.js';

export interface PolicyApplyOptions extends GlobalOptions {
  readonly from?: string;
}

export const policyCommand = (frame: CommandFrame): Command =>
  frame
    .command('policy', {
      en: "The program's numbers and switches, each from a day on.",
      ja: 'プログラムの数値と設定 (適用開始日つき)。',
    })
    .addCommand(
      frame
        .command(
          'apply',
          {
            en: 'Publish a policy file. Keys that the file leaves out are copied from the policy in force on that day; docs/policy.md lists all keys.',
            ja: 'ポリシーファイルを公開する。省略した項目は、その日に有効なポリシーから写される (docs/policy.md に一覧)。',
          },
          [
            'npx sekisho policy apply policies/2025-10-01.json',
            'npx sekisho policy apply policies/2025-10-01.json --from 2027-01-01',
          ],
        )
        .argument(
          '<file>',
          frame.text({ en: 'JSON with the keys that change', ja: '変更する項目の JSON' }),
        )
        .option(
          '--from <date>',
          frame.text({
            en: "the first day in force (default: the date in the file's name)",
            ja: '有効になる日 (既定: ファイル名の日付)',
          }),
          date,
        )
        .action(
          frame.running<PolicyApplyOptions>(async (terminal, { from, ...options }, file = '') => {
            const { applyPolicy } = await import('../program/apply-policy.js');
            return applyPolicy(terminal, options, file, from);
          }),
        ),
    );
