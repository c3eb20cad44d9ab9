import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import {
  type PriceListHeader,
  readHeader,
  recordOf,
} from '../../domain/catalog/price-list-columns.js';
import type { PriceRow } from '../../domain/catalog/price-list.js';
import { parsePriceRow, SKIPPED } from '../../domain/catalog/price-list-row.js';
import { chunkRows, digestOf, duplicateRows } from '../../domain/catalog/price-list-rows.js';
import { boundedRecords } from '../csv/bounded-records.js';
import { csvRecords, UnreadableCsv } from '../csv/csv-records.js';
import type { RejectedRow } from './price-list.command.js';

export interface ReadPriceList {
  readonly accepted: number;
  /** Trials, which nobody orders. */
  readonly skipped: number;
  /** Columns of the file that say nothing the service knows. */
  readonly columnsNotRead: readonly string[];
  /** The first rejected rows; `rejectedCount` counts all of them. */
  readonly rejected: readonly RejectedRow[];
  readonly rejectedCount: number;
  /** Empty when any row was rejected: a list is published whole or not at all. */
  readonly chunks: readonly (readonly PriceRow[])[];
  /**
   * SHA-256 over the canonical rows, base64url: the same content is the same digest, however its
   * file was written and ordered.
   */
  readonly digest: string;
}

const REJECTED_LISTED_AT_MOST = 1_000;
/**
 * A file with so many faults is not the file that somebody wanted to upload: reading on would only
 * cost time.
 */
const REJECTED_AT_MOST = 10_000;
/**
 * Several times the largest list of Partner Center; what is read is in memory until it is
 * published.
 */
const ROWS_AT_MOST = 200_000;
const RECORD_BOUNDS = { bytes: 64 * 1024, cells: 1_000 };
/** Pieces in which the file goes to the CSV reader, so that no more than one is decoded ahead. */
const PIECE_BYTES = 64 * 1024;

export const sha256 = (text: string): string => hash('sha256', text, 'base64url');

/**
 * Reads a price list as Partner Center exports it: CSV, UTF-8 (a byte-order mark is fine), one
 * offer a row.
 */
export async function readPriceList(csv: Uint8Array, market: string): Promise<ReadPriceList> {
  const reading = new Reading(market);
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
  /** Nothing that could still come would change what becomes of the file. */
  isOver = false;
  private rows = 0;
  private skipped = 0;
  private header: PriceListHeader | undefined;
  private readonly accepted: PriceRow[] = [];
  private readonly rejected: RejectedRow[] = [];
  private rejectedCount = 0;

  constructor(private readonly market: string) {}

  take(cells: readonly string[]): void {
    if (!this.header) this.takeHeader(readHeader(cells));
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
          ? `all ${this.skipped} rows are trials or deleted; there is nothing to publish`
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
    const digest = digestOf(accepted, sha256);
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
    const record = recordOf(header, cells);
    const parsed = record.ok ? parsePriceRow(record.value, this.rows, this.market) : record;
    if (!parsed.ok) this.reject(this.rows, parsed.refusal);
    else if (parsed.value === SKIPPED) this.skipped += 1;
    else this.accepted.push(parsed.value);
  }

  /**
   * Listed beside the first rejected rows, so that nobody takes their number for that of the whole
   * file.
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
