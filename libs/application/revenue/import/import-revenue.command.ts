import { Command } from '@nestjs/cqrs';
import type { Repeats } from '../../../domain/import/import.js';
import type { ImportId } from '../../../domain/shared/ids.js';
import type { CommandContext, RequestFingerprint } from '../../engine/commands/command-context.js';
import type { Outcome } from '../../engine/commands/decision.js';
import type { RejectedRow, RevenueFileForm } from './revenue-file-reader.js';

export interface ImportRefusal {
  readonly code: 'revenue-import-rejected';
  readonly accepted: number;
  readonly rejected: readonly RejectedRow[];
  readonly rejectedCount: number;
}

/** Without repeats when an earlier release, which did not look for them, made the import. */
export interface ImportedOutcome extends Partial<Repeats> {
  readonly outcome: Outcome<ImportRefusal>;
  readonly importId?: ImportId;
  readonly rows?: number;
}

/** A file of revenue. It is read once, while it arrives. */
export interface RevenueFile {
  readonly form: RevenueFileForm;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Aborted when the client has gone: then nothing of the file counts. */
  readonly signal: AbortSignal;
  /** Called after each append with the number of rows appended so far, and of all rows. */
  readonly appended?: (rows: number, of: number) => void;
}

/**
 * Many entries of any partners, all of them or none: if one row is rejected, nothing counts. The
 * same source and reference of a partner counts once.
 */
export class ImportRevenue extends Command<ImportedOutcome> {
  constructor(
    /** Without a fingerprint: the request is known only when its last byte has arrived. */
    readonly context: CommandContext,
    readonly file: RevenueFile,
    /** With an Idempotency-Key: the fingerprint of the request with a body of this digest. */
    readonly fingerprintOf?: (bytesDigest: string) => RequestFingerprint,
  ) {
    super();
  }
}
