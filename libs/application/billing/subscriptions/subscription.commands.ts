import { Command } from '@nestjs/cqrs';
import type {
  SubscriptionCommand,
  SubscriptionCommandRefusal,
} from '../../../domain/billing/subscription/subscription.decide.js';
import type { SubscriptionEvent } from '../../../domain/billing/subscription/subscription-events.js';
import type { CustomerEvent } from '../../../domain/customer/customer.js';
import type { SubscriptionId } from '../../../domain/shared/ids.js';
import type { CommandContext } from '../../engine/commands/command-context.js';
import type { Outcome } from '../../engine/commands/decision.js';

export type ChangeSubscriptionRefusal =
  SubscriptionCommandRefusal | { readonly code: 'subscription-unknown' };

export class ChangeSubscription extends Command<
  Outcome<ChangeSubscriptionRefusal, SubscriptionEvent>
> {
  constructor(
    readonly context: CommandContext,
    readonly subscriptionId: SubscriptionId,
    readonly command: SubscriptionCommand,
  ) {
    super();
  }
}

/** Sets the quantity: seats are added by an order, and removed while their window is open. */
export class SetSubscriptionQuantity extends Command<
  Outcome<ChangeSubscriptionRefusal, SubscriptionEvent | CustomerEvent>
> {
  constructor(
    readonly context: CommandContext,
    readonly subscriptionId: SubscriptionId,
    readonly quantity: number,
  ) {
    super();
  }
}
