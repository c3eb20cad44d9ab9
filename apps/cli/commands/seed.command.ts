import type { Command } from 'commander';
import type { CommandFrame } from './command-frame.js';

export const seedCommand = (frame: CommandFrame): Command =>
  frame
    .command(
      'seed',
      {
        en: 'Write the demonstration data of the current month. It has partners, customers in six markets, price lists, some hundred orders of which some are refused, and three years of revenue; at the end it prints commands for a first order, a first refusal and reads of partners. Repeating it changes nothing. It refuses a log that has other partners.',
        ja: '今月のデモデータを書き込む。パートナー、6 市場の顧客、価格表、数百件の注文 (一部は拒否)、3 年分の売上を含み、最後に、最初の注文、最初の拒否、パートナーの参照を試すコマンドを表示する。繰り返し実行しても何も変わらない。ほかのパートナーがあるログには書き込まない。',
      },
      ['npm run demo', 'npx sekisho seed --data ./demo-data'],
    )
    .action(
      frame.running(async (terminal, options) => {
        const { seed } = await import('../demo/seed.js');
        return seed(terminal, options);
      }),
    );
