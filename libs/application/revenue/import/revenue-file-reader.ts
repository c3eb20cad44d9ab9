import type { RejectedRow } from '../../csv/csv-records.js';
import { createHash } from 'node:crypto';
import type { Program } from '../../../domain/program/program.js';
import { recordRevenue } from '../../../domain/qualification/revenue.decide.js';
import type {
  RecordedRevenue,
  RevenueRow,
  RevenueStatement,
} from '../../../domain/qualification/revenue.js';
import type { PartnerId } from '../../../domain/shared/ids.js';
import { accept, refuse, type Result } from '../../../domain/shared/result.js';
import { revenueIdOf } from '../../../event-log/identity.js';
import { DigestedBytes } from '../../uploads/digested-bytes.js';
import { type FileRecord, UnreadableFile } from '../../uploads/file-record.js';
import { type AskRegistered, PartnerRegistry } from './partner-registry.js';
import { readCsv } from './csv-reader.js';
import { readNdjson } from './ndjson-reader.js';
import { RepeatedReferences } from './repeated-references.js';
import { refusalOfRow, revenueStatement } from './revenue-record.js';
import { SpoolWriter } from './revenue-spool.js';

export type RevenueFileForm = 'csv' | 'ndjson';

/** The facts to judge rows by. They are read once for the whole file. */
export interface RevenueFileFacts {
  readonly exchangeRates: Program['exchangeRates'];
  /** Today's date at UTC+14, the latest date on earth. */
  readonly latestToday: string;
  /** The partners of a scoped key. Any row about another partner is outside the scope. */
  readonly scope?: readonly PartnerId[] | undefined;
}

export interface ReadRevenueFile {
  readonly accepted: number;
  /** The first rejected rows; `rejectedCount` counts all of them. */
  readonly rejected: readonly RejectedRow[];
  readonly rejectedCount: number;
  readonly isOutsideScope: boolean;
  /** The length of each chunk in the spool, in bytes. Valid only if no row was rejected. */
  readonly chunkLengths: readonly number[];
  /**
   * SHA-256 over the canonical rows, base64url. The same rows have the same digest, whatever their
   * notation in the file.
   */
  readonly digest: string;
  /** SHA-256 over the bytes of the upload, base64url. */
  readonly bytesDigest: string;
}

const REJECTED_TOLD_AT_MOST = 1_000;
/** A file with so many rejected rows is probably the wrong file, so the rest of it is not read. */
const REJECTED_AT_MOST = 10_000;
/** The number of rows whose partners are looked up together. */
const ROWS_TOGETHER = 512;

/**
 * Reads a file of revenue while it arrives, judges every row, and writes the accepted rows to the
 * spool. Memory has a few hundred rows, and 32 bytes for each entry to find repeated ones.
 */
export async function readRevenueFile(
  bytes: AsyncIterable<Uint8Array>,
  form: RevenueFileForm,
  facts: RevenueFileFacts,
  askRegistered: AskRegistered,
  descriptor: number,
): Promise<ReadRevenueFile> {
  const digested = new DigestedBytes(bytes);
  const reading = new Reading(facts, new PartnerRegistry(askRegistered), descriptor);
  try {
    for await (const record of form === 'csv' ? readCsv(digested) : readNdjson(digested)) {
      if (reading.isOver) {
        reading.stop();
        break;
      }
      reading.take(record);
      if (reading.isFull) await reading.judge();
    }
    await reading.judge();
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    await reading.judge();
    reading.endsUnreadable(error);
  }
  return reading.finish(await digested.digest());
}

class Reading {
  private rows = 0;
  private accepted = 0;
  private readonly rejected: RejectedRow[] = [];
  private rejectedCount = 0;
  private isOutsideScope = false;
  private together: { readonly row: number; readonly read: Result<RevenueStatement, string> }[] =
    [];
  private readonly spool: SpoolWriter;
  private readonly references = new RepeatedReferences();
  private readonly hash = createHash('sha256').update('[');

