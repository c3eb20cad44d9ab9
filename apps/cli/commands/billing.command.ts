import { type Command, InvalidArgumentError } from 'commander';
import { isMonth } from '../../../libs/domain/shared/calendar.js';
import type { CommandFrame } from './command-frame.js';
import type { BillingRunOptions } from '../billing/run-billing.js';
import type { BillingStatusOptions } from '../billing/billing-status.js';
import type { BillingReconcileOptions } from '../billing/reconcile.js';

/** Microsoft's number of an invoice, as the API's address has it. */
const invoiceNumber = (text: string): string => {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u.test(text)) throw new InvalidArgumentError('');
  return text;
};

const month = (text: string): string => {
  if (!isMonth(text)) throw new InvalidArgumentError('YYYY-MM');
  return text;
};

const collect = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  text,
];

export const billingCommand = (frame: CommandFrame): Command => {
  const json = frame.text({ en: 'print the result as JSON', ja: '結果を JSON で出力する' });
  return frame
    .command('billing', { en: 'Billing runs and reconciliation.', ja: '請求の実行と照合。' })
    .addCommand(
      frame
        .command(
          'run',
          {
            en: 'Bill the charges of a month that are on no document, and wait until the run is completed. A service may run on the same data directory: then both work on the run. A run that is interrupted is continued by the service. Exit code 1: a payer could not be billed, or the month is not over.',
            ja: '文書に載っていない月内の課金を請求し、完了を待つ。同じデータディレクトリでサービスが動いていてもよく、その場合は両方が作業する。中断された実行はサービスが引き継ぐ。終了コード 1: 請求できない支払者がある、または月が終わっていない。',
          },
          [
            'npx sekisho billing run --period 2026-10 --dry-run',
            'npx sekisho billing run --period 2026-10 --entity kansai-billing',
          ],
        )
        .requiredOption(
          '--period <month>',
          frame.text({ en: 'the month, YYYY-MM', ja: '対象月 (YYYY-MM)' }),
          month,
        )
        .option(
          '--entity <entityId>',
          frame.text({
            en: 'only this billing entity; may be repeated',
            ja: 'この請求主体のみ (繰り返し可)',
          }),
          collect,
        )
        .option(
          '--payer <payer>',
          frame.text({
            en: 'only this payer, customer:<tenantId> or partner:<partnerId>; may be repeated',
            ja: 'この支払者のみ。customer:<tenantId> または partner:<partnerId> (繰り返し可)',
          }),
          collect,
        )
        .option(
          '--dry-run',
          frame.text({
            en: 'append nothing, and show what the run would issue',
            ja: '何も記録せず、発行される内容だけを示す',
          }),
        )
        .option('--json', json)
        .action(
          frame.running<BillingRunOptions>(async (terminal, options) => {
            const { runBilling } = await import('../billing/run-billing.js');
            return runBilling(terminal, options);
          }),
        ),
    )
    .addCommand(
      frame
        .command(
          'status',
          {
            en: 'Show a billing run, or the last runs. Exit code 1: the run has blocked payers, or there is no such run.',
            ja: '請求の実行、または最近の実行を示す。終了コード 1: 請求できない支払者がある、または該当する実行がない。',
          },
          ['npx sekisho billing status'],
        )
        .argument('[runId]', frame.text({ en: 'the id of a run', ja: '実行の ID' }))
        .option('--json', json)
        .action(
          frame.running<BillingStatusOptions>(async (terminal, options, runId) => {
            const { billingStatus } = await import('../billing/billing-status.js');
            return billingStatus(terminal, options, runId);
          }),
        ),
    )
    .addCommand(
      frame
        .command(
          'reconcile',
          {
            en: 'Record Microsoft’s reconciliation file for an invoice, and compare it with our charges at cost. A service may run on the same data directory. Exit code 1: a line differs or is on one side only, or the file is rejected.',
            ja: '請求書に対する Microsoft の照合ファイルを記録し、原価で計算した課金と比較する。同じデータディレクトリでサービスが動いていてもよい。終了コード 1: 差異または片方だけの行がある、あるいはファイルが受け付けられない。',
          },
          ['npx sekisho billing reconcile --invoice G012345678 reconciliation.csv.gz'],
        )
        .argument(
          '<file>',
          frame.text({
            en: 'CSV, JSON Lines or a JSON array, plain or gzip',
            ja: 'CSV、JSON Lines または JSON 配列。gzip 圧縮も可',
          }),
        )
        .requiredOption(
          '--invoice <number>',
          frame.text({ en: 'Microsoft’s number of the invoice', ja: 'Microsoft の請求書番号' }),
          invoiceNumber,
        )
        .option(
          '--partner <partnerId>',
          frame.text({
            en: 'the partner; else the one whose CSP tenant the file names',
            ja: 'パートナー。省略時はファイルの CSP テナントから特定する',
          }),
        )
        .option('--json', json)
        .action(
          frame.running<BillingReconcileOptions>(async (terminal, options, file = '') => {
            const { reconcileFile } = await import('../billing/reconcile.js');
            return reconcileFile(terminal, options, file);
          }),
        ),
    );
};
