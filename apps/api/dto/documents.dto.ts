import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import type { InvoiceState } from '../../../libs/domain/billing/receivables/account.js';
import type { Money } from '../../../libs/domain/shared/money.js';
import {
  CalendarDate,
  CalendarMonth,
  CreditAmount,
  EitherThisOr,
  Line,
  PartnerIdText,
  PayerText,
  RunIdText,
} from '../http/validation/decorators.js';
import { ListQuery } from './shared.dto.js';

const states: readonly InvoiceState[] = ['open', 'partly-paid', 'paid', 'credited', 'written-off'];

export class RunPath {
  @RunIdText()
  readonly runId!: string;
}

export class StartBillingRunDto {
  /** Billed are the charges that fell due by the last day of this month. */
  @CalendarMonth()
  readonly period!: string;

  /** The default is all billing entities. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @PartnerIdText({ each: true })
  readonly entityIds?: readonly string[];

  /** The default is all payers. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @PayerText({ each: true })
  readonly payers?: readonly string[];

  /** Appends nothing, and shows the documents that the run would issue. */
  @IsOptional()
  @IsBoolean()
  readonly dryRun?: boolean;
}

export class ListDocuments extends ListQuery {
  @IsOptional()
  @PayerText()
  readonly payer?: string;

  @IsOptional()
  @PartnerIdText()
  readonly entityId?: string;

  @IsOptional()
  @IsIn(['invoice', 'credit-note'])
  readonly kind?: 'invoice' | 'credit-note';

  @IsOptional()
  @IsIn(states)
  readonly state?: InvoiceState;

  /** First and last day of issue, both included. */
  @IsOptional()
  @CalendarDate()
  readonly from?: string;

  @IsOptional()
  @CalendarDate()
  readonly to?: string;
}

export class CreditedLineDto {
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  readonly lineIndex!: number;

  /** The default is all that is left of the line. */
  @IsOptional()
  @CreditAmount()
  readonly amount?: string | Money;
}

/** Either `lines` or `all`. */
export class CreditInvoiceDto {
  @EitherThisOr('all')
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => CreditedLineDto)
  readonly lines?: readonly CreditedLineDto[];

  /** All that is left of every line. */
  @IsOptional()
  @IsIn([true])
  readonly all?: true;

  @Line(1, 512)
  readonly reason!: string;
}
