import type { Column, ReportRow } from '../../../libs/application/reports/report.js';

/**
 * A row as JSON has it: the columns in their order, positions as decimal strings like everywhere.
 */
export const shownRow = (columns: readonly Column[], row: ReportRow): ReportRow =>
  Object.fromEntries(
    columns.map(({ name, type }) => [
      name,
      type === 'position' ? positionText(row[name]) : (row[name] ?? null),
    ]),
  );

const positionText = (cell: ReportRow[string] | undefined): string | null =>
  typeof cell === 'number' ? String(cell) : null;
