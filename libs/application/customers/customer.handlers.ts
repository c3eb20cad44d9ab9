import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Customer } from '../../domain/customer/customer.js';
import {
  type CustomerCommand,
  type CustomerRefusal,
  decideCustomer,
  existingAgreement,
} from '../../domain/customer/customer.decide.js';
import { isCustomerCommandInScope, isInScope } from '../../domain/customer/customer-scope.js';
import { existingRelationship } from '../../domain/customer/relationship.decide.js';
import type { EventId } from '../../domain/shared/ids.js';
import type { Outcome } from '../engine/commands/decision.js';
import { Decisions } from '../engine/commands/decisions.js';
import { type ProgramFacts, programFacts } from '../records/program-facts.js';
import { PersonalData } from '../personal-data/personal-data.js';
import { customerFold } from '../records/folds.js';
import { StateCache } from '../engine/states/state-cache.js';
import { Clock } from '../engine/time/clock.js';
import { ChangeCustomer, SignAgreement } from './customer.commands.js';

@CommandHandler(ChangeCustomer)
export class ChangeCustomerHandler implements ICommandHandler<ChangeCustomer> {
  constructor(
    private readonly decisions: Decisions,
    private readonly states: StateCache,
    private readonly clock: Clock,
  ) {}

  execute({ context, tenantId, change }: ChangeCustomer): Promise<Outcome<CustomerRefusal>> {
    return this.decisions.commit(
      context,
      customerFold(tenantId),
      async ({ state: customer }) => {
        const { facts, guards } = await programFacts(this.states, this.clock);
        const decided = decideCustomer(change, customer, { ...facts, scope: context.scope });
        return decided.ok
          ? {
              ok: true,
              value: { events: decided.value, guards, held: heldBy(change, customer, facts) },
            }
          : decided;
      },
      ({ state: customer }, scope) =>
        isCustomerCommandInScope(change, customer, scope, this.clock.judgementTime().date),
    );
  }
}

/** The agreement or relationship that a command names, if it is on record. */
function heldBy(
  change: CustomerCommand,
  customer: Customer,
  facts: ProgramFacts,
): EventId | undefined {
  if (change.type === 'sign-agreement')
    return existingAgreement(change, customer, facts)?.proofs[0]?.eventId;
  if (change.type === 'start-relationship')
    return existingRelationship(change.value, customer)?.factId;
  return 'factId' in change ? change.factId : undefined;
}

@CommandHandler(SignAgreement)
export class SignAgreementHandler implements ICommandHandler<SignAgreement> {
  constructor(
    private readonly personalData: PersonalData,
    private readonly change: ChangeCustomerHandler,
    private readonly decisions: Decisions,
    private readonly clock: Clock,
  ) {}

  /**
   * Outside the scope nothing is sealed, so that no key is created for another partner's tenant.
   */
  async execute({
    context,
    tenantId,
    agreement,
    signatory,
  }: SignAgreement): Promise<Outcome<CustomerRefusal>> {
    const fold = customerFold(tenantId);
    const { stream } = fold;
    await this.decisions.admit(context, fold, ({ state }, scope) =>
      isInScope(state, scope, this.clock.judgementTime().date),
    );
    const place = { stream, type: 'CustomerAgreementSigned', pointer: '/signatory' };
    const sealed = await this.personalData.seal(`customer:${tenantId}`, place, signatory);
    return this.change.execute(
      new ChangeCustomer(context, tenantId, {
        type: 'sign-agreement',
        ...agreement,
        signatory: sealed,
      }),
    );
  }
}
