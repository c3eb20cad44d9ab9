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

  /** Of a country with several markets; left out, the first. */
  @Clearable()
  @MarketCode()
  readonly marketCode?: string | null;

  /** The first model only; a change is dated (`StartModel`). */
  @IsIn(partnerModels)
  readonly model!: PartnerModel;

  /** Only ever adds. */
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

/** Restriction, suspension, revocation, restoration. */
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
