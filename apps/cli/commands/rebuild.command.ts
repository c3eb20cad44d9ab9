import { Argument, type Command } from 'commander';
import type { CommandFrame } from './command-frame.js';

/** Listed here so that the help loads no read models. `cli-help.spec.ts` compares both lists. */
const projections = [
  'partners',
  'customers',
  'orders',
  'offers',
  'names',
  'trailing-revenue',
  'eligibility',
  'tenure',
  'direct-bill',
  'billing-entities',
  'tax-rates',
  'reconciliations',
  'subscriptions',
  'charges',
  'reconciliations',
  'selling-prices',
  'receivables',
  'invoices',
  'billing-runs',
];

export const rebuildCommand = (frame: CommandFrame): Command =>
  frame
    .command(
      'rebuild',
      {
        en: 'Rebuild a projection from the log in new tables, while the present tables stay in use. A running service does the work; without one, this command does. Old and new rows are compared before the switch. Exit code 1: they differed; the new rows are in use now.',
        ja: '現在の表を使い続けながら、プロジェクションをログから新しい表に作り直す。サービスが動いていればサービスが、なければこのコマンドが行う。切り替えの前に新旧の行を比較する。終了コード 1: 差異があり、新しい行に切り替えた。',
      },
      ['npx sekisho rebuild orders'],
    )
    .addArgument(
      new Argument(
        '<projection>',
        frame.text({ en: 'the projection to rebuild', ja: '作り直すプロジェクション' }),
      ).choices(projections),
    )
    .action(
      frame.running(async (terminal, options, projection = '') => {
        const { rebuild } = await import('../projections/rebuild.js');
        return rebuild(terminal, options, projection);
      }),
    );
