import { ArrayMaxSize, IsArray, IsIn, IsOptional } from 'class-validator';
import type { PartnerModel } from '../../../libs/domain/partner/partner.js';
import {
  CalendarDate,
  Clearable,
  CountryCode,
  Guid,
  Line,
  MarketCode,
  PartnerIdText,
} from '../http/validation/decorators.js';
import { Beginning, Ending, ListQuery } from './shared.dto.js';

export const partnerModels: readonly PartnerModel[] = [
  'indirect-provider',
  'indirect-reseller',
  'direct-bill',
];

export class RegisterPartner {
  @Line(1, 256)
  readonly legalName!: string;

  @CountryCode()
  readonly country!: string;

  /** For a country with several markets. The default is the first one. */
  @Clearable()
  @MarketCode()
  readonly marketCode?: string | null;

  /** The first model only. A later change has a date (`StartModel`). */
  @IsIn(partnerModels)
  readonly model!: PartnerModel;

  /** Tenants to add. PUT never removes one. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @Guid({ each: true })
  readonly cspTenantIds?: readonly string[];
}

export class StartModel {
  @IsIn(partnerModels)
  readonly model!: PartnerModel;

  @CalendarDate()
  readonly from!: string;
}

export class AuthorizeDirectBill extends Beginning {
  @Line(1, 1024)
  readonly evidence!: string;
}

/** The body of a restriction, suspension, revocation or restoration. */
export class ChangeDirectBill extends Ending {}

export class ListPartners extends ListQuery {
  @IsOptional()
  @IsIn(partnerModels)
  readonly model?: PartnerModel;

  @IsOptional()
  @PartnerIdText()
  readonly providerId?: string;

  @IsOptional()
  @CountryCode()
  readonly country?: string;
}
