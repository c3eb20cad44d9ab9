import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { isCspTenantInScope } from '../../domain/customer/customer-scope.js';
import type { Partner } from '../../domain/partner/partner.js';
import {
  decidePartner,
  existingPartnerFact,
  type PartnerCommand,
  type PartnerRefusal,
} from '../../domain/partner/partner.decide.js';
import type { EventId } from '../../domain/shared/ids.js';
import type { Guard } from '../../event-log/event-log.js';
import { ofPartner } from '../records/subjects.js';
import type { CommandContext } from '../engine/commands/command-context.js';
import type { Outcome } from '../engine/commands/decision.js';
import { Decisions } from '../engine/commands/decisions.js';
import { OutsideScope } from '../engine/commands/failures.js';
import { programFacts } from '../records/program-facts.js';
import { PersonalData } from '../personal-data/personal-data.js';
import { DayEffects } from '../days/day-effects.js';
import { customerFold, partnerFold } from '../records/folds.js';
import { StateCache } from '../engine/states/state-cache.js';
import { Clock } from '../engine/time/clock.js';
import { ChangePartner, StateSigningAuthority } from './partner.commands.js';

@CommandHandler(ChangePartner)
export class ChangePartnerHandler implements ICommandHandler<ChangePartner> {
  constructor(
    private readonly decisions: Decisions,
    private readonly states: StateCache,
    private readonly clock: Clock,
    private readonly days: DayEffects,
  ) {}

  async execute({ context, partnerId, change }: ChangePartner): Promise<Outcome<PartnerRefusal>> {
    const fold = partnerFold(partnerId);
    // Checked first, so that a caller outside the scope does not wait for another partner's
    // effects.
    await this.decisions.admit(context, fold, ofPartner(partnerId));
    // Waits outside the queue of the partner's stream, because the effects need that queue.
    await this.days.settledFor(partnerId);
    return this.decisions.commit(
      context,
      fold,
      async ({ state: partner }) => {
        const guarded = await this.judgedTenant(context, change);
        const { facts, guards } = await programFacts(this.states, this.clock);
        const decided = decidePartner(change, partner, facts);
        if (!decided.ok) return decided;
        return {
          ok: true,
          value: {
            events: decided.value,
            guards: [...guards, ...guarded],
            held: heldBy(change, partner),
          },
        };
      },
      // Checks the tenant too, because a repeat returns before the decision.
      async (target, scope) => {
        await this.judgedTenant({ scope }, change);
        return ofPartner(partnerId)(target, scope);
      },
    );
  }

  /**
   * If the CSP tenant is a customer outside the scope, the command needs an unscoped key. The
   * tenant's revision is a guard.
   */
  private async judgedTenant(
    { scope }: Pick<CommandContext, 'scope'>,
    change: PartnerCommand,
  ): Promise<readonly Guard[]> {
    if (scope === undefined || change.type !== 'end-csp-tenant') return [];
    await this.states.catchUp();
    const { stream } = customerFold(change.tenantId);
    const { state, revision } = await this.states.load(customerFold(change.tenantId));
    if (!isCspTenantInScope(state, scope, this.clock.judgementTime().date))
      throw new OutsideScope();
    return [{ stream, revision }];
  }
}

/** The fact that a command names, if it is on record. */
function heldBy(change: PartnerCommand, partner: Partner): EventId | undefined {
  if (change.type === 'start-fact') return existingPartnerFact(change.fact, partner)?.factId;
  if (change.type === 'authorize-direct-bill') return directBillEntry(partner, change.from);
  if (change.type === 'change-direct-bill') return directBillEntry(partner, change.on);
  return 'factId' in change ? change.factId : undefined;
}

const directBillEntry = ({ directBill }: Partner, from: string): EventId | undefined =>
  directBill.findLast((entry) => entry.from === from)?.proof.eventId;

@CommandHandler(StateSigningAuthority)
export class StateSigningAuthorityHandler implements ICommandHandler<StateSigningAuthority> {
  constructor(
    private readonly personalData: PersonalData,
    private readonly change: ChangePartnerHandler,
    private readonly decisions: Decisions,
  ) {}

  async execute({
    context,
    partnerId,
    authority,
    correction,
  }: StateSigningAuthority): Promise<Outcome<PartnerRefusal>> {
    const fold = partnerFold(partnerId);
    const { stream } = fold;
    await this.decisions.admit(context, fold, ofPartner(partnerId));
    const type = correction ? 'PartnerSigningAuthorityCorrected' : 'PartnerSigningAuthorityStarted';
    const pointer = correction ? '/value/name' : '/name';
    const name = await this.personalData.seal(
      `partner:${partnerId}`,
      { stream, type, pointer },
      authority.name,
    );

    const fact = { kind: 'signingAuthority', value: { ...authority, name } } as const;
    const change = correction
      ? ({ type: 'correct-fact', ...correction, fact } as const)
      : ({ type: 'start-fact', fact } as const);
    return this.change.execute(new ChangePartner(context, partnerId, change));
  }
}
