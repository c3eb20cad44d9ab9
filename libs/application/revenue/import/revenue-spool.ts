import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { mkdir, open, type FileHandle, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RevenueRow } from '../../../domain/qualification/revenue.js';
import type { RepeatInFile } from './repeated-references.js';

/**
 * Half of what a chunk may have (256 KiB): the thread that takes orders appends them, and is held
 * up half as long by each.
 */
const CHUNK_BYTES_AT_MOST = 128 * 1024;
const NAME = /^revenue-import-[0-9a-f-]{36}\.rows$/;
const FORGOTTEN_AFTER_MS = 60_000;

/**
 * The rows that the log takes together, and those of them that repeat an earlier row of the file.
 */
export interface SpooledChunk {
  readonly rows: readonly RevenueRow[];
  readonly repeats: readonly RepeatInFile[];
}

/**
 * Where uploads are kept while they are read: in the data directory. A port, as its own injection
 * token.
 */
export class SpoolFolder {
  constructor(readonly path: string) {}
}

/**
 * The rows of an import between being read and being appended, on disk, because there may be more
 * of them than memory. The file has no name while it is used, so that it is gone with the process,
 * however that ends.
 */
export class RevenueSpool {
  private constructor(private readonly file: FileHandle) {}

  static async open(folder: string): Promise<RevenueSpool> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await removeForgotten(folder);
    const path = join(folder, `revenue-import-${randomUUID()}.rows`);
    const file = await open(path, 'wx+', 0o600);
    await rm(path);
    return new RevenueSpool(file);
  }

  /** Threads of one process share it. */
  get descriptor(): number {
    return this.file.fd;
  }

  /** The chunks as they were written, one at a time. */
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
      yield JSON.parse(buffer.toString('utf8')) as SpooledChunk; // as SpoolWriter wrote it
      position += length;
    }
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

/** Writes rows, each given as its JSON, as the chunks in which the log will take them. */
export class SpoolWriter {
  /** Of each chunk that has been written, in bytes. */
  readonly lengths: number[] = [];
  private rows: string[] = [];
  private repeats: RepeatInFile[] = [];
  /** Of rows alone: repeats do not change where a chunk ends. */
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

/** A process that ends between creating its file and unlinking it leaves an empty file. */
async function removeForgotten(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!NAME.test(name)) continue;
    const path = join(folder, name);
    // gone in between
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (Date.now() - mtimeMs > FORGOTTEN_AFTER_MS) await rm(path, { force: true });
  }
}
