import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { PriceRow } from '../../domain/catalog/price-list.js';
import { chunkRows, digestOf, DuplicateRows, headerFaults, parsePriceRow } from '../../domain/catalog/price-list-row.js';
import type { RejectedRow } from './price-list.command.js';

export interface ReadPriceList {
  readonly accepted: number;
  /** The first rejected rows; `rejectedCount` counts all of them. */
  readonly rejected: readonly RejectedRow[];
  readonly rejectedCount: number;
  /** Empty when any row was rejected: a list is published whole or not at all. */
  readonly chunks: readonly (readonly PriceRow[])[];
  /** SHA-256 over the canonical rows, base64url: the same content is the same digest, however its file was written. */
  readonly digest: string;
}

const REJECTED_TOLD_AT_MOST = 1_000;
/** Pieces in which the file goes to the CSV reader, so that no more than one is decoded ahead. */
const PIECE_BYTES = 64 * 1024;

/** Reads a price list as Partner Center exports it: CSV, UTF-8 (a byte-order mark is fine), one offer a row. */
export async function readPriceList(csv: Uint8Array, market: string): Promise<ReadPriceList> {
  const reading = new Reading(market);
  if (!isUtf8(csv)) {
    reading.reject(0, 'the file is not UTF-8; save it as "CSV UTF-8" and upload it again');
    return reading.finish();
  }
  try {
    const records = Readable.from(pieces(csv)).pipe(
      parse({ bom: true, columns: (header: string[]) => reading.header(header), skip_empty_lines: true, max_record_size: 64 * 1024 }),
    );
    for await (const record of records) reading.take(record as Record<string, string>); // with `columns`, csv-parse gives objects of text
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    reading.reject(reading.rows + 1, `the file is no CSV from here on: ${error.message}`);
  }
  return reading.finish();
}

class Reading {
  rows = 0;
  private readonly accepted: PriceRow[] = [];
  private readonly rejected: RejectedRow[] = [];
  private rejectedCount = 0;
  private headerIsUsable = false;
  private readonly duplicates = new DuplicateRows();

  constructor(private readonly market: string) {}

  header(columns: readonly string[]): string[] {
    const names = columns.map((column) => column.trim());
    const faults = headerFaults(names);
    this.headerIsUsable = faults.length === 0;
    for (const fault of faults) this.reject(0, fault);
    return names;
  }

  take(record: Record<string, string>): void {
    this.rows += 1;
    if (!this.headerIsUsable) return;
    const parsed = parsePriceRow(record, this.rows, this.market);
    const fault = parsed.ok ? this.duplicates.add(parsed.value) : parsed.refusal;
    if (fault !== undefined) this.reject(this.rows, fault);
    else if (parsed.ok) this.accepted.push(parsed.value);
  }

  reject(row: number, reason: string): void {
    this.rejectedCount += 1;
    if (this.rejected.length < REJECTED_TOLD_AT_MOST) this.rejected.push({ row, reason });
  }

  finish(): ReadPriceList {
    if (this.rows === 0 && this.rejectedCount === 0) this.reject(0, 'the file has no rows');
    const { accepted, rejected, rejectedCount } = this;
    if (rejectedCount > 0) return { accepted: accepted.length, rejected, rejectedCount, chunks: [], digest: '' };
    const digest = digestOf(accepted, (text) => hash('sha256', text, 'base64url'));
    return { accepted: accepted.length, rejected, rejectedCount, chunks: chunkRows(accepted), digest };
  }
}

function* pieces(csv: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < csv.length; from += PIECE_BYTES) yield csv.subarray(from, from + PIECE_BYTES);
}
