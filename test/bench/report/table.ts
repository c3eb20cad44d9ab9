import {
  compared,
  type Comparison,
  isSkipped,
  type Line,
  type Skipped,
  type Spread,
  spreadOf,
  type Unit,
  verdictOn,
} from './comparison.js';

const HEADINGS = ['row', 'ours', 'beside', 'ratio', 'spread', 'target', ''] as const;
type Cells = readonly [
  row: string,
  ours: string,
  beside: string,
  ratio: string,
  spread: string,
  target: string,
  verdict: string,
];

/** The table for a terminal: one row for each comparison, with notes below. */
export function tableText(lines: readonly Line[]): string {
  const all: readonly Cells[] = [HEADINGS, ...lines.map(cellsOf)];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...all.map((cells) => (cells[column] ?? '').length)),
  );
  // prettier-ignore
  const table = all.map((cells) => cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ').trimEnd());
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  const [headings = '', ...rows] = table;
  return [headings, rule, ...rows, '', ...notesOf(lines)].join('\n');
}

/** The same table for the documentation. */
export function tableMarkdown(lines: readonly Line[]): string {
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = HEADINGS.map((_, column) => (column === 0 ? '---' : '--:'));
  const rows = [[...HEADINGS.slice(0, 6), 'met'], rule, ...lines.map(cellsOf)].map(row);
  return [...rows, '', ...notesOf(lines).map((note) => `- ${note}`)].join('\n');
}

const cellsOf = (line: Line): Cells => (isSkipped(line) ? skippedCells(line) : comparedCells(line));

function skippedCells({ work, skipped }: Skipped): Cells {
  return [`${work} (skipped: ${skipped})`, '', '', '', '', '', 'skipped'];
}

function comparedCells(comparison: Comparison): Cells {
  const { work, beside, unit, rounds, by = 'ratio' } = comparison;
  const ratio = compared(comparison);
  const show =
    by === 'ratio'
      ? ratioText
      : (value: number): string => `${value >= 0 ? '+' : ''}${measured(value, unit)}`;
  return [
    `${work} / ${beside}`,
    measured(spreadOf(rounds.map(({ ours }) => ours)).median, unit),
    measured(spreadOf(rounds.map((round) => round.beside)).median, unit),
    show(ratio.median),
    spreadText(ratio, show),
    targetText(comparison, show),
    verdictOn(comparison) ?? '',
  ];
}

function targetText({ target }: Comparison, show: (value: number) => string): string {
  if (!target) return '';
  return 'atLeast' in target ? `≥ ${show(target.atLeast)}` : `≤ ${show(target.atMost)}`;
}

const spreadText = ({ lowest, highest }: Spread, show: (value: number) => string): string =>
  `${show(lowest)} … ${show(highest)}`;
const ratioText = (value: number): string =>
  `${value >= 10 ? value.toFixed(1) : value.toFixed(2)}×`;

function measured(value: number, unit: Unit): string {
  if (unit !== 'ms') return Math.round(value).toLocaleString('en-US') + (unit === '/s' ? '/s' : '');
  return `${Math.abs(value) < 100 ? value.toFixed(2) : Math.round(value)} ms`;
}

const notesOf = (lines: readonly Line[]): readonly string[] =>
  lines.flatMap((line) =>
    isSkipped(line) ? [] : (line.notes ?? []).map((note) => `${line.id}: ${note}`),
  );
