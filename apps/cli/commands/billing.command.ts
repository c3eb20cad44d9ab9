import { type Command, InvalidArgumentError } from 'commander';
import { isMonth } from '../../../libs/domain/shared/calendar.js';
import type { CommandFrame } from './command-frame.js';
import type { BillingRunOptions } from '../billing/run-billing.js';
import type { BillingStatusOptions } from '../billing/billing-status.js';

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
    .command('billing', { en: 'Billing runs.', ja: '請求の実行。' })
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
    );
};
