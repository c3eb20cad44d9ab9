import { Argument, type Command } from 'commander';
import type { CommandFrame } from './command-frame.js';

/** Listed here so that the help loads no read models; `cli-help.spec.ts` compares both lists. */
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
];

export const rebuildCommand = (frame: CommandFrame): Command =>
  frame
    .command(
      'rebuild',
      {
        en: 'Rebuild a projection from the log, beside the tables in use. A running service does the work; without one, this command does. Old and new rows are compared before the switch. Exit code 1: they differed, and the new rows are in use now.',
        ja: 'プロジェクションを、使用中の表の隣でログから作り直す。サービスが動いていればサービスが、なければこのコマンドが行う。切り替えの前に新旧の行を比較し、差異があれば終了コード 1 (以後はログから作った行が使われる)。',
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
