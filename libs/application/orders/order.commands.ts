import { Command } from '@nestjs/cqrs';
import type { CustomerEvent } from '../../domain/customer/customer.js';
import type { OrderRequest } from '../../domain/order/order.js';
import type { OrderId } from '../../domain/shared/ids.js';
import type { CancellationRefusal } from '../../domain/billing/subscription/cancellation.decide.js';
import type { CommandContext } from '../engine/commands/command-context.js';
import type { Outcome } from '../engine/commands/decision.js';

/**
 * An order to be judged by the gate. Accepted or refused, the result is an event (`OrderPlaced`,
 * `OrderRefused`).
 */
export class PlaceOrder extends Command<Outcome<never, CustomerEvent>> {
  constructor(
    readonly context: CommandContext,
    readonly order: OrderRequest,
  ) {
    super();
  }
}

export type CancelOrderRefusal = { readonly code: 'order-unknown' } | CancellationRefusal;

export class CancelOrder extends Command<Outcome<CancelOrderRefusal>> {
  constructor(
    readonly context: CommandContext,
    readonly orderId: OrderId,
    readonly reason: string,
  ) {
    super();
  }
}
