import { type FileRecord, RECORD_BYTES_AT_MOST } from './file-record.js';

const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** One JSON object a line; empty lines are passed over. Holds no more than a line and the piece it came in. */
export async function* readNdjson(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FileRecord> {
  const lines = new Lines();
  for await (const piece of bytes) {
    for (const line of lines.in(piece)) {
      const record = recordOf(line);
      if (record) yield record;
    }
  }
  const last = recordOf(lines.rest());
  if (last) yield last;
}

const TOO_LONG = Symbol('longer than a record may be');
type Line = Buffer | typeof TOO_LONG;

/** Cuts a stream of bytes into its lines, wherever its pieces begin and end. */
class Lines {
  private begun: Buffer[] = [];
  private begunBytes = 0;
  private isFirst = true;

  *in(piece: Uint8Array): Generator<Line> {
    const buffer = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    let from = 0;
    for (let end = buffer.indexOf(NEWLINE); end >= 0; end = buffer.indexOf(NEWLINE, from)) {
      this.begin(buffer.subarray(from, end));
      yield this.rest();
      from = end + 1;
    }
    // Its bytes may be written over by whoever gave them.
    if (from < buffer.length) this.begin(Buffer.from(buffer.subarray(from)));
  }

  rest(): Line {
    const line = this.begunBytes > RECORD_BYTES_AT_MOST ? TOO_LONG : Buffer.concat(this.begun);
    this.begun = [];
    this.begunBytes = 0;
    const isFirst = this.isFirst;
    this.isFirst = false;
    return isFirst && line !== TOO_LONG && line.subarray(0, 3).equals(BYTE_ORDER_MARK) ? line.subarray(3) : line;
  }

  private begin(part: Buffer): void {
    this.begunBytes += part.length;
    if (this.begunBytes <= RECORD_BYTES_AT_MOST) this.begun.push(part);
    else this.begun = [];
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function recordOf(line: Line): FileRecord | undefined {
  if (line === TOO_LONG) return { fault: `the line is longer than ${RECORD_BYTES_AT_MOST / 1024} KiB` };
  const text = textOf(line);
  if (text === undefined) return { fault: 'the line is not UTF-8' };
  if (text.trim() === '') return undefined;
  try {
    return { fields: JSON.parse(text) as unknown };
  } catch {
    return { fault: 'the line is no JSON' };
  }
}

function textOf(line: Buffer): string | undefined {
  try {
    return utf8.decode(line);
  } catch {
    return undefined;
  }
}
