import { Command } from '@nestjs/cqrs';
import type { PartnerId } from '../../../domain/shared/ids.js';
import type { CommandContext, RequestFingerprint } from '../../engine/commands/command-context.js';
import type { Outcome } from '../../engine/commands/decision.js';
import type { RejectedLine } from './file-reader.js';

export type ReconciliationRefusal =
  | {
      readonly code: 'reconciliation-rejected';
      readonly accepted: number;
      readonly rejected: readonly RejectedLine[];
      readonly rejectedCount: number;
    }
  /** No registered partner, or several ones, have the CSP tenant that the file names. */
  | {
      readonly code: 'reconciliation-partner-unknown';
      readonly partnerTenants: readonly string[];
      readonly partnerIds: readonly PartnerId[];
    };

export interface ReconciliationOutcome {
  readonly outcome: Outcome<ReconciliationRefusal>;
  /** The invoices that the lines name, if the file was read. */
  readonly invoiceNumbers?: readonly string[];
}

/** Microsoft's file for an invoice. The same content again changes nothing. */
export class RecordReconciliation extends Command<ReconciliationOutcome> {
  constructor(
    /** Without a fingerprint: the request is known only when its last byte has arrived. */
    readonly context: CommandContext,
    readonly invoiceNumber: string,
    readonly file: { readonly bytes: AsyncIterable<Uint8Array>; readonly signal: AbortSignal },
    readonly options: {
      /** The partner whose charges are compared; else the one whose CSP tenant the file names. */
      readonly partnerId?: PartnerId;
      /** With an Idempotency-Key: the fingerprint of the request with a body of this digest. */
      readonly fingerprintOf?: (bytesDigest: string) => RequestFingerprint;
    },
  ) {
    super();
  }
}
