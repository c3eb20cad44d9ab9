import { Injectable } from '@nestjs/common';
import type { AccountEvent } from '../../../domain/billing/account/account-events.js';
import type { PayerAccount } from '../../../domain/billing/account/payer-account.js';
import type { Payer } from '../../../domain/billing/parties/billing-profile.js';
import type { Proposed } from '../../../domain/shared/event.js';
import type { BillingEntityId } from '../../../domain/shared/ids.js';
import { accept, type Result } from '../../../domain/shared/result.js';
import { EventLog } from '../../../event-log/event-log.js';
import type { InScope } from '../../engine/commands/scope-check.js';
import type { CommandContext } from '../../engine/commands/command-context.js';
import type { Outcome } from '../../engine/commands/decision.js';
import { Decisions } from '../../engine/commands/decisions.js';
import { OutsideScope } from '../../engine/commands/failures.js';
import { StateCache } from '../../engine/states/state-cache.js';
import { accountFold, billingEntityIdFold } from '../billing-folds.js';

/** The account that a command is about, and the entity whose scope it needs. */
export interface AccountOfEntity {
  readonly payer: Payer;
  readonly entityId: BillingEntityId;
}

/** Commands on the account of a payer. A scoped key needs the partner of the billing entity. */
@Injectable()
export class AccountDecisions {
  constructor(
    private readonly decisions: Decisions,
    private readonly states: StateCache,
    private readonly log: EventLog,
  ) {}

  commit<Refusal extends { readonly code: string }>(
    context: CommandContext,
    { payer, entityId }: AccountOfEntity,
    decide: (account: PayerAccount) => Result<readonly Proposed<AccountEvent>[], Refusal>,
  ): Promise<Outcome<Refusal>> {
    return this.decisions.commit(
      context,
      accountFold(payer),
      ({ state }) => {
        const decided = decide(state);
        return decided.ok ? accept({ events: decided.value }) : decided;
      },
      this.ofEntity(entityId),
    );
  }

  /**
   * The outcome of a command whose payment or invoice does not exist. Its id can be computed, so
   * whether it exists is not disclosed to a scoped key.
   */
  async unknown<Code extends string>(
    context: CommandContext,
    code: Code,
  ): Promise<Outcome<{ readonly code: Code }>> {
    if (context.scope !== undefined) throw new OutsideScope();
    return { kind: 'refused', refusal: { code }, position: await this.log.head() };
  }

  /** The first answer to a key that was used before, where the account is not known yet. */
  recorded(context: CommandContext): Promise<Outcome<never> | undefined> {
    return this.decisions.recordedUnscoped(context);
  }

  ofEntity(entityId: BillingEntityId): InScope<unknown> {
    return async (_target, scope) => {
      const { state } = await this.states.load(billingEntityIdFold(entityId));
      const { partnerId } = state;
      return partnerId !== undefined && scope.includes(partnerId);
    };
  }
}
