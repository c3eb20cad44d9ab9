import type {
  ReportColumn,
  ColumnType,
  ReportRow,
} from '../../../libs/application/reports/report.js';
import type { OpenedReport } from '../../../libs/application/reports/reports.js';

export interface ShownColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  readonly unit?: string;
}

/**
 * The head of a report in every format. `position` is the position of the last event that the
 * report covers.
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

/** A row in JSON: the columns in order, positions as decimal strings. */
export const shownRow = (columns: readonly ReportColumn[], row: ReportRow): ReportRow =>
  Object.fromEntries(
    columns.map(({ name, type }) => [
      name,
      type === 'position' ? positionText(row[name]) : (row[name] ?? null),
    ]),
  );

const positionText = (cell: ReportRow[string] | undefined): string | null =>
  typeof cell === 'number' ? String(cell) : null;
