import { csvRecords, UnreadableCsv } from '../../csv/csv-records.js';
import {
  type FileRecord,
  RECORD_BYTES_AT_MOST,
  UnreadableFile,
} from '../../uploads/file-record.js';
import { type FileLine, Lines, textOf, TOO_LONG } from '../../uploads/lines.js';
import { revenueFields } from './revenue-record.js';

/** An amount has two columns. */
const columns: readonly string[] = [...revenueFields, 'currency'];

/**
 * Reads CSV (RFC 4180) with a header that names every column, in any order. Cells are used
 * unchanged.
 */
export async function* readCsv(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FileRecord> {
  let header: readonly string[] | undefined;
  for await (const cells of records(decoded(bytes))) {
    if (header) yield recordOf(header, cells);
    else header = checkedHeader(cells);
  }
}

async function* records(texts: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  try {
    yield* csvRecords(texts, RECORD_BYTES_AT_MOST);
  } catch (error) {
    throw error instanceof UnreadableCsv
      ? new UnreadableFile([error.message], false, { cause: error })
      : error;
  }
}

function checkedHeader(cells: readonly string[]): readonly string[] {
  const header = cells.map((cell) => cell.trim());
  const faults = [
    ...columns
      .filter((column) => !header.includes(column))
      .map((column) => `column ${column} is missing`),
    ...columns
      .filter((column) => header.indexOf(column) !== header.lastIndexOf(column))
      .map((column) => `column ${column} occurs twice`),
    ...header
      .filter((column) => !columns.includes(column))
      .map((column) => `column ${JSON.stringify(column.slice(0, 40))} is unknown`),
  ];
  if (faults.length > 0) throw new UnreadableFile(faults, true);
  return header;
}

function recordOf(header: readonly string[], cells: readonly string[]): FileRecord {
  if (cells.length !== header.length)
    return { fault: `the row has ${cells.length} cells, the header ${header.length}` };
  const fields: Record<string, unknown> = {};
  for (const [index, column] of header.entries()) fields[column] = cells[index];
  const { amount, currency, ...others } = fields;
  return { fields: { ...others, amount: { amount, currency } } };
}

/** Decodes line by line, so that an error names its row. */
async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const lines = new Lines('line-breaks');
  for await (const piece of bytes) yield* textsOf(lines.in(piece), '\n');
  yield* textsOf([lines.rest()], '');
}

/** Joins the lines of a piece, because one call of the parser is cheaper than many. */
function* textsOf(lines: Iterable<FileLine>, end: string): Generator<string> {
  let together = '';
  for (const line of lines) {
    const text = line === TOO_LONG || hasTooManyCells(line) ? undefined : textOf(line);
    if (text !== undefined) together += text + end;
    else {
      yield together;
      throw new UnreadableFile([faultOf(line)], false);
    }
  }
  yield together;
}

/**
 * Many times the number of revenue columns. Checked first, because the parser would create a string
 * for each cell.
 */
const CELLS_AT_MOST = 1_000;
const COMMA = 0x2c;

function hasTooManyCells(line: Buffer): boolean {
  if (line.length < CELLS_AT_MOST) return false;
  let commas = 0;
  for (const byte of line) if (byte === COMMA) commas += 1;
  return commas >= CELLS_AT_MOST;
}

function faultOf(line: FileLine): string {
  if (line === TOO_LONG) return `a line is longer than ${RECORD_BYTES_AT_MOST / 1024} KiB`;
  if (hasTooManyCells(line)) return `a row has more than ${CELLS_AT_MOST} cells`;
  return 'the file is not UTF-8; save it as "CSV UTF-8" and upload it again';
}
