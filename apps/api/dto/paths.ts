import {
  CalendarDate,
  CalendarMonth,
  Guid,
  MarketCode,
  PartnerIdText,
  VersionName,
} from '../http/validation/decorators.js';

export class PartnerPath {
  @PartnerIdText()
  readonly partnerId!: string;
}

export class PartnerTenantPath extends PartnerPath {
  @Guid()
  readonly tenantId!: string;
}

export class PartnerProviderPath extends PartnerPath {
  @PartnerIdText()
  readonly providerId!: string;
}

export class CustomerPath {
  @Guid()
  readonly tenantId!: string;
}

export class CustomerPartnerPath extends CustomerPath {
  @PartnerIdText()
  readonly partnerId!: string;
}

export class OrderPath {
  @Guid()
  readonly orderId!: string;
}

export class RevenuePath {
  @Guid()
  readonly revenueId!: string;
}

export class PriceListPath {
  @MarketCode()
  readonly market!: string;

  @CalendarMonth()
  readonly month!: string;
}

export class SellingPricesPath extends PriceListPath {
  @PartnerIdText()
  readonly partnerId!: string;
}

export class PartnerMonthPath extends PartnerPath {
  @CalendarMonth()
  readonly month!: string;
}

export class MonthPath {
  @CalendarMonth()
  readonly month!: string;
}

export class PolicyPath {
  @CalendarDate()
  readonly effectiveFrom!: string;
}

export class AgreementVersionPath {
  @VersionName()
  readonly version!: string;
}

export class RulesetPath {
  @VersionName()
  readonly ruleset!: string;
}

export class ProjectionPath {
  @VersionName()
  readonly name!: string;
}
