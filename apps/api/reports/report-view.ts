import type { Column, ColumnType, ReportRow } from '../../../libs/application/reports/report.js';
import type { OpenedReport } from '../../../libs/application/reports/reports.js';

export interface ShownColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  readonly unit?: string;
}

/**
 * What every format says of a report beside its rows. `position` is the last event of the log that
 * it covers.
 */
export function reportHead({ report, query }: OpenedReport) {
  const { asOf, knownAt, from, to, partnerId, providerId } = query;
  return {
    report: report.name,
    schemaVersion: report.version,
    position: String(knownAt),
    asOf,
    knownAt: String(knownAt),
    filters: {
      ...(partnerId === undefined ? {} : { partnerId }),
      ...(providerId === undefined ? {} : { providerId }),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    },
    columns: report.columns.map(({ name, type, nullable = false, unit }): ShownColumn => ({
      name,
      type,
      nullable,
      ...(unit === undefined ? {} : { unit }),
    })),
  };
}

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
