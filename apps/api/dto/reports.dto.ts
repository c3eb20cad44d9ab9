import { IsIn, IsOptional } from 'class-validator';
import {
  CalendarDate,
  KnownAt,
  PartnerIdText,
  VersionName,
} from '../http/validation/decorators.js';
import { ReadQuery } from './shared.dto.js';

export class ReportPath {
  @VersionName()
  readonly name!: string;
}

const formats = ['json', 'csv', 'ndjson', 'parquet'] as const;
const rows = ['all', 'none'] as const;

export class ReportQueryDto extends ReadQuery {
  /** The default is the Accept header's choice, or else JSON. */
  @IsOptional()
  @IsIn(formats)
  readonly format?: (typeof formats)[number];

  /**
   * `none` counts the rows without writing them, so that the totals of a large report fit in a
   * short answer.
   */
  @IsOptional()
  @IsIn(rows)
  readonly rows?: (typeof rows)[number];

  /** The business date. The default is today. */
  @IsOptional()
  @CalendarDate()
  readonly asOf?: string;

  /** A position or an instant: only events up to it are used. The default is the log's head. */
  @IsOptional()
  @KnownAt()
  readonly knownAt?: string;

  @IsOptional()
  @PartnerIdText()
  readonly partnerId?: string;

  @IsOptional()
  @PartnerIdText()
  readonly providerId?: string;

  /** The first day (UTC) of the period. */
  @IsOptional()
  @CalendarDate()
  readonly from?: string;

  /** The last day of the period. */
  @IsOptional()
  @CalendarDate()
  readonly to?: string;
}
