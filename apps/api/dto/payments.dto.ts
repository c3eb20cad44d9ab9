import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsObject, IsOptional, ValidateNested } from 'class-validator';
import {
  CalendarDate,
  Guid,
  Line,
  PartnerIdText,
  PayerText,
} from '../http/validation/decorators.js';
import { ListQuery, MoneyDto } from './shared.dto.js';

export class PaymentPath {
  @Guid()
  readonly paymentId!: string;
}

export class InvoicePath {
  @Guid()
  readonly invoiceId!: string;
}

export class NamedAllocationDto {
  @Guid()
  readonly invoiceId!: string;

  @IsObject()
  @ValidateNested()
  @Type(() => MoneyDto)
  readonly amount!: MoneyDto;
}

/** A payment of one invoice. */
export class PayInvoiceDto {
  @IsObject()
  @ValidateNested()
  @Type(() => MoneyDto)
  readonly amount!: MoneyDto;

  @CalendarDate()
  readonly receivedOn!: string;

  /** Of the bank or the payer; with the billing entity it is the payment's identity. */
  @Line(1, 256)
  readonly reference!: string;
}

export class ReceivePaymentDto extends PayInvoiceDto {
  @PartnerIdText()
  readonly entityId!: string;

  @PayerText()
  readonly payer!: string;

  /** What the payer named. The rest settles the invoices that are due first. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => NamedAllocationDto)
  readonly allocations?: readonly NamedAllocationDto[];
}

/** A reversal, a refund or a write-off. */
export class CorrectionDto {
  @CalendarDate()
  readonly on!: string;

  /** The default is the whole remaining amount. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => MoneyDto)
  readonly amount?: MoneyDto;

  @Line(1, 512)
  readonly reason!: string;
}

export class ListPayments extends ListQuery {
  @IsOptional()
  @PartnerIdText()
  readonly entityId?: string;

  @IsOptional()
  @PayerText()
  readonly payer?: string;

  /** The first and the last day of receipt. */
  @IsOptional()
  @CalendarDate()
  readonly from?: string;

  @IsOptional()
  @CalendarDate()
  readonly to?: string;
}
