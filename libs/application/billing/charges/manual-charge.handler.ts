import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { AccountEvent } from '../../../domain/billing/account/account-events.js';
import {
  assignManualCharge,
  type ChargeReferenceReused,
  evolveManualCharge,
  type ManualCharge,
  type ManualChargeEvent,
  type ManualChargeState,
  noManualCharge,
  recordManualCharge,
} from '../../../domain/billing/account/manual-charge.js';
import type { ChargeId } from '../../../domain/shared/ids.js';
import { formatAmount } from '../../../domain/shared/money.js';
import { accept, refuse, type Result } from '../../../domain/shared/result.js';
import { manualChargeStream } from '../../../domain/shared/streams.js';
import { manualChargeIdOf } from '../../../event-log/identity.js';
import type { CommandContext } from '../../engine/commands/command-context.js';
import type { Decided, Outcome } from '../../engine/commands/decision.js';
import { Decisions } from '../../engine/commands/decisions.js';
import type { Fold } from '../../engine/states/fold.js';
import { StateCache } from '../../engine/states/state-cache.js';
import { accountFold, billingEntityFold, billingEntityIdFold } from '../billing-folds.js';
import { AccountDecisions } from '../payments/account-decisions.js';
import { unknownPayer } from '../payments/unknown-payer.js';

export type ManualChargeRefusal =
  | ChargeReferenceReused
  | { readonly code: 'billing-entity-unknown' | 'customer-unknown' | 'partner-unknown' };

/** Records a charge that no subscription has. A reference of a billing entity is charged once. */
export class RecordManualCharge extends Command<Outcome<ManualChargeRefusal>> {
  constructor(
    readonly context: CommandContext,
    readonly charge: ManualCharge,
  ) {
    super();
  }
}

const manualChargeFold = (chargeId: ChargeId): Fold<ManualChargeState, ManualChargeEvent> => ({
  stream: manualChargeStream(chargeId),
  initial: noManualCharge,
  evolve: evolveManualCharge,
});

/** Another request took the reference between this request's decision and its append. */
class ReferenceTaken extends Error {
  constructor(readonly outcome: Extract<Outcome<ChargeReferenceReused>, { kind: 'refused' }>) {
    super('the reference belongs to another charge');
  }
}

/**
 * The id is first assigned to the charge in a stream of its own, then the payer's account has the
 * charge once. After a crash between the two appends, repeating the request records the charge.
 */
@CommandHandler(RecordManualCharge)
export class RecordManualChargeHandler implements ICommandHandler<RecordManualCharge> {
  constructor(
    private readonly decisions: Decisions,
    private readonly accounts: AccountDecisions,
    private readonly states: StateCache,
  ) {}

  async execute({ context, charge }: RecordManualCharge): Promise<Outcome<ManualChargeRefusal>> {
    const amount = formatAmount(charge.amount, charge.currency);
    try {
      return await this.record(context, { ...charge, amount });
    } catch (error) {
      if (error instanceof ReferenceTaken) return error.outcome;
      throw error;
    }
  }

  private record(
    context: CommandContext,
    charge: ManualCharge,
  ): Promise<Outcome<ManualChargeRefusal>> {
    const { entityId, payer, reference } = charge;
    const chargeId = manualChargeIdOf(entityId, reference);
    return this.decisions.commit(
      context,
      accountFold(payer),
      async ({ state }): Promise<Result<Decided<AccountEvent>, ManualChargeRefusal>> => {
        await this.states.catchUp();
        const { partnerId } = (await this.states.load(billingEntityIdFold(entityId))).state;
        const entity =
          partnerId &&
          (await this.states.load(billingEntityFold(partnerId, entityId))).state.entity;
        if (entity?.entityId !== entityId) return refuse({ code: 'billing-entity-unknown' });
        const unknown = await unknownPayer(payer, this.states);
        if (unknown) return refuse(unknown);
        const { state: id } = await this.states.load(manualChargeFold(chargeId));
        const assigned = assignManualCharge(chargeId, charge, id);
        if (!assigned.ok) return assigned;
        return accept({
          events: recordManualCharge(chargeId, charge, state, entity),
          first: () => this.assign(context, chargeId, charge),
        });
      },
      this.accounts.ofEntity(entityId),
    );
  }

  private async assign(
    context: CommandContext,
    chargeId: ChargeId,
    charge: ManualCharge,
  ): Promise<void> {
    const outcome = await this.decisions.commitStep(
      context,
      manualChargeFold(chargeId),
      ({ state }) => {
        const decided = assignManualCharge(chargeId, charge, state);
        return decided.ok ? accept({ events: decided.value }) : decided;
      },
      this.accounts.ofEntity(charge.entityId),
    );
    if (outcome.kind === 'refused') throw new ReferenceTaken(outcome);
  }
}
