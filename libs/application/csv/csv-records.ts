import { finished } from 'node:stream/promises';
import { parse, type Parser } from 'csv-parse';

/** The file cannot be parsed any further. */
export class UnreadableCsv extends Error {
  override readonly name = 'UnreadableCsv';
}

/** A row of an uploaded file that is not accepted. */
export interface RejectedRow {
  /** The first row after the header is 1; 0 is the header itself. */
  readonly row: number;
  readonly reason: string;
}

/**
 * Returns the records of a CSV file (RFC 4180) while its pieces arrive. It calls the parser
 * directly instead of iterating over it: the iterator would lose the records before an error, and
 * with them the number of the faulty row. An error of the source is thrown after the records before
 * it.
 */
export async function* csvRecords(
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  recordBytesAtMost: number,
): AsyncGenerator<readonly string[]> {
  const parser = parse({
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: recordBytesAtMost,
  });
  parser.on('error', () => undefined); // thrown below, after the records before it
  const source: { fault?: unknown } = {};
  try {
    for await (const piece of untilFault(pieces, source)) {
      parser.write(piece);
      yield* recordsOf(parser);
      throwIfUnreadable(parser);
    }
    parser.end();
    await finished(parser, { readable: false }).catch(() => undefined);
    yield* recordsOf(parser);
    if (source.fault !== undefined) throw source.fault;
    throwIfUnreadable(parser);
  } finally {
    parser.destroy();
  }
}

async function* untilFault(
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  source: { fault?: unknown },
): AsyncGenerator<string | Uint8Array> {
  try {
    yield* pieces;
  } catch (fault) {
    source.fault = fault;
  }
}

function* recordsOf(parser: Parser): Generator<readonly string[]> {
  for (let cells: unknown = parser.read(); cells !== null; cells = parser.read())
    yield cells as readonly string[]; // the parser has no `columns` option, so it returns arrays
}

function throwIfUnreadable({ errored }: Parser): void {
  if (errored)
    throw new UnreadableCsv(`the file is not CSV from here on: ${errored.message}`, {
      cause: errored,
    });
}
