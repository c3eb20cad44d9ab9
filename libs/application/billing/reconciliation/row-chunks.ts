import { writeSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { MicrosoftRow } from '../../../domain/billing/reconciliation/microsoft-line.js';

/** Half of the log's limit for a chunk, so that an append does not delay orders for long. */
const CHUNK_BYTES_AT_MOST = 128 * 1024;

/** Writes the rows of a file in the chunks in which they will be appended. */
export class RowChunks {
  private readonly lengths: number[] = [];
  private rows: string[] = [];
  private bytes = 0;

  constructor(private readonly descriptor: number) {}

  add(row: MicrosoftRow): void {
    const text = JSON.stringify(row);
    const size = Buffer.byteLength(text) + 1;
    if (this.rows.length > 0 && this.bytes + size > CHUNK_BYTES_AT_MOST) this.flush();
    this.rows.push(text);
    this.bytes += size;
  }

  /** The length of each chunk, in bytes. */
  finish(): readonly number[] {
    if (this.rows.length > 0) this.flush();
    return this.lengths;
  }

  private flush(): void {
    const chunk = Buffer.from(`[${this.rows.join(',')}]`);
    for (let written = 0; written < chunk.length;)
      written += writeSync(this.descriptor, chunk, written);
    this.lengths.push(chunk.length);
    this.rows = [];
    this.bytes = 0;
  }
}

/** The chunks in the order in which they were written. */
export async function* writtenChunks(
  file: FileHandle,
  lengths: readonly number[],
): AsyncGenerator<readonly MicrosoftRow[]> {
  let position = 0;
  for (const length of lengths) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, position);
    if (bytesRead !== length)
      throw new Error(`${bytesRead} of ${length} bytes of a chunk could be read`);
    yield JSON.parse(buffer.toString('utf8')) as readonly MicrosoftRow[]; // written by RowChunks
    position += length;
  }
}
