import { Command } from '@nestjs/cqrs';
import type {
  BillingEntityRefusal,
  SetBillingEntityCommand,
} from '../../../domain/billing/parties/billing-entity.decide.js';
import type {
  BillingProfileRefusal,
  SetBillingProfileCommand,
} from '../../../domain/billing/parties/billing-profile.js';
import type { TaxRateTable } from '../../../domain/billing/tax/line-tax.js';
import type { PartnerId, TenantId } from '../../../domain/shared/ids.js';
import type { CommandContext } from '../../engine/commands/command-context.js';
import type { Outcome } from '../../engine/commands/decision.js';

/** Registers a partner's billing entity, or changes its details. */
export class SetBillingEntity extends Command<Outcome<BillingEntityRefusal>> {
  constructor(
    readonly context: CommandContext,
    readonly entity: SetBillingEntityCommand,
  ) {
    super();
  }
}

/** Registers or changes how a customer is billed. */
export class SetCustomerBillingProfile extends Command<Outcome<BillingProfileRefusal>> {
  constructor(
    readonly context: CommandContext,
    readonly tenantId: TenantId,
    readonly profile: SetBillingProfileCommand,
  ) {
    super();
  }
}

/** Registers or changes how a provider bills a reseller. */
export class SetPartnerBillingProfile extends Command<Outcome<BillingProfileRefusal>> {
  constructor(
    readonly context: CommandContext,
    readonly partnerId: PartnerId,
    readonly profile: SetBillingProfileCommand,
  ) {
    super();
  }
}

/** Publishes a country's tax rates from a day on. */
export class PublishTaxRates extends Command<Outcome<never>> {
  constructor(
    readonly context: CommandContext,
    readonly table: TaxRateTable,
  ) {
    super();
  }
}
