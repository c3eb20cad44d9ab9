import type { Command } from 'commander';
import { date, instant } from './argument.js';
import type { GlobalOptions, CommandFrame } from './command-frame.js';

export interface TickOptions extends GlobalOptions {
  readonly on: string;
  readonly at?: string;
}

export const tickCommand = (frame: CommandFrame): Command =>
  frame
    .command(
      'tick',
      {
        en: 'Start the days that are due up to a date. Missed days are started in order; no day after today (UTC) is started. On a log created with CLOCK=manual, the clock is set first, and later dates are allowed.',
        ja: '指定日までの、まだ始まっていない日を始める。抜けた日は順に始め、今日 (UTC) より先へは進まない。CLOCK=manual で作ったログでは先に時計を合わせ、先の日付も指定できる。',
      },
      [
        'npx sekisho tick --on "$(date -u +%F)"',
        'npx sekisho tick --on 2026-12-01 --at 2026-12-01T09:00:00Z   # CLOCK=manual',
      ],
    )
    .requiredOption(
      '--on <date>',
      frame.text({ en: 'the last day to start (UTC)', ja: '始める最後の日 (UTC)' }),
      date,
    )
    .option(
      '--at <instant>',
      frame.text({
        en: 'the time to which a manual clock is set (default: the start of that day)',
        ja: '手動の時計に設定する日時 (既定: その日の始まり)',
      }),
      instant,
    )
    .action(
      frame.running<TickOptions>(async (terminal, { on, at, ...options }) => {
        const { changeProgram } = await import('../program/change-program.js');
        return changeProgram(terminal, options, {
          type: 'tick',
          on,
          ...(at === undefined ? {} : { at }),
        });
      }),
    );
