import type { Command } from 'commander';
import { date, knownAt } from './argument.js';
import type { CommandFrame } from './command-frame.js';
import type { OrderPlaceOptions } from '../orders/place-order.js';
import type { OrderCheckOptions } from '../orders/check-order.js';

export const orderCommand = (frame: CommandFrame): Command =>
  frame
    .command('order', {
      en: 'Check an order against the gate, or place it.',
      ja: '注文をゲートで確認する、または発注する。',
    })
    .addCommand(checkCommand(frame))
    .addCommand(placeCommand(frame));

const checkCommand = (frame: CommandFrame): Command =>
  withFile(
    frame,
    frame.command(
      'check',
      {
        en: 'Judge an order without placing it, by every rule, on any day, as known at any time. Nothing is written. Exit code 1: it would be refused.',
        ja: '発注せずに注文を判定する。すべての規則を、任意の日付と任意の時点の知識で確認し、何も書き込まない。終了コード 1: 拒否される。',
      },
      [
        'npx sekisho order check apps/cli/examples/order.json',
        'npx sekisho order check --as-of 2026-12-01 - < apps/cli/examples/order.json',
        'npx sekisho order check --known-at 2026-11-01T00:00:00Z --json apps/cli/examples/order.json',
      ],
    ),
  )
    .option(
      '--as-of <date>',
      frame.text({
        en: 'judge it on this day (UTC); in the past, or up to a year ahead',
        ja: 'この日付 (UTC) で判定する (過去、または 1 年先まで)',
      }),
      date,
    )
    .option(
      '--known-at <position|instant>',
      frame.text({ en: 'judge by the log as it was then', ja: 'その時点のログの内容で判定する' }),
      knownAt,
    )
    .action(
      frame.running<OrderCheckOptions>(async (terminal, options, file = '') => {
        const { checkOrder } = await import('../orders/check-order.js');
        return checkOrder(terminal, options, file);
      }),
    );

const placeCommand = (frame: CommandFrame): Command =>
  withFile(
    frame,
    frame.command(
      'place',
      {
        en: 'Place an order. A service may run on the same data directory. The decision is recorded, accepted or refused. Exit code 1: refused.',
        ja: '注文を発注する。同じデータディレクトリでサービスが動いていてもよい。承認も拒否も記録される。終了コード 1: 拒否された。',
      },
      [
        'npx sekisho order place apps/cli/examples/order.json',
        'npx sekisho order place --key po-2026-0815 apps/cli/examples/order.json',
      ],
    ),
  )
    .option(
      '--key <key>',
      frame.text({
        en: 'idempotency key: the same order with the same key is placed once',
        ja: '冪等キー: 同じキーの同じ注文は一度だけ発注される',
      }),
    )
    .action(
      frame.running<OrderPlaceOptions>(async (terminal, options, file = '') => {
        const { placeOrder } = await import('../orders/place-order.js');
        return placeOrder(terminal, options, file);
      }),
    );

const withFile = (frame: CommandFrame, command: Command): Command =>
  command
    .argument(
      '<file>',
      frame.text({
        en: "the order's JSON, as in POST /v1/orders; - reads standard input",
        ja: '注文の JSON (POST /v1/orders と同じ)。- は標準入力',
      }),
    )
    .option('--json', frame.text({ en: 'print the answer as JSON', ja: '結果を JSON で出力する' }));
