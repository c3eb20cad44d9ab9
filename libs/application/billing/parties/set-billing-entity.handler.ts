import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  assignBillingEntityId,
  type BillingEntityRefusal,
  decideBillingEntity,
  type SetBillingEntityCommand,
} from '../../../domain/billing/parties/billing-entity.decide.js';
import type { BillingEntityIdState } from '../../../domain/billing/parties/billing-entity.js';
import type { Scope } from '../../../domain/shared/ids.js';
import { accept } from '../../../domain/shared/result.js';
import type { CommandContext } from '../../engine/commands/command-context.js';
import type { Outcome } from '../../engine/commands/decision.js';
import { Decisions } from '../../engine/commands/decisions.js';
import { StateCache } from '../../engine/states/state-cache.js';
import { partnerFold } from '../../records/folds.js';
import { ofPartner } from '../../records/subjects.js';
import { SetBillingEntity } from './billing.commands.js';
import { billingEntityFold, billingEntityIdFold } from '../billing-folds.js';

type Refused = Extract<Outcome<BillingEntityRefusal>, { kind: 'refused' }>;

/** Another partner's request took the id between this request's decision and its append. */
class BillingEntityIdTaken extends Error {
  constructor(readonly outcome: Refused) {
    super('the id of the billing entity is assigned to another partner');
  }
}

/**
 * A partner has one entity, because the entity is in the partner's own stream. An entity has one
 * partner, because its id is first assigned in the id's own stream. After a crash between the two
 * appends the id is assigned but the entity is not registered; repeating the request registers it.
 */
@CommandHandler(SetBillingEntity)
export class SetBillingEntityHandler implements ICommandHandler<SetBillingEntity> {
  constructor(
    private readonly decisions: Decisions,
    private readonly states: StateCache,
  ) {}

  async execute({ context, entity }: SetBillingEntity): Promise<Outcome<BillingEntityRefusal>> {
    try {
      return await this.set(context, entity);
    } catch (error) {
      if (error instanceof BillingEntityIdTaken) return error.outcome;
      throw error;
    }
  }

  private set(
    context: CommandContext,
    entity: SetBillingEntityCommand,
  ): Promise<Outcome<BillingEntityRefusal>> {
    const { partnerId, entityId } = entity;
    return this.decisions.commit(
      context,
      billingEntityFold(partnerId, entityId),
      async ({ state }) => {
        await this.states.catchUp();
        const [partner, { state: assigned }] = [
          await this.states.load(partnerFold(partnerId)),
          await this.states.load(billingEntityIdFold(entityId)),
        ];
        const decided = decideBillingEntity(entity, state, {
          isPartnerRegistered: partner.state.registration !== undefined,
          assigned,
        });
        if (!decided.ok) return decided;
        return accept({ events: decided.value, first: () => this.assignId(context, entity) });
      },
      async (target, scope) => {
        const { state: assigned } = await this.states.load(billingEntityIdFold(entityId));
        return (await ofPartner(partnerId)(target, scope)) && isIdInScope(assigned, scope);
      },
    );
  }

  private async assignId(context: CommandContext, entity: SetBillingEntityCommand): Promise<void> {
    const outcome = await this.decisions.commitStep(
      context,
      billingEntityIdFold(entity.entityId),
      ({ state }) => {
        const decided = assignBillingEntityId(entity, state);
        return decided.ok ? accept({ events: decided.value }) : decided;
      },
      ({ state }, scope) => isIdInScope(state, scope),
    );
    if (outcome.kind === 'refused') throw new BillingEntityIdTaken(outcome);
  }
}

/** A scoped key must not learn that a partner outside its scope has an entity with this id. */
const isIdInScope = ({ partnerId }: BillingEntityIdState, scope: Scope): boolean =>
  partnerId === undefined || scope.includes(partnerId);
