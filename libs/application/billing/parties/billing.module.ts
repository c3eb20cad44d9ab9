import { Module } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { publishTaxRates } from '../../../domain/billing/tax/tax-rates.js';
import type { Outcome } from '../../engine/commands/decision.js';
import { Decisions } from '../../engine/commands/decisions.js';
import { PublishTaxRates } from './billing.commands.js';
import { taxRatesFold } from '../billing-folds.js';
import {
  SetCustomerBillingProfileHandler,
  SetPartnerBillingProfileHandler,
} from './billing-profile.handlers.js';
import { SetBillingEntityHandler } from './set-billing-entity.handler.js';

@CommandHandler(PublishTaxRates)
export class PublishTaxRatesHandler implements ICommandHandler<PublishTaxRates> {
  constructor(private readonly decisions: Decisions) {}

  execute({ context, table }: PublishTaxRates): Promise<Outcome<never>> {
    return this.decisions.commit(context, taxRatesFold(table.country, table.from), ({ state }) => ({
      ok: true,
      value: { events: publishTaxRates(table, state) },
    }));
  }
}

/** Commands on the parties of billing and on tax rates. */
@Module({
  providers: [
    SetBillingEntityHandler,
    SetCustomerBillingProfileHandler,
    SetPartnerBillingProfileHandler,
    PublishTaxRatesHandler,
  ],
})
export class BillingModule {}
