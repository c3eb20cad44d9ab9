import { kind } from './problem-kind.js';

/** Refusals of billing runs, and of credit notes on request. */
export const documentProblems = {
  'period-not-over': kind(
    422,
    ['The period is not over', '対象期間が終わっていません'],
    [
      'A month can be billed from the first day of the next one (UTC): "firstDay".',
      '月の請求は翌月の初日（UTC、「firstDay」）から実行できます。',
    ],
    [
      'Run again from that day on, or request a dry run ("dryRun": true).',
      'その日以降に実行するか、試算（"dryRun": true）を実行してください。',
    ],
  ),
  'line-unknown': kind(
    422,
    ['The invoice has no such line', '請求書にその明細はありません'],
    [
      'The invoice has no line with the index "lineIndex".',
      '請求書に「lineIndex」の番号の明細はありません。',
    ],
    [
      'Use the "lineIndex" of a line of the invoice.',
      '請求書の明細の「lineIndex」を使ってください。',
    ],
  ),
  'line-repeated': kind(
    422,
    ['A line is named twice', '同じ明細が二度指定されています'],
    [
      'The request names the line "lineIndex" more than once.',
      '明細「lineIndex」が複数回指定されています。',
    ],
    [
      'Name each line once, with its whole amount.',
      '明細ごとに金額をまとめて一度だけ指定してください。',
    ],
  ),
  'credit-exceeds-line': kind(
    422,
    ['The credit exceeds the remaining amount of the line', '明細の残額を超えています'],
    [
      'The remaining amount of the line "lineIndex" is "left".',
      '明細「lineIndex」の残額は「left」です。',
    ],
    ['Credit at most this amount.', '残額以下の金額を指定してください。'],
  ),
  'nothing-to-credit': kind(
    422,
    ['Nothing is left to credit', '減額できる残額がありません'],
    [
      'Earlier credit notes have credited all of these lines.',
      '指定された明細は、以前のクレジットノートですべて減額済みです。',
    ],
    ['No action is needed.', '対応は不要です。'],
  ),
  'credit-below-zero': kind(
    422,
    ['The credit note would be below zero', 'クレジットノートの合計が負になります'],
    [
      'The named lines include credits of the invoice, and their sum is below zero.',
      '指定された明細には請求書上の減額行が含まれ、合計が負になります。',
    ],
    [
      'Name lines whose sum is zero or more, or use "all".',
      '合計が 0 以上になる明細を指定するか、「all」を使ってください。',
    ],
  ),
  'credit-note-too-long': kind(
    422,
    ['The credit note would have too many lines', 'クレジットノートの明細が多すぎます'],
    [
      'A requested credit note has at most "most" lines.',
      'クレジットノートの明細は「most」行までです。',
    ],
    [
      'Credit the lines of the invoice in several requests.',
      '請求書の明細を複数のリクエストに分けて減額してください。',
    ],
  ),
};
