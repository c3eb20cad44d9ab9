import { RECORD_BYTES_AT_MOST } from './file-record.js';

const NEWLINE = 0x0a;
/**
 * Characters that are skipped where a line begins. Skipping a byte costs a hundredth of creating a
 * line.
 */
const skipped = { 'line-breaks': [NEWLINE, 0x0d], blanks: [NEWLINE, 0x0d, 0x20, 0x09] } as const;

export const TOO_LONG = Symbol('longer than a record may be');
export type FileLine = Buffer | typeof TOO_LONG;

/** Splits a stream of bytes into lines. They do not depend on where the pieces begin and end. */
export class Lines {
  private begun: Buffer[] = [];
  private begunBytes = 0;
  private readonly skipped: ReadonlySet<number>;

  /** Sets which characters are skipped where a line begins. */
  constructor(skip: keyof typeof skipped) {
    this.skipped = new Set<number>(skipped[skip]);
  }

  *in(piece: Uint8Array): Generator<FileLine> {
    const buffer = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    let from = this.begunBytes > 0 ? 0 : this.lineFrom(buffer, 0);
    for (let end = buffer.indexOf(NEWLINE, from); end >= 0; end = buffer.indexOf(NEWLINE, from)) {
      this.begin(buffer.subarray(from, end));
      yield this.rest();
      from = this.lineFrom(buffer, end + 1);
    }
    // A copy, because the caller may overwrite these bytes.
    if (from < buffer.length) this.begin(Buffer.from(buffer.subarray(from)));
  }

  rest(): FileLine {
    const line = this.begunBytes > RECORD_BYTES_AT_MOST ? TOO_LONG : Buffer.concat(this.begun);
    this.begun = [];
    this.begunBytes = 0;
    return line;
  }

  private lineFrom(buffer: Buffer, from: number): number {
    let at = from;
    while (at < buffer.length && this.skipped.has(buffer[at] ?? NEWLINE)) at += 1;
    return at;
  }

  private begin(part: Buffer): void {
    this.begunBytes += part.length;
    if (this.begunBytes <= RECORD_BYTES_AT_MOST) this.begun.push(part);
    else this.begun = [];
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Decodes a line without its byte-order mark; undefined if it is not UTF-8. */
export function textOf(line: Buffer): string | undefined {
  try {
    return utf8.decode(line);
  } catch {
    return undefined;
  }
}
