import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  type BillingProfileRefusal,
  customerPayer,
  decideBillingProfile,
  partnerPayer,
} from '../../../domain/billing/parties/billing-profile.js';
import { isInScope, isShared } from '../../../domain/customer/customer-scope.js';
import { accept } from '../../../domain/shared/result.js';
import type { Outcome } from '../../engine/commands/decision.js';
import { Decisions } from '../../engine/commands/decisions.js';
import { StateCache } from '../../engine/states/state-cache.js';
import { Clock } from '../../engine/time/clock.js';
import { customerFold, partnerFold } from '../../records/folds.js';
import { ofPartner } from '../../records/subjects.js';
import { SetCustomerBillingProfile, SetPartnerBillingProfile } from './billing.commands.js';
import { billingProfileFold } from '../billing-folds.js';

@CommandHandler(SetCustomerBillingProfile)
export class SetCustomerBillingProfileHandler implements ICommandHandler<SetCustomerBillingProfile> {
  constructor(
    private readonly decisions: Decisions,
    private readonly states: StateCache,
    private readonly clock: Clock,
  ) {}

  execute({
    context,
    tenantId,
    profile,
  }: SetCustomerBillingProfile): Promise<Outcome<BillingProfileRefusal>> {
    const payer = customerPayer(tenantId);
    const customer = customerFold(tenantId);
    return this.decisions.commit(
      context,
      billingProfileFold(payer),
      async ({ state }) => {
        await this.states.catchUp();
        const { state: payerState, revision } = await this.states.load(customer);
        const isPayerRegistered = payerState.registration !== undefined;
        const decided = decideBillingProfile(profile, payer, state, { isPayerRegistered });
        if (!decided.ok) return decided;
        return accept({
          events: decided.value,
          // The scope depends on the customer's relationships.
          ...(context.scope && { guards: [{ stream: customer.stream, revision }] }),
        });
      },
      // A profile is master data. If other partners share the customer, changing it needs an
      // unscoped key.
      async (_target, scope) => {
        const { state } = await this.states.load(customer);
        const { date } = this.clock.judgementTime();
        return isInScope(state, scope, date) && !isShared(state, scope, date);
      },
    );
  }
}

@CommandHandler(SetPartnerBillingProfile)
export class SetPartnerBillingProfileHandler implements ICommandHandler<SetPartnerBillingProfile> {
  constructor(
    private readonly decisions: Decisions,
    private readonly states: StateCache,
  ) {}

  execute({
    context,
    partnerId,
    profile,
  }: SetPartnerBillingProfile): Promise<Outcome<BillingProfileRefusal>> {
    const payer = partnerPayer(partnerId);
    return this.decisions.commit(
      context,
      billingProfileFold(payer),
      async ({ state }) => {
        await this.states.catchUp();
        const { state: partner } = await this.states.load(partnerFold(partnerId));
        const isPayerRegistered = partner.registration !== undefined;
        const decided = decideBillingProfile(profile, payer, state, { isPayerRegistered });
        return decided.ok ? accept({ events: decided.value }) : decided;
      },
      ofPartner(partnerId),
    );
  }
}
