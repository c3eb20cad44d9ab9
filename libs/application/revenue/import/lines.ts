import { RECORD_BYTES_AT_MOST } from './file-record.js';

const NEWLINE = 0x0a;

export const TOO_LONG = Symbol('longer than a record may be');
export type Line = Buffer | typeof TOO_LONG;

/** Cuts a stream of bytes into its lines, wherever its pieces begin and end. */
export class Lines {
  private begun: Buffer[] = [];
  private begunBytes = 0;

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
    return line;
  }

  private begin(part: Buffer): void {
    this.begunBytes += part.length;
    if (this.begunBytes <= RECORD_BYTES_AT_MOST) this.begun.push(part);
    else this.begun = [];
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Undefined: it is not UTF-8. A byte-order mark is taken off. */
export function textOf(line: Buffer): string | undefined {
  try {
    return utf8.decode(line);
  } catch {
    return undefined;
  }
}
