import { isUtf8 } from 'node:buffer';
import { cellsOfJson } from '../../../domain/billing/reconciliation/microsoft-cells.js';
import { headerFaults } from '../../../domain/billing/reconciliation/microsoft-columns.js';
import type { MicrosoftRow } from '../../../domain/billing/reconciliation/microsoft-line.js';
import { boundedRecords } from '../../csv/bounded-records.js';
import { csvRecords, UnreadableCsv } from '../../csv/csv-records.js';
import { RECORD_BYTES_AT_MOST, UnreadableFile } from '../../uploads/file-record.js';
import { type FileLine, Lines, TOO_LONG } from '../../uploads/lines.js';
import { exactJson } from './exact-json.js';

/** The cells of one line of a file, or the reason why they could not be read. */
export type LineCells = { readonly cells: MicrosoftRow['cells'] } | { readonly fault: string };

/** The bytes of a file in the order of their place. */
export type Pieces = () => Iterable<Uint8Array>;

const CELLS_AT_MOST = 1_000;
/** A JSON array is parsed as a whole. */
const ARRAY_BYTES_AT_MOST = 64 * 1024 * 1024;
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * The lines of Microsoft's file, in the form in which it was exported: CSV, JSON Lines or a JSON
 * array. The form is known by the first character. Throws UnreadableFile.
 */
export async function* fileRecords(pieces: Pieces, bytes: number): AsyncGenerator<LineCells> {
  const first = firstCharacter(pieces);
  if (first === '{') yield* jsonLines(pieces);
  else if (first === '[') yield* jsonArray(pieces, bytes);
  else yield* csvLines(pieces);
}

function firstCharacter(pieces: Pieces): string | undefined {
  for (const piece of pieces()) {
    const text = Buffer.from(piece).toString('utf8').replace(BYTE_ORDER_MARK, '').trimStart();
    if (text !== '') return text[0];
  }
  return undefined;
}

async function* csvLines(pieces: Pieces): AsyncGenerator<LineCells> {
  const bounds = { bytes: RECORD_BYTES_AT_MOST, cells: CELLS_AT_MOST };
  let header: readonly string[] | undefined;
  try {
    for await (const record of csvRecords(boundedRecords(utf8(pieces), bounds), bounds.bytes)) {
      if (header) yield lineOf(header, record);
      else header = checkedHeader(record);
    }
  } catch (error) {
    throw error instanceof UnreadableCsv
      ? new UnreadableFile([error.message], header === undefined, { cause: error })
      : error;
  }
}

function checkedHeader(record: readonly string[]): readonly string[] {
  const header = record.map((name) => name.trim());
  const repeated = header.filter((name, at) => name !== '' && header.indexOf(name) !== at);
  const faults = [
    ...headerFaults(header),
    ...repeated.map((name) => `column ${JSON.stringify(name.slice(0, 40))} occurs twice`),
  ];
  if (faults.length > 0) throw new UnreadableFile(faults, true);
  return header;
}

function lineOf(header: readonly string[], record: readonly string[]): LineCells {
  if (record.length !== header.length)
    return { fault: `the row has ${record.length} cells, the header ${header.length}` };
  return { cells: presentCells(header.map((name, at) => [name, record[at] ?? ''])) };
}

/** Empty cells say nothing, and would double the size of a line in the log. */
const presentCells = (cells: readonly (readonly [string, string])[]): MicrosoftRow['cells'] =>
  Object.fromEntries(cells.filter(([name, cell]) => name !== '' && cell.trim() !== ''));

function* jsonLines(pieces: Pieces): Generator<LineCells> {
  const lines = new Lines('blanks');
  for (const piece of pieces()) for (const line of lines.in(piece)) yield* lineOfJson(line);
  yield* lineOfJson(lines.rest());
}

function* lineOfJson(line: FileLine): Generator<LineCells> {
  if (line === TOO_LONG)
    yield { fault: `the line is longer than ${RECORD_BYTES_AT_MOST / 1024} KiB` };
  else if (line.toString('utf8').replace(BYTE_ORDER_MARK, '').trim() !== '') {
    const read = exactJson(line);
    yield 'fault' in read ? { fault: `the line ${read.fault}` } : cellsOf(read.value);
  }
}

function* jsonArray(pieces: Pieces, bytes: number): Generator<LineCells> {
  if (bytes > ARRAY_BYTES_AT_MOST)
    throw unreadable(
      `a JSON array has at most ${ARRAY_BYTES_AT_MOST / 1024 ** 2} MiB; send a longer file as JSON Lines, one object a line`,
    );
  const read = exactJson(Buffer.concat([...pieces()]));
  if ('fault' in read) throw unreadable(`the file ${read.fault}`);
  if (!Array.isArray(read.value)) throw unreadable('the file is not a JSON array');
  for (const item of read.value as readonly unknown[]) yield cellsOf(item);
}

function cellsOf(value: unknown): LineCells {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { fault: 'the line is not a JSON object' };
  return { cells: presentCells(Object.entries(cellsOfJson({ ...value }))) };
}

const unreadable = (reason: string): UnreadableFile => new UnreadableFile([reason], true);

/** The pieces, as long as they are UTF-8. A character can be in two pieces. */
function* utf8(pieces: Pieces): Generator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array();
  for (const piece of pieces()) {
    const whole = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const end = endOfCharacters(whole);
    if (!isUtf8(whole.subarray(0, end))) throw notUtf8();
    rest = Buffer.from(whole.subarray(end));
    yield whole.subarray(0, end);
  }
  if (rest.length > 0) throw notUtf8();
}

const notUtf8 = (): UnreadableFile =>
  unreadable('the file is not UTF-8; save it as "CSV UTF-8" and upload it again');

/** Where the last character that is complete ends: at most three bytes before the end. */
function endOfCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back < length ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}
