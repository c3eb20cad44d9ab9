import type { Command } from 'commander';
import type { CommandFrame } from './command-frame.js';
import type { ExplainOptions } from '../explain/explain.js';

export const explainCommand = (frame: CommandFrame): Command =>
  frame
    .command(
      'explain',
      {
        en: "Explain an order's decision from the log. Every rule with its outcome, the facts it used, the events that prove them (stream@revision) and the sentence of the program that it enforces.",
        ja: '注文の判定をログから説明する。すべての規則について、結果、使った事実、それを証明するイベント (ストリーム@リビジョン)、プログラムの原文を示す。',
      },
      ['npx sekisho explain latest', 'npx sekisho explain latest --json'],
    )
    .argument(
      '<orderId>',
      frame.text({
        en: "the order's id, or latest for the log's last order",
        ja: '注文の ID、または latest (ログの最後の注文)',
      }),
    )
    .option('--json', frame.text({ en: 'print it as JSON', ja: 'JSON で出力する' }))
    .action(
      frame.running<ExplainOptions>(async (terminal, options, orderId = '') => {
        const { explain } = await import('../explain/explain.js');
        return explain(terminal, options, orderId);
      }),
    );
