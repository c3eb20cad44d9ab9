import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { type FileRecord, RECORD_BYTES_AT_MOST, UnreadableFile } from './file-record.js';
import { revenueFields } from './revenue-record.js';

/** An amount stands in two columns. */
const columns: readonly string[] = [...revenueFields, 'currency'];

/** CSV with a header that names every column, in any order (RFC 4180). Cells are taken as they are. */
export async function* readCsv(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FileRecord> {
  const texts = Readable.from(decoded(bytes), { objectMode: true });
  const records = parse({ relax_column_count: true, skip_empty_lines: true, max_record_size: RECORD_BYTES_AT_MOST });
  texts.once('error', (error) => records.destroy(error));
  let header: readonly string[] | undefined;
  try {
    for await (const cells of texts.pipe(records) as AsyncIterable<readonly string[]>) {
      if (header) yield recordOf(header, cells);
      else header = checkedHeader(cells);
    }
  } catch (error) {
    throw error instanceof CsvError
      ? new UnreadableFile([`the file is no CSV from here on: ${error.message}`], false, { cause: error })
      : error;
  } finally {
    texts.destroy();
  }
}

function checkedHeader(cells: readonly string[]): readonly string[] {
  const header = cells.map((cell) => cell.trim());
  const faults = [
    ...columns.filter((column) => !header.includes(column)).map((column) => `column ${column} is missing`),
    ...columns.filter((column) => header.indexOf(column) !== header.lastIndexOf(column)).map((column) => `column ${column} is given twice`),
    ...header.filter((column) => !columns.includes(column)).map((column) => `column ${JSON.stringify(column.slice(0, 40))} is not known`),
  ];
  if (faults.length > 0) throw new UnreadableFile(faults, true);
  return header;
}

function recordOf(header: readonly string[], cells: readonly string[]): FileRecord {
  if (cells.length !== header.length) return { fault: `the row has ${cells.length} cells, the header ${header.length}` };
  const fields: Record<string, unknown> = {};
  for (const [index, column] of header.entries()) fields[column] = cells[index];
  const { amount, currency, ...others } = fields;
  return { fields: { ...others, amount: { amount, currency } } };
}

/** The byte-order mark of a spreadsheet's export is taken off. */
async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  const text = (piece?: Uint8Array): string => {
    try {
      return piece ? utf8.decode(piece, { stream: true }) : utf8.decode();
    } catch (cause) {
      throw new UnreadableFile(['the file is not UTF-8; save it as "CSV UTF-8" and upload it again'], false, { cause });
    }
  };
  for await (const piece of bytes) yield text(piece);
  yield text();
}
