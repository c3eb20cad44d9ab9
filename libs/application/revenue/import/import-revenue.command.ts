import { Command } from '@nestjs/cqrs';
import type { Repeats } from '../../../domain/import/import.js';
import type { ImportId } from '../../../domain/shared/ids.js';
import type { CommandContext, RequestFingerprint } from '../../engine/commands/command-context.js';
import type { Outcome } from '../../engine/commands/decision.js';
import type { RejectedRow } from '../../csv/csv-records.js';
import type { RevenueFileForm } from './revenue-file-reader.js';

export interface ImportRefusal {
  readonly code: 'revenue-import-rejected';
  readonly accepted: number;
  readonly rejected: readonly RejectedRow[];
  readonly rejectedCount: number;
}

/** The repeats are absent if an earlier release, which did not look for them, made the import. */
export interface ImportedOutcome extends Partial<Repeats> {
  readonly outcome: Outcome<ImportRefusal>;
  readonly importId?: ImportId;
  readonly rows?: number;
}

/** A file of revenue. It is read once, while it arrives. */
export interface RevenueFile {
  readonly form: RevenueFileForm;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Aborted when the client disconnects. Then no row of the file counts. */
  readonly signal: AbortSignal;
  /**
   * Called after each append with the number of rows appended so far and the number of all rows.
   */
  readonly appended?: (rows: number, of: number) => void;
}

/**
 * Imports entries of any partners, all or none: if one row is rejected, no row counts. A partner's
 * source and reference count once.
 */
export class ImportRevenue extends Command<ImportedOutcome> {
  constructor(
    /** Has no fingerprint yet, because the request is known only when its last byte has arrived. */
    readonly context: CommandContext,
    readonly file: RevenueFile,
    /**
     * For a request with an Idempotency-Key: computes its fingerprint from the digest of its bytes.
     */
    readonly fingerprintOf?: (bytesDigest: string) => RequestFingerprint,
  ) {
    super();
  }
}
