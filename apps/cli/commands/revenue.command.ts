import type { Command } from 'commander';
import type { CommandFrame } from './command-frame.js';
import type { RevenueImportOptions } from '../revenue/import-revenue.js';

export const revenueCommand = (frame: CommandFrame): Command =>
  frame
    .command('revenue', { en: 'The revenue of partners in CSP.', ja: 'パートナーの CSP 売上。' })
    .addCommand(
      frame
        .command(
          'import',
          {
            en: 'Import a file of revenue. A service may run on the same data directory. Either all rows are imported or none: rejected rows are listed, and the exit code is 1. An entry counts once: a row that repeats the partner, source and reference of an earlier row or of the log is imported and listed, but not counted. Rows are the bodies of POST /v1/revenue, as NDJSON or as CSV with the columns partnerId, tenantId, amount, currency, recognizedOn, family, soldAs, source, reference.',
            ja: '売上ファイルを取り込む。同じデータディレクトリでサービスが動いていてもよい。全行が取り込まれるか、何も取り込まれないかのどちらかで、受け付けられない行があれば一覧にして終了コード 1 で終わる。同じ明細は一度だけ計上される: パートナー、source、reference がファイルの前の行またはログの明細と同じ行は、取り込まれて一覧に示されるが、計上されない。行の内容は POST /v1/revenue と同じで、NDJSON か、列 partnerId, tenantId, amount, currency, recognizedOn, family, soldAs, source, reference を持つ CSV。',
          },
          [
            'npx sekisho revenue import apps/cli/examples/revenue.csv',
            'npx sekisho revenue import --key october-2026 apps/cli/examples/revenue.ndjson',
          ],
        )
        .argument(
          '<file>',
          frame.text({
            en: 'a file that ends in .csv or .ndjson',
            ja: '.csv または .ndjson のファイル',
          }),
        )
        .option(
          '--key <key>',
          frame.text({
            en: 'idempotency key: the same file with the same key is imported once',
            ja: '冪等キー: 同じキーの同じファイルは一度だけ取り込まれる',
          }),
        )
        .option(
          '--json',
          frame.text({ en: 'print the report as JSON', ja: '結果を JSON で出力する' }),
        )
        .action(
          frame.running<RevenueImportOptions>(async (terminal, options, file = '') => {
            const { importRevenue } = await import('../revenue/import-revenue.js');
            return importRevenue(terminal, options, file);
          }),
        ),
    );
