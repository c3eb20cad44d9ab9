import type { RepeatedRow } from '../../../libs/domain/import/import.js';
import type {
  ImportedOutcome,
  ImportRefusal,
} from '../../../libs/application/revenue/import/import-revenue.command.js';
import { exitCodes, type ExitCode } from '../running/exit.js';
import { refusalText } from '../running/failure-text.js';
import type { Terminal } from '../running/terminal.js';

/** Prints the imported rows and repeats, or the reason of each rejected row. */
export function reportImport(
  terminal: Terminal,
  imported: ImportedOutcome,
  asJson: boolean,
): ExitCode {
  const { outcome, importId, rows = 0, repeats, repeatedCount } = imported;
  if (outcome.kind === 'refused') return rejected(terminal, outcome.refusal, asJson);
  const position = String(outcome.position);
  if (asJson)
    terminal.json({
      importId,
      rows,
      accepted: rows,
      rejected: [],
      repeats,
      repeatedCount,
      position,
    });
  else {
    const again = outcome.kind === 'committed' && outcome.replayed;
    const replayed = again
      ? terminal.text({
          en: ' (by an earlier run with this key)',
          ja: ' (このキーの以前の実行による)',
        })
      : '';
    const count = terminal.number(rows);
    terminal.result(
      `${terminal.text({ en: `imported  ${count} rows`, ja: `取り込み済み  ${count} 行` })}  ${importId ?? ''}${replayed}`,
    );
    if (repeats && repeatedCount) showRepeats(terminal, repeats, repeatedCount);
  }
  return exitCodes.fine;
}

function showRepeats(
  terminal: Terminal,
  repeats: readonly RepeatedRow[],
  repeatedCount: number,
): void {
  for (const { row, of, same } of repeats)
    terminal.result(`${rowText(terminal, row)}  ${terminal.text(repeatText(of, same))}`);
  const [count, listed] = [terminal.number(repeatedCount), terminal.number(repeats.length)];
  terminal.note({
    en: `Rows that repeat an entry: ${count}${repeatedCount > repeats.length ? ` (the first ${listed} are listed)` : ''}. They do not count.`,
    ja: `すでにある明細と重複する行: ${count} 行${repeatedCount > repeats.length ? ` (最初の ${listed} 行を表示)` : ''}。これらの行は計上されません。`,
  });
}

const repeatText = (
  of: RepeatedRow['of'],
  same: boolean,
): { readonly en: string; readonly ja: string } => {
  const [en, ja] =
    of === 'log' ? ['an entry of the log', 'ログにある明細'] : [`row ${of}`, `${of} 行目`];
  return same
    ? { en: `repeats ${en}`, ja: `${ja}と同じ内容の重複です` }
    : {
        en: `repeats the reference of ${en} with other content`,
        ja: `${ja}と参照番号が同じで、内容が異なります`,
      };
};

function rejected(terminal: Terminal, refusal: ImportRefusal, asJson: boolean): ExitCode {
  if (refusal.code !== 'revenue-import-rejected')
    terminal.note(refusalText(refusal.code, terminal.language));
  else if (asJson) {
    const { accepted, rejected, rejectedCount } = refusal;
    terminal.json({ accepted, rejected, rejectedCount });
  } else {
    for (const { row, reason } of refusal.rejected)
      terminal.result(`${rowText(terminal, row)}  ${reason}`);
    const count = terminal.number(refusal.rejectedCount);
    terminal.note({
      en: `Nothing was imported: ${count} rows are invalid. Fix them and import the file again.`,
      ja: `何も取り込まれていません: 無効な行が ${count} 行あります。修正してから、もう一度取り込んでください。`,
    });
  }
  return exitCodes.finding;
}

const rowText = (terminal: Terminal, row: number): string =>
  row === 0
    ? terminal.text({ en: 'header', ja: '見出し' })
    : terminal.text({ en: `row ${row}`, ja: `${row} 行目` });
