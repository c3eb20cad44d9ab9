import type { Command } from 'commander';
import type { CommandFrame } from './command-frame.js';
import type { VerifyOptions } from '../verify/verify.js';

export const verifyCommand = (frame: CommandFrame): Command =>
  frame
    .command(
      'verify',
      {
        en: 'Verify the data that is derived from the log. With --projections, the log is folded again into a temporary file, and the result is compared with every row of the read models. With --documents, the digest, the number and the issue of every invoice and credit note are checked against the log. Nothing is changed, and a service may keep running. Exit code 1: a row or a document differs, or a projection has stopped.',
        ja: 'ログから導かれたデータを検証する。--projections を付けると、ログをもう一度一時ファイルに畳み込み、その結果を読み取りモデル (一覧やレポートの元) の全行と比較する。--documents を付けると、すべての請求書とクレジットノートのダイジェスト、番号、発行をログと照合する。サービスは動いたままでよく、何も変更しない。終了コード 1: 行または文書が異なる、または停止したプロジェクションがある。',
      },
      ['npx sekisho verify --projections', 'npx sekisho verify --documents --json'],
    )
    .option(
      '--projections',
      frame.text({
        en: 'compare the rows of every projection with the log',
        ja: '全プロジェクションの行をログと照合する',
      }),
    )
    .option(
      '--documents',
      frame.text({
        en: 'check every invoice and credit note against the log',
        ja: 'すべての請求書とクレジットノートをログと照合する',
      }),
    )
    .option('--json', frame.text({ en: 'print the result as JSON', ja: '結果を JSON で出力する' }))
    .action(
      frame.running<VerifyOptions>(async (terminal, options) => {
        const { verify } = await import('../verify/verify.js');
        return verify(terminal, options);
      }),
    );
