import { createHash } from 'node:crypto';
import { readSync, writeSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { unguarded } from '../../../domain/billing/reconciliation/microsoft-cells.js';
import {
  type MicrosoftLine,
  microsoftLine,
  type MicrosoftRow,
} from '../../../domain/billing/reconciliation/microsoft-line.js';
import type { FileSummary } from '../../../domain/billing/reconciliation/reconciliation-file.js';
import { monthOf } from '../../../domain/shared/calendar.js';
import { codeKey } from '../../../domain/shared/code-key.js';
import { sumOf } from '../../../domain/shared/money.js';
import { UnreadableFile } from '../../uploads/file-record.js';
import { fileRecords, type Pieces } from './file-records.js';
import { RowChunks } from './row-chunks.js';

export interface RejectedLine {
  /** The first line after the header is 1; 0 is the header, or the file as a whole. */
  readonly row: number;
  readonly reason: string;
}

export interface ReadFile {
  /** Undefined if a line was rejected. */
  readonly summary?: FileSummary;
  /** The tenants of the partners that the file is for, in lower case. */
  readonly partnerTenants: readonly string[];
  /** The invoices that its lines name. */
  readonly invoiceNumbers: readonly string[];
  readonly accepted: number;
  readonly rejected: readonly RejectedLine[];
  readonly rejectedCount: number;
  /** The length of each chunk in the file of rows, in bytes. */
  readonly chunkLengths: readonly number[];
}

/** Descriptors of files that the threads of the process share. */
export interface FileDescriptors {
  /** The upload. */
  readonly upload: number;
  readonly uploadBytes: number;
  /** Empty: for the bytes of a compressed upload. */
  readonly expanded: number;
  /** Empty: for the rows. */
  readonly rows: number;
}

const LINES_AT_MOST = 500_000;
/** Of a compressed upload, after it is expanded; the limit of the API is that of a plain one. */
const EXPANDED_BYTES_AT_MOST = 512 * 1024 * 1024;
const REJECTED_LISTED_AT_MOST = 1_000;
/** A file with so many rejected lines is probably the wrong file, so the rest is not read. */
const REJECTED_AT_MOST = 10_000;
const NAMED_AT_MOST = 20;
const PIECE_BYTES = 64 * 1024;

/** Reads an upload and writes its lines for the log. Memory has a few lines at a time. */
export async function readReconciliationFile(files: FileDescriptors): Promise<ReadFile> {
  const reading = new Reading(files.rows);
  try {
    const isGzip = hasGzipHeader(files);
    const bytes = isGzip ? await expand(files) : files.uploadBytes;
    const pieces = piecesOf(isGzip ? files.expanded : files.upload, bytes);
    for await (const line of fileRecords(pieces, bytes)) {
      if (reading.isOver) break;
      reading.take(line);
    }
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    reading.endsUnreadable(error);
  }
  return reading.finish();
}

class Reading {
  isOver = false;
  private rows = 0;
  private accepted = 0;
  private readonly rejected: RejectedLine[] = [];
  private rejectedCount = 0;
  private subtotal = '0';
  private readonly hash = createHash('sha256');
  private readonly months = new Set<string>();
  private readonly currencies = new Set<string>();
  private readonly tenants = new Set<string>();
  private readonly invoices = new Set<string>();
  private readonly chunks: RowChunks;

  constructor(descriptor: number) {
    this.chunks = new RowChunks(descriptor);
  }

  take(record: { readonly cells: MicrosoftRow['cells'] } | { readonly fault: string }): void {
    if (this.rows >= LINES_AT_MOST)
      return this.stop(`a file has at most ${LINES_AT_MOST} lines; the rest was not read`);
    this.rows += 1;
    if ('fault' in record) return this.reject(this.rows, record.fault);
    const line = microsoftLine(record.cells, this.rows);
    if (line.ok) this.accept(line.value, record.cells);
    else this.reject(this.rows, line.refusal.join('; '));
  }

  endsUnreadable({ reasons, isHeader }: UnreadableFile): void {
    for (const reason of reasons) this.addRejected(isHeader ? 0 : this.rows + 1, reason);
  }

  finish(): ReadFile {
    if (this.rows === 0 && this.rejectedCount === 0) this.addRejected(0, 'the file has no lines');
    const [currency, ...others] = [...this.currencies].sort();
    if (others.length > 0)
      this.addRejected(
        0,
        `the lines have several currencies (${[currency, ...others].slice(0, NAMED_AT_MOST).join(', ')}); upload one file for each`,
      );
    const { accepted, rejected, rejectedCount, subtotal } = this;
    const report = {
      accepted,
      rejected,
      rejectedCount,
      partnerTenants: [...this.tenants].sort().slice(0, NAMED_AT_MOST),
      invoiceNumbers: [...this.invoices].sort().slice(0, NAMED_AT_MOST),
    };
    if (rejectedCount > 0 || currency === undefined) return { ...report, chunkLengths: [] };
    const months = [...this.months].sort();
    const digest = this.hash.digest('base64url');
    const chunkLengths = this.chunks.finish();
    return {
      ...report,
      chunkLengths,
      summary: { lines: accepted, currency, months, subtotal, digest },
    };
  }

  private accept(line: MicrosoftLine, cells: MicrosoftRow['cells']): void {
    this.accepted += 1;
    this.currencies.add(line.currency);
    this.tenants.add(line.partnerId);
    if (line.invoiceNumber !== undefined) this.invoices.add(line.invoiceNumber);
    const day = line.chargeFrom ?? line.orderDate;
    if (day !== undefined) this.months.add(monthOf(day));
    this.subtotal = sumOf(this.subtotal, line.subtotal);
    // The same cells have the same digest, whatever the form, the order and the case of columns.
    const canonical = Object.entries(cells)
      .map(([name, cell]) => [codeKey(name), unguarded(cell)])
      .sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
    this.hash.update(`${JSON.stringify(canonical)}\n`);
    this.chunks.add({ row: line.row, cells });
  }

  private reject(row: number, reason: string): void {
    this.addRejected(row, reason);
    if (this.rejectedCount >= REJECTED_AT_MOST)
      this.stop(`${this.rejectedCount} lines are rejected; the rest was not read`);
  }

  private addRejected(row: number, reason: string): void {
    this.rejectedCount += 1;
    if (this.rejected.length < REJECTED_LISTED_AT_MOST) this.rejected.push({ row, reason });
  }

  /** Listed in any case, because the count does not cover the whole file. */
  private stop(reason: string): void {
    this.isOver = true;
    this.rejectedCount += 1;
    this.rejected.push({ row: this.rows + 1, reason });
  }
}

/** RFC 1952: known by its first two bytes, whatever its name and media type. */
function hasGzipHeader({ upload }: FileDescriptors): boolean {
  const head = Buffer.alloc(2);
  return readSync(upload, head, 0, 2, 0) === 2 && head[0] === 0x1f && head[1] === 0x8b;
}

/** Expands every member of the upload; returns the number of bytes. */
async function expand({ upload, uploadBytes, expanded }: FileDescriptors): Promise<number> {
  let bytes = 0;
  try {
    await pipeline(
      Readable.from(piecesOf(upload, uploadBytes)()),
      createGunzip(),
      async (pieces: AsyncIterable<Buffer>) => {
        for await (const piece of pieces) {
          bytes += piece.length;
          if (bytes > EXPANDED_BYTES_AT_MOST)
            throw new UnreadableFile(
              [`the expanded file has more than ${EXPANDED_BYTES_AT_MOST / 1024 ** 2} MiB`],
              true,
            );
          writeSync(expanded, piece);
        }
      },
    );
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    throw new UnreadableFile(['the gzip file is damaged or truncated'], true, { cause: error });
  }
  return bytes;
}

const piecesOf = (descriptor: number, bytes: number): Pieces =>
  function* () {
    for (let at = 0; at < bytes;) {
      const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, bytes - at));
      const read = readSync(descriptor, piece, 0, piece.length, at);
      if (read === 0) throw new Error(`${at} of ${bytes} bytes of an upload could be read`);
      at += read;
      yield piece.subarray(0, read);
    }
  };
