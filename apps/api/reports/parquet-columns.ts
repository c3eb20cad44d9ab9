import type { SchemaElement } from 'hyparquet';
import type { ReportColumn, ReportRow } from '../../../libs/application/reports/report.js';
import {
  DECIMAL_DIGITS,
  tenThousandths,
} from '../../../libs/application/reports/control-totals.js';

/**
 * A column of the file, and its value from a row. Amounts and positions are whole numbers of any
 * size, never binary fractions.
 */
export interface ParquetColumn {
  readonly element: SchemaElement;
  readonly of: (row: ReportRow) => string | bigint | number | boolean | null;
}

const PRECISION = 38;
const DAY_MS = 86_400_000;

/**
 * A money column becomes two, the amount and `…Currency`, unless it always has the same currency,
 * as in CSV.
 */
export function parquetColumns({
  name,
  type,
  nullable,
  currency,
}: ReportColumn): readonly ParquetColumn[] {
  const repetition = { repetition_type: nullable ? 'OPTIONAL' : 'REQUIRED' } as const;
  const text = (called: string): SchemaElement => ({
    name: called,
    type: 'BYTE_ARRAY',
    converted_type: 'UTF8',
    logical_type: { type: 'STRING' },
    ...repetition,
  });
  const cell = (row: ReportRow): ReportRow[string] => row[name] ?? null;
  const column = (
    element: Partial<SchemaElement>,
    of: ParquetColumn['of'],
  ): readonly ParquetColumn[] => [{ element: { name, ...element, ...repetition }, of }];
  switch (type) {
    case 'text':
      return [{ element: text(name), of: (row) => textOf(cell(row)) }];
    case 'integer':
    case 'position':
      return column({ type: 'INT64' }, (row) => wholeNumber(cell(row)));
    case 'boolean':
      return column(
        { type: 'BOOLEAN' },
        (row) => cell(row) === true || (cell(row) === false ? false : null),
      );
    case 'date':
      return column(
        { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } },
        (row) => daysOf(cell(row)),
      );
    case 'instant':
      return column(
        {
          type: 'INT64',
          converted_type: 'TIMESTAMP_MILLIS',
          logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
        },
        (row) => msOf(cell(row)),
      );
    case 'decimal':
      return column(decimal, (row) => unscaledOf(cell(row)));
    case 'money':
      return [
        ...column(decimal, (row) => unscaledOf(amountOf(row, name)?.amount ?? null)),
        ...(currency === undefined
          ? [
              {
                element: text(`${name}Currency`),
                of: (row: ReportRow) => amountOf(row, name)?.currency ?? null,
              },
            ]
          : []),
      ];
  }
}

const decimal: Partial<SchemaElement> = {
  type: 'FIXED_LEN_BYTE_ARRAY',
  type_length: 16,
  converted_type: 'DECIMAL',
  logical_type: { type: 'DECIMAL', scale: DECIMAL_DIGITS, precision: PRECISION },
  scale: DECIMAL_DIGITS,
  precision: PRECISION,
};

type CellOf = ReportRow[string];

const textOf = (cell: CellOf): string | null => (typeof cell === 'string' ? cell : null);
const unscaledOf = (cell: CellOf): bigint | null =>
  typeof cell === 'string' ? tenThousandths(cell) : null;
const wholeNumber = (cell: CellOf): bigint | null =>
  typeof cell === 'number' ? BigInt(cell) : null;
const daysOf = (cell: CellOf): number | null =>
  typeof cell === 'string' ? Date.parse(cell) / DAY_MS : null;
const msOf = (cell: CellOf): bigint | null =>
  typeof cell === 'string' ? BigInt(Date.parse(cell)) : null;

function amountOf(
  row: ReportRow,
  name: string,
): { readonly amount: string; readonly currency: string } | null {
  const cell = row[name] ?? null;
  return typeof cell === 'object' ? cell : null;
}
