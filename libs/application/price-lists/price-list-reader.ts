import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import {
  type PriceListHeader,
  readHeader,
  cellsByColumn,
} from '../../domain/catalog/price-list-columns.js';
import {
  columnsOf,
  parseRow,
  SKIPPED,
  type UploadedList,
} from '../../domain/catalog/price-list-row.js';
import {
  chunkRows,
  digestOfPriceRows,
  duplicateRows,
} from '../../domain/catalog/price-list-rows.js';
import type { ListRow } from '../../domain/catalog/selling-prices.js';
import { boundedRecords } from '../csv/bounded-records.js';
import { csvRecords, type RejectedRow, UnreadableCsv } from '../csv/csv-records.js';

export interface ReadPriceList {
  readonly accepted: number;
  /** The number of trial rows and deleted rows; they cannot be ordered. */
  readonly skipped: number;
  /** Columns of the file that the service does not use. */
  readonly columnsNotRead: readonly string[];
  /** The first rejected rows; `rejectedCount` counts all of them. */
  readonly rejected: readonly RejectedRow[];
  readonly rejectedCount: number;
  /** Empty if any row was rejected, because a list is published completely or not at all. */
  readonly chunks: readonly (readonly ListRow[])[];
  /**
   * SHA-256 over the canonical rows, base64url. The same rows have the same digest, whatever their
   * order and notation in the file.
   */
  readonly digest: string;
}

const REJECTED_LISTED_AT_MOST = 1_000;
/** A file with so many rejected rows is probably the wrong file, so the rest of it is not read. */
const REJECTED_AT_MOST = 10_000;
/**
 * Several times the largest list of Partner Center. The rows stay in memory until they are
 * published.
 */
const ROWS_AT_MOST = 200_000;
const RECORD_BOUNDS = { bytes: 64 * 1024, cells: 1_000 };
/** The file goes to the CSV reader in pieces, so that only one piece is decoded at a time. */
const PIECE_BYTES = 64 * 1024;

export const sha256 = (text: string): string => hash('sha256', text, 'base64url');

/**
 * Reads a price list, a partner's own offers or its selling prices in the format of Partner Center:
 * CSV in UTF-8 (with or without a byte-order mark), one offer a row.
 */
export async function readPriceList(csv: Uint8Array, list: UploadedList): Promise<ReadPriceList> {
  const reading = new Reading(list);
  if (!isUtf8(csv)) {
    reading.reject(0, 'the file is not UTF-8; save it as "CSV UTF-8" and upload it again');
    return reading.finish();
  }
  try {
    for await (const cells of csvRecords(
      boundedRecords(pieces(csv), RECORD_BOUNDS),
      RECORD_BOUNDS.bytes,
    )) {
      reading.take(cells);
      if (reading.isOver) break;
    }
  } catch (error) {
    if (!(error instanceof UnreadableCsv)) throw error;
    reading.endsUnreadable(error.message);
  }
  return reading.finish();
}

class Reading {
  /** True if the rest of the file cannot change the result. */
  isOver = false;
  private rows = 0;
  private skipped = 0;
  private header: PriceListHeader | undefined;
  private readonly accepted: ListRow[] = [];
  private readonly rejected: RejectedRow[] = [];
  private rejectedCount = 0;

  constructor(private readonly list: UploadedList) {}

  take(cells: readonly string[]): void {
    if (!this.header) this.takeHeader(readHeader(cells, columnsOf(this.list)));
    else this.takeRow(this.header, cells);
  }

  reject(row: number, reason: string): void {
    this.rejectedCount += 1;
    if (this.rejected.length < REJECTED_LISTED_AT_MOST) this.rejected.push({ row, reason });
  }

  endsUnreadable(reason: string): void {
    this.reject(this.header ? this.rows + 1 : 0, reason);
  }

  finish(): ReadPriceList {
    const duplicates = duplicateRows(this.accepted);
    for (const { row, reason } of duplicates) this.reject(row, reason);
    if (this.rejectedCount === 0 && this.accepted.length === 0) {
      this.reject(
        0,
        this.skipped > 0
          ? `all ${this.skipped} rows are trials or deleted rows; there is nothing to publish`
          : 'the file has no rows',
      );
    }
    const { accepted, rejectedCount, skipped } = this;
    const rejected = this.rejected.sort((one, other) => one.row - other.row);
    const columnsNotRead = this.header?.notRead ?? [];
    const report = {
      accepted: accepted.length - duplicates.length,
      skipped,
      columnsNotRead,
      rejected,
      rejectedCount,
    };
    if (rejectedCount > 0) return { ...report, chunks: [], digest: '' };
    const digest = digestOfPriceRows(accepted, sha256);
    return { ...report, chunks: chunkRows(accepted), digest };
  }

  private takeHeader(header: PriceListHeader): void {
    this.header = header;
    for (const fault of header.faults) this.reject(0, fault);
    this.isOver = header.faults.length > 0;
  }

  private takeRow(header: PriceListHeader, cells: readonly string[]): void {
    if (this.rejectedCount >= REJECTED_AT_MOST)
      return this.stop(`${this.rejectedCount} rows are rejected; the rest was not read`);
    if (this.rows >= ROWS_AT_MOST)
      return this.stop(`a list has at most ${ROWS_AT_MOST} rows; the rest was not read`);
    this.rows += 1;
    const record = cellsByColumn(header, cells);
    const parsed = record.ok ? parseRow(record.value, this.rows, this.list) : record;
    if (!parsed.ok) this.reject(this.rows, parsed.refusal);
    else if (parsed.value === SKIPPED) this.skipped += 1;
    else this.accepted.push(parsed.value);
  }

  /**
   * Adds this reason to the listed rows, so that a reader knows that the count does not cover the
   * whole file.
   */
  private stop(reason: string): void {
    this.isOver = true;
    this.rejected.push({ row: this.rows + 1, reason });
    this.rejectedCount += 1;
  }
}

function* pieces(csv: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < csv.length; from += PIECE_BYTES)
    yield csv.subarray(from, from + PIECE_BYTES);
}
