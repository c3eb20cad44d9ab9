import { type Command, Option } from 'commander';
import { position } from './argument.js';
import type { GlobalOptions, CommandFrame } from './command-frame.js';

export interface ExportOptions extends GlobalOptions {
  readonly format: 'ndjson';
  readonly after?: number;
  readonly out?: string;
}

export const exportCommand = (frame: CommandFrame): Command =>
  frame
    .command(
      'export',
      {
        en: "Export the log, one event per line. A line is the event's canonical envelope (RFC 8785) with its position; hashes cover the envelope without the position. Control totals are written to standard error.",
        ja: 'ログを 1 行 1 イベントで書き出す。各行は位置 (position) を加えた正準形 (RFC 8785) で、位置を除いたものがハッシュの対象になる。検算用の合計は標準エラーに出す。',
      },
      [
        'npx sekisho export --out log.ndjson',
        'npx sekisho export --format ndjson --after 100 | head -3',
      ],
    )
    .addOption(
      new Option('--format <format>', frame.text({ en: 'form of the output', ja: '出力形式' }))
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
        en: 'write to a file, which appears once it is complete (default: standard output)',
        ja: 'ファイルに書く。完成するまで現れない (既定: 標準出力)',
      }),
    )
    .action(
      frame.running<ExportOptions>(async (terminal, options) => {
        const { exportLog } = await import('../export/export-log.js');
        return exportLog(terminal, options);
      }),
    );
