import type { Command } from 'commander';
import type { ImportOptions } from '../take-over/take-over.js';
import type { CommandFrame } from './command-frame.js';

export const importCommand = (frame: CommandFrame): Command =>
  frame
    .command(
      'import',
      {
        en: 'Import the partners, customers and running subscriptions of an earlier system. A service may run on the same data directory. Either all lines are imported or none: wrong lines are listed, and the exit code is 1. An interrupted import is repeated with the same file. Each line is a JSON object: { "kind": "partner", "partnerId", … } with the body of PUT /v1/partners/{partnerId}; { "kind": "customer", "tenantId", …, "agreements", "relationships" } with the body of PUT /v1/customers/{tenantId}; or { "kind": "subscription", … } as docs/billing.md describes. The order gate does not judge the subscriptions.',
        ja: '以前のシステムのパートナー、顧客、稼働中のサブスクリプションを取り込む。同じデータディレクトリでサービスが動いていてもよい。全行が取り込まれるか、何も取り込まれないかのどちらかで、誤りのある行があれば一覧にして終了コード 1 で終わる。中断した取り込みは同じファイルで再実行する。各行は JSON オブジェクト: PUT /v1/partners/{partnerId} の本文を持つ { "kind": "partner", "partnerId", … }、PUT /v1/customers/{tenantId} の本文を持つ { "kind": "customer", "tenantId", …, "agreements", "relationships" }、または docs/billing.md に記載の { "kind": "subscription", … }。サブスクリプションは注文ゲートの判定を受けない。',
      },
      ['npx sekisho import apps/cli/examples/take-over.ndjson'],
    )
    .argument(
      '<file>',
      frame.text({ en: 'a file of one JSON object a line', ja: '1 行に 1 つの JSON オブジェクト' }),
    )
    .option('--json', frame.text({ en: 'print the report as JSON', ja: '結果を JSON で出力する' }))
    .action(
      frame.running<ImportOptions>(async (terminal, options, file = '') => {
        const { takeOver } = await import('../take-over/take-over.js');
        return takeOver(terminal, options, file);
      }),
    );
