import type { Command } from 'commander';
import { date, knownAt } from './argument.js';
import type { CommandFrame } from './command-frame.js';
import type { ReplayOptions } from '../replay/replay.js';

export const replayCommand = (frame: CommandFrame): Command =>
  frame
    .command(
      'replay',
      {
        en: 'Replay the log and verify it. Every event is folded, every decision is reproduced from its recorded facts, and every accepted order is validated against the events before it. With --as-of, every order is also judged on that day. Exit code 1: a difference.',
        ja: 'ログをリプレイして検証する。全イベントを畳み込み、全判定を記録された事実から再現し、承認された注文を先行するイベントと照合する。--as-of を付けると、さらに全注文をその日付で判定する。終了コード 1: 差異あり。',
      },
      [
        'npx sekisho replay',
        'npx sekisho replay --known-at 100',
        'npx sekisho replay --as-of 2027-06-01',
      ],
    )
    .option(
      '--as-of <date>',
      frame.text({
        en: 'also judge every order on this day (UTC) and list those with another outcome',
        ja: '全注文をこの日付 (UTC) でも判定し、結果が変わるものを示す',
      }),
      date,
    )
    .option(
      '--known-at <position|instant>',
      frame.text({
        en: 'replay up to here (default: the whole log)',
        ja: 'ここまでをリプレイする (既定: ログ全体)',
      }),
      knownAt,
    )
    .option('--json', frame.text({ en: 'print the result as JSON', ja: '結果を JSON で出力する' }))
    .action(
      frame.running<ReplayOptions>(async (terminal, options) => {
        const { replay } = await import('../replay/replay.js');
        return replay(terminal, options);
      }),
    );
