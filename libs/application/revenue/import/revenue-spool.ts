import { writeSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { RevenueRow } from '../../../domain/qualification/revenue.js';
import { openUnlinkedFile } from '../../uploads/unlinked-file.js';
import type { RepeatInFile } from './repeated-references.js';

/**
 * Half of the log's limit for a chunk (256 KiB). The thread that processes orders appends the
 * chunks, and a smaller chunk blocks it for a shorter time.
 */
const CHUNK_BYTES_AT_MOST = 128 * 1024;

/** The rows of one chunk of the log, and those of them that repeat an earlier row of the file. */
export interface SpooledChunk {
  readonly rows: readonly RevenueRow[];
  readonly repeats: readonly RepeatInFile[];
}

/**
 * The rows of an import, from reading to appending. They are on disk because they may not fit in
 * memory.
 */
export class RevenueSpool {
  private constructor(private readonly file: FileHandle) {}

  static async open(folder: string): Promise<RevenueSpool> {
    return new RevenueSpool(await openUnlinkedFile(folder));
  }

  /** The file descriptor, which the threads of the process share. */
  get descriptor(): number {
    return this.file.fd;
  }

  /** The chunks in the order in which they were written. */
  async *chunks(lengths: readonly number[]): AsyncGenerator<SpooledChunk> {
    let position = 0;
    for (const length of lengths) {
      const { buffer, bytesRead } = await this.file.read(
        Buffer.allocUnsafe(length),
        0,
        length,
        position,
      );
      if (bytesRead !== length)
        throw new Error(`${bytesRead} of ${length} bytes of a chunk could be read`);
      yield JSON.parse(buffer.toString('utf8')) as SpooledChunk; // written by SpoolWriter
      position += length;
    }
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

/** Writes rows, given as JSON, in the chunks in which they will be appended. */
export class SpoolWriter {
  /** The length of each chunk that has been written, in bytes. */
  readonly lengths: number[] = [];
  private rows: string[] = [];
  private repeats: RepeatInFile[] = [];
  /** The bytes of the rows only: repeats do not change where a chunk ends. */
  private bytes = 0;

  constructor(private readonly descriptor: number) {}

  add(row: string, repeat?: RepeatInFile): void {
    const rowBytes = Buffer.byteLength(row) + 1;
    if (this.rows.length > 0 && this.bytes + rowBytes > CHUNK_BYTES_AT_MOST) this.flush();
    this.rows.push(row);
    if (repeat) this.repeats.push(repeat);
    this.bytes += rowBytes;
  }

  flush(): void {
    if (this.rows.length === 0) return;
    const chunk = Buffer.from(
      `{"rows":[${this.rows.join(',')}],"repeats":${JSON.stringify(this.repeats)}}`,
    );
    for (let written = 0; written < chunk.length;)
      written += writeSync(this.descriptor, chunk, written);
    this.lengths.push(chunk.length);
    this.rows = [];
    this.repeats = [];
    this.bytes = 0;
  }
}
