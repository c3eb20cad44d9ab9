import { parse } from 'csv-parse/sync';

/** A row of reference data is invalid. The service does not start. */
export class BadReferenceData extends Error {
  override readonly name = 'BadReferenceData';
  constructor(file: string, line: number, what: string) {
    super(`${file}:${line}: ${what}`);
  }
}

/**
 * One row of a file, with its cells by column. The caller uses `bad` for the error about a cell.
 */
export interface CsvRow<Column extends string> {
  readonly cells: Readonly<Record<Column, string>>;
  readonly bad: (what: string) => BadReferenceData;
}

/** The rows of a CSV file. It must have exactly these columns and at least one row. */
export function csvRows<Column extends string>(
  file: string,
  content: string,
  columns: readonly Column[],
): readonly CsvRow<Column>[] {
  const [header, ...rows] = linesOf(file, content);
  if (header?.cells.join(',') !== columns.join(','))
    throw new BadReferenceData(file, 1, `the columns are not ${columns.join(',')}`);
  if (rows.length === 0) throw new BadReferenceData(file, 1, 'the file has no rows');
  return rows.map(({ cells, line }) => {
    if (cells.length !== columns.length)
      throw new BadReferenceData(file, line, `${cells.length} cells for ${columns.length} columns`);
    return {
      // Built from `columns`, so it has a cell for each of them.
      cells: Object.fromEntries(
        columns.map((column, index) => [column, cells[index]?.trim() ?? '']),
      ) as Record<Column, string>,
      bad: (what) => new BadReferenceData(file, line, what),
    };
  });
}

interface Line {
  readonly cells: readonly string[];
  readonly line: number;
}

function linesOf(file: string, content: string): readonly Line[] {
  try {
    // With `info` the parser returns each record with the number of its last line. Its types do not
    // show this.
    const records = parse(content, {
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as readonly {
      readonly record: readonly string[];
      readonly info: { readonly lines: number };
    }[];
    return records.map(({ record, info }) => ({ cells: record, line: info.lines }));
  } catch (error) {
    // an error of csv-parse
    const { message, lines } = error as { message: string; lines?: number };
    throw new BadReferenceData(file, lines ?? 1, message);
  }
}
