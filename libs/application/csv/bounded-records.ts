import { UnreadableCsv } from './csv-records.js';

export interface RecordBounds {
  readonly bytes: number;
  readonly cells: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Returns a CSV file's bytes without empty lines, up to the first record that exceeds the bounds.
 * It looks at each byte once, so that a file of only commas, quotation marks or line breaks is
 * rejected before the CSV parser turns it into millions of cells.
 */
export function* boundedRecords(
  pieces: Iterable<Uint8Array>,
  bounds: RecordBounds,
): Generator<Uint8Array> {
  const bounded = new BoundedRecords(bounds);
  for (const piece of pieces) {
    yield bounded.pass(piece);
    if (bounded.fault !== undefined) throw new UnreadableCsv(bounded.fault);
  }
}

const NOTHING = new Uint8Array();

class BoundedRecords {
  fault: string | undefined;
  private isQuoted = false;
  private bytes = 0;
  private cells = 1;

  constructor(private readonly bounds: RecordBounds) {}

  /**
   * The bytes of the piece that the parser may read, without any part of the record that is too
   * long.
   */
  pass(piece: Uint8Array): Uint8Array {
    const kept = Buffer.allocUnsafe(piece.length);
    let length = 0;
    // −1 if the record began in an earlier piece.
    let recordFrom = this.bytes === 0 ? 0 : -1;
    for (const byte of piece) {
      if (!this.isQuoted && (byte === LINE_FEED || byte === CARRIAGE_RETURN)) {
        if (this.bytes === 0) continue;
        kept[length++] = LINE_FEED;
        this.bytes = 0;
        this.cells = 1;
        recordFrom = length;
        continue;
      }
      kept[length++] = byte;
      this.bytes += 1;
      if (byte === QUOTE) this.isQuoted = !this.isQuoted;
      else if (byte === COMMA && !this.isQuoted) this.cells += 1;
      if (this.isTooLong()) return recordFrom < 0 ? NOTHING : kept.subarray(0, recordFrom);
    }
    return kept.subarray(0, length);
  }

  private isTooLong(): boolean {
    const { bytes, cells } = this.bounds;
    if (this.cells > cells)
      this.fault = `the file cannot be read from here on: a row has more than ${cells} cells`;
    else if (this.bytes > bytes)
      this.fault = `the file cannot be read from here on: a row has more than ${bytes / 1024} KiB`;
    return this.fault !== undefined;
  }
}
