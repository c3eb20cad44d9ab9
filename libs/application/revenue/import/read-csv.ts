import { finished } from 'node:stream/promises';
import { parse, type Parser } from 'csv-parse';
import { type FileRecord, RECORD_BYTES_AT_MOST, UnreadableFile } from './file-record.js';
import { type Line, Lines, textOf, TOO_LONG } from './lines.js';
import { revenueFields } from './revenue-record.js';

/** An amount stands in two columns. */
const columns: readonly string[] = [...revenueFields, 'currency'];

/** CSV with a header that names every column, in any order (RFC 4180). Cells are taken as they are. */
export async function* readCsv(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FileRecord> {
  let header: readonly string[] | undefined;
  for await (const cells of records(decoded(bytes))) {
    if (header) yield recordOf(header, cells);
    else header = checkedHeader(cells);
  }
}

/** Driven by hand, because iterating over the parser would lose the records before a fault, and with them the row of the fault. */
async function* records(texts: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  const parser = parse({ relax_column_count: true, skip_empty_lines: true, max_record_size: RECORD_BYTES_AT_MOST });
  parser.on('error', () => undefined); // `errored` tells it after the records before it
  const fault: { unreadable?: UnreadableFile } = {};
  try {
    for await (const text of readable(texts, fault)) {
      parser.write(text);
      yield* parsed(parser);
    }
    parser.end();
    await finished(parser, { readable: false }).catch(() => undefined);
    yield* parsed(parser);
    if (fault.unreadable) throw fault.unreadable;
  } finally {
    parser.destroy();
  }
}

/** Up to where it can be read: the parser looks ahead, and is to give what it has read so far. */
async function* readable(texts: AsyncIterable<string>, fault: { unreadable?: UnreadableFile }): AsyncGenerator<string> {
  try {
    yield* texts;
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    fault.unreadable = error;
  }
}

function* parsed(parser: Parser): Generator<readonly string[]> {
  for (let cells: unknown = parser.read(); cells !== null; cells = parser.read()) yield cells as readonly string[]; // without `columns`
  if (parser.errored)
    throw new UnreadableFile([`the file is no CSV from here on: ${parser.errored.message}`], false, { cause: parser.errored });
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

/** Line by line, so that what cannot be read is told with its row. */
async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const lines = new Lines();
  for await (const piece of bytes) yield* textsOf(lines.in(piece), '\n');
  yield* textsOf([lines.rest()], '');
}

/** The lines of a piece together: the parser costs more by the call than by the character. */
function* textsOf(lines: Iterable<Line>, end: string): Generator<string> {
  let together = '';
  for (const line of lines) {
    const text = line === TOO_LONG ? TOO_LONG : textOf(line);
    if (typeof text === 'string') together += text + end;
    else {
      yield together;
      throw new UnreadableFile([text === undefined ? NOT_UTF8 : `a line is longer than ${RECORD_BYTES_AT_MOST / 1024} KiB`], false);
    }
  }
  yield together;
}

const NOT_UTF8 = 'the file is not UTF-8; save it as "CSV UTF-8" and upload it again';
