import { Command } from '@nestjs/cqrs';
import type { Repeats } from '../../domain/import/import.js';
import type {
  RecordRevenueRefusal,
  PayRevenue,
  ReverseRevenue,
  ReviewRevenue,
  RevenueRefusal,
} from '../../domain/qualification/revenue.decide.js';
import type { RecordedRevenue, RevenueStatement } from '../../domain/qualification/revenue.js';
import type { ImportId, RevenueId } from '../../domain/shared/ids.js';
import type { CommandContext, RequestFingerprint } from '../engine/commands/command-context.js';
import type { Outcome } from '../engine/commands/decision.js';
import type { RejectedRow, RevenueFileForm } from './import/revenue-file-reader.js';

export type RecordRefusal =
  | RecordRevenueRefusal
  | { readonly code: 'partner-unknown' }
  | { readonly code: 'revenue-reference-reused'; readonly revenueId: RevenueId };

export interface RecordedOutcome {
  readonly outcome: Outcome<RecordRefusal>;
  /** The entry that was recorded, now or before; undefined when it was refused. */
  readonly entry?: Pick<RecordedRevenue, 'revenueId' | 'usdAmount'>;
}

/** One entry of a partner's revenue. */
export class RecordRevenue extends Command<RecordedOutcome> {
  constructor(
    readonly context: CommandContext,
    readonly statement: RevenueStatement,
  ) {
    super();
  }
}

export type RevenueChange =
  | ({ readonly type: 'reverse' } & ReverseRevenue)
  | ({ readonly type: 'review' } & ReviewRevenue)
  | ({ readonly type: 'pay' } & PayRevenue);

/** What became of one entry. */
export class ChangeRevenue extends Command<Outcome<RevenueRefusal>> {
  constructor(
    readonly context: CommandContext,
    readonly revenueId: RevenueId,
    readonly change: RevenueChange,
  ) {
    super();
  }
}

export interface ImportRefusal {
  readonly code: 'revenue-import-rejected';
  readonly accepted: number;
  readonly rejected: readonly RejectedRow[];
  readonly rejectedCount: number;
}

/** Without repeats where an earlier release made the import, which did not look for them. */
export interface ImportedOutcome extends Partial<Repeats> {
  readonly outcome: Outcome<ImportRefusal>;
  readonly importId?: ImportId;
  readonly rows?: number;
}

/** A file of revenue. It is read once, as it comes. */
export interface RevenueFile {
  readonly form: RevenueFileForm;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Ends when nobody waits for the outcome any more: then nothing of the file counts. */
  readonly signal: AbortSignal;
  /** Told as rows are appended: so many, of all. */
  readonly appended?: (rows: number, of: number) => void;
}

/**
 * Many entries of any partners, all of them or none: with one rejected row nothing counts. Each
 * counts once, as everywhere.
 */
export class ImportRevenue extends Command<ImportedOutcome> {
  constructor(
    /** Without a fingerprint: what the request was is known when its last byte has come. */
    readonly context: CommandContext,
    readonly file: RevenueFile,
    /** With an Idempotency-Key: of the request with a body of this digest. */
    readonly fingerprintOf?: (bytesDigest: string) => RequestFingerprint,
  ) {
    super();
  }
}
