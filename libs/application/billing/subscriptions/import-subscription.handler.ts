import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  decideSubscriptionImport,
  type SubscriptionImportFacts,
  type SubscriptionImportRefusal,
  type SubscriptionToImport,
} from '../../../domain/billing/subscription/import-subscription.decide.js';
import { marketOf } from '../../../domain/program/program-queries.js';
import type { SubscriptionId } from '../../../domain/shared/ids.js';
import { accept } from '../../../domain/shared/result.js';
import type { CommandContext } from '../../engine/commands/command-context.js';
import type { Outcome } from '../../engine/commands/decision.js';
import { Decisions } from '../../engine/commands/decisions.js';
import { StateCache } from '../../engine/states/state-cache.js';
import { Clock } from '../../engine/time/clock.js';
import { customerFold, partnerFold, programFold } from '../../records/folds.js';
import { subscriptionFold } from '../billing-folds.js';

/** Records a running subscription of an adopter. The gate does not judge it. */
export class ImportSubscription extends Command<Outcome<SubscriptionImportRefusal>> {
  constructor(
    readonly context: CommandContext,
    readonly subscriptionId: SubscriptionId,
    readonly subscription: SubscriptionToImport,
  ) {
    super();
  }
}

@CommandHandler(ImportSubscription)
export class ImportSubscriptionHandler implements ICommandHandler<ImportSubscription> {
  constructor(
    private readonly decisions: Decisions,
    private readonly states: StateCache,
    private readonly clock: Clock,
  ) {}

  execute({
    context,
    subscriptionId,
    subscription,
  }: ImportSubscription): Promise<Outcome<SubscriptionImportRefusal>> {
    return this.decisions.commit(context, subscriptionFold(subscriptionId), async ({ state }) => {
      await this.states.catchUp();
      const facts = await this.facts(subscription);
      const decided = decideSubscriptionImport(subscription, subscriptionId, state, facts);
      return decided.ok ? accept({ events: decided.value }) : decided;
    });
  }

  private async facts({
    tenantId,
    partnerId,
    providerId,
  }: SubscriptionToImport): Promise<SubscriptionImportFacts> {
    const { registration } = (await this.states.load(customerFold(tenantId))).state;
    const { state: program } = await this.states.load(programFold);
    const seller = (await this.states.load(partnerFold(partnerId))).state;
    const provider = providerId && (await this.states.load(partnerFold(providerId))).state;
    const market =
      registration && marketOf(program, registration.country, registration.marketCode)?.marketCode;
    return {
      today: this.clock.judgementTime().date,
      customer: registration && (market === undefined ? {} : { market }),
      isSellerRegistered: seller.registration !== undefined,
      isProviderRegistered: provider?.registration !== undefined,
    };
  }
}
