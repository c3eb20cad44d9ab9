import { IsIn, IsOptional } from 'class-validator';
import type { ReconciliationClass } from '../../../libs/domain/billing/reconciliation/reconcile.js';
import {
  CalendarDate,
  KnownAt,
  PartnerIdText,
  VersionName,
} from '../http/validation/decorators.js';
import { ListQuery } from './shared.dto.js';

const classes: readonly ReconciliationClass[] = [
  'matched',
  'differs',
  'only-theirs',
  'only-ours',
  'out-of-scope',
];

export class ReconciliationPath {
  /** Microsoft's number of the invoice. */
  @VersionName()
  readonly invoiceNumber!: string;
}

export class RecordReconciliationQuery {
  /** Whose charges are compared. The default is the partner whose CSP tenant the file names. */
  @IsOptional()
  @PartnerIdText()
  readonly partnerId?: string;
}

export class ReadReconciliation extends ListQuery {
  /** Only lines of this class. */
  @IsOptional()
  @IsIn(classes)
  readonly class?: ReconciliationClass;

  /** The day whose policy has the tolerance. The default is today. */
  @IsOptional()
  @CalendarDate()
  readonly asOf?: string;

  /** A position or an instant: only events up to it are used. The default is the log's head. */
  @IsOptional()
  @KnownAt()
  readonly knownAt?: string;
}

export class ListReconciliations extends ListQuery {
  @IsOptional()
  @PartnerIdText()
  readonly partnerId?: string;
}
