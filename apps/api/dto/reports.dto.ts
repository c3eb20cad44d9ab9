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
  /** Without it, the Accept header chooses; without that, JSON. */
  @IsOptional()
  @IsIn(formats)
  readonly format?: (typeof formats)[number];

  /**
   * `none` counts the rows and writes none: the totals of a report of any size in a short answer.
   */
  @IsOptional()
  @IsIn(rows)
  readonly rows?: (typeof rows)[number];

  /** The business date; left out, today. */
  @IsOptional()
  @CalendarDate()
  readonly asOf?: string;

  /** What the log knew: a position or an instant; left out, all of it. */
  @IsOptional()
  @KnownAt()
  readonly knownAt?: string;

  @IsOptional()
  @PartnerIdText()
  readonly partnerId?: string;

  @IsOptional()
  @PartnerIdText()
  readonly providerId?: string;

  /** First day (UTC) of what the report lists. */
  @IsOptional()
  @CalendarDate()
  readonly from?: string;

  /** Last day. */
  @IsOptional()
  @CalendarDate()
  readonly to?: string;
}
