import { type Command, Option } from 'commander';
import { position } from './argument.js';
import type { CommandFrame } from './command-frame.js';
import type { ExportOptions } from '../export/export-log.js';

export const exportCommand = (frame: CommandFrame): Command =>
  frame
    .command(
      'export',
      {
        en: "Export the log, one event per line. A line is the event's canonical envelope (RFC 8785) with its position; hashes cover the envelope without the position. Control totals are written to standard error.",
        ja: 'ログを 1 行 1 イベントで書き出す。各行は、イベントの正準形 (RFC 8785) に位置 (position) を加えたもの。ハッシュは位置を除いた正準形から計算する。検算用の合計は標準エラーに出す。',
      },
      [
        'npx sekisho export --out log.ndjson',
        'npx sekisho export --format ndjson --after 100 | head -3',
      ],
    )
    .addOption(
      new Option('--format <format>', frame.text({ en: 'format of the output', ja: '出力形式' }))
        .choices(['ndjson'])
        .default('ndjson'),
    )
    .option(
      '--after <position>',
      frame.text({ en: 'only events after this position', ja: 'この位置より後のイベントだけ' }),
      position,
    )
    .option(
      '--out <file>',
      frame.text({
        en: 'write to this file, which appears when it is complete (default: standard output)',
        ja: 'このファイルに書く。ファイルは完成した時点で現れる (既定: 標準出力)',
      }),
    )
    .action(
      frame.running<ExportOptions>(async (terminal, options) => {
        const { exportLog } = await import('../export/export-log.js');
        return exportLog(terminal, options);
      }),
    );
