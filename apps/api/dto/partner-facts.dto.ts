import { IsIn, IsOptional } from 'class-validator';
import type { ServiceKind, SupportPlan } from '../../../libs/domain/partner/partner.js';
import {
  CalendarDate,
  CountryCode,
  Line,
  MarketCode,
  PartnerIdText,
} from '../http/validation/decorators.js';
import { Beginning } from './shared.dto.js';

export class StartLocation {
  @PartnerIdText()
  readonly partnerLocationId!: string;

  @CountryCode()
  readonly country!: string;

  @IsOptional()
  @MarketCode()
  readonly marketCode?: string;

  /** The first day. The default is that the fact has always been true. */
  @IsOptional()
  @CalendarDate()
  readonly from?: string;
}

export class StartMembership extends Beginning {}

/** A person who may sign for the partner. The name is sealed before it is appended. */
export class StartSigningAuthority extends Beginning {
  @Line(1, 256)
  readonly name!: string;

  @Line(1, 256)
  readonly title!: string;
}

export class StartProviderAuthorization extends Beginning {}

export class StartProviderRelationship extends Beginning {
  @PartnerIdText()
  readonly providerId!: string;
}

const plans: readonly SupportPlan[] = ['advanced', 'premier'];

export class StartSupportPlan extends Beginning {
  @IsIn(plans)
  readonly plan!: SupportPlan;

  /** The last day in force. */
  @IsOptional()
  @CalendarDate()
  readonly to?: string;
}

const serviceKinds: readonly ServiceKind[] = ['managed-service', 'ip-service', 'customer-solution'];

export class StartService extends Beginning {
  @IsIn(serviceKinds)
  readonly kind!: ServiceKind;

  @Line(1, 256)
  readonly name!: string;
}