  constructor(
    private readonly facts: RevenueFileFacts,
    private readonly partners: PartnerRegistry,
    descriptor: number,
  ) {
    this.spool = new SpoolWriter(descriptor);
  }

  get isFull(): boolean {
    return this.together.length >= ROWS_TOGETHER;
  }

  get isOver(): boolean {
    return this.rejectedCount >= REJECTED_AT_MOST;
  }

  /**
   * Adds this reason to the listed rows, so that a reader knows that the count does not cover the
   * whole file.
   */
  stop(): void {
    this.rejected.push({
      row: this.rows + 1,
      reason: `${this.rejectedCount} rows are rejected; the rest was not read`,
    });
    this.rejectedCount += 1;
  }

  take(record: FileRecord): void {
    this.rows += 1;
    const read = 'fault' in record ? refuse(record.fault) : revenueStatement(record.fields);
    this.together.push({ row: this.rows, read });
  }

  async judge(): Promise<void> {
    const { together } = this;
    this.together = [];
    await this.partners.learn(
      together.flatMap(({ read }) => (read.ok ? [read.value.partnerId] : [])),
    );
    for (const { row, read } of together) {
      const judged = read.ok ? this.recorded(read.value) : read;
      if (judged.ok) this.accept({ ...judged.value, row });
      else this.reject(row, judged.refusal);
    }
  }

  endsUnreadable({ reasons, isHeader }: UnreadableFile): void {
    for (const reason of reasons) this.reject(isHeader ? 0 : this.rows + 1, reason);
  }

  finish(bytesDigest: string): ReadRevenueFile {
    if (this.rows === 0 && this.rejectedCount === 0) this.reject(0, 'the file has no rows');
    if (this.rejectedCount === 0) this.spool.flush();
    const { accepted, rejected, rejectedCount, isOutsideScope } = this;
    const digest = this.hash.update(']').digest('base64url');
    return {
      accepted,
      rejected,
      rejectedCount,
      isOutsideScope,
      chunkLengths: this.spool.lengths,
      digest,
      bytesDigest,
    };
  }

  private recorded(statement: RevenueStatement): Result<RecordedRevenue, string> {
    const { partnerId, source, reference } = statement;
    const { exchangeRates, latestToday, scope } = this.facts;
    if (scope && !scope.includes(partnerId)) this.isOutsideScope = true;
    const isRegistered = this.partners.isRegistered(partnerId);
    const recorded = recordRevenue(
      statement,
      { program: { exchangeRates }, latestToday },
      revenueIdOf(partnerId, source, reference),
    );
    if (isRegistered && recorded.ok) return accept(recorded.value);
    const reasons = [
      ...(isRegistered ? [] : [`partner-unknown: no partner ${partnerId} is registered`]),
      ...(recorded.ok ? [] : [refusalOfRow(recorded.refusal, statement)]),
    ];
    return refuse(reasons.join('; '));
  }

  private accept(row: RevenueRow): void {
    this.accepted += 1;
    // If a row was rejected, no other row is used.
    if (this.rejectedCount > 0) return;
    const text = JSON.stringify(inCanonicalOrder(row));
    this.hash.update(this.accepted === 1 ? text : `,${text}`);
    this.spool.add(text, this.references.add(row));
  }

  private reject(row: number, reason: string): void {
    this.rejectedCount += 1;
    if (this.rejected.length < REJECTED_TOLD_AT_MOST) this.rejected.push({ row, reason });
  }
}

/** The fields in the order of RFC 8785, so that the JSON text of a row is its canonical form. */
const inCanonicalOrder = ({ amount, usdAmount, ...row }: RevenueRow): RevenueRow => ({
  amount: { amount: amount.amount, currency: amount.currency },
  family: row.family,
  partnerId: row.partnerId,
  rateMonth: row.rateMonth,
  recognizedOn: row.recognizedOn,
  reference: row.reference,
  revenueId: row.revenueId,
  row: row.row,
  soldAs: row.soldAs,
  source: row.source,
  tenantId: row.tenantId,
  usdAmount: { amount: usdAmount.amount, currency: usdAmount.currency },
  usdPerUnit: row.usdPerUnit,
});
