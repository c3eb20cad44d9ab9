import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { isCspTenantInScope } from '../../domain/customer/customer-scope.js';
import { evolvePartner, type Partner, type PartnerEvent } from '../../domain/partner/partner.js';
import {
  decidePartner,
  type PartnerCommand,
  type PartnerRefusal,
} from '../../domain/partner/partner.decide.js';
import { assumed, type Proposed } from '../../domain/shared/event.js';
import type { Scope, TenantId } from '../../domain/shared/ids.js';
import { accept, type Result } from '../../domain/shared/result.js';
import { OutcomeUnknown } from '../../event-log/errors.js';
import { stepCommandId } from '../../event-log/identity.js';
import { ofPartner } from '../records/subjects.js';
import type { Outcome } from '../engine/commands/decision.js';
import { Decisions } from '../engine/commands/decisions.js';
import { Contention, OutsideScope, PreconditionFailed } from '../engine/commands/failures.js';
import { type ProgramFacts, programFacts } from '../records/program-facts.js';
import { DayEffects } from '../days/day-effects.js';
import { customerFold, partnerFold } from '../records/folds.js';
import { StateCache } from '../engine/states/state-cache.js';
import { Clock } from '../engine/time/clock.js';
import { CspTenantAssociations } from './csp-tenant-associations.js';
import { RegisterPartner } from './partner.commands.js';

const DEADLINE_MS = 10_000;

/**
 * Registers a partner with its CSP tenants: decides on the partner, appends to each tenant's
 * stream, then appends to the partner's. A crash in between may leave a tenant blocked
 * unnecessarily, but never unblocked; repeating the command completes it.
 */
@CommandHandler(RegisterPartner)
export class RegisterPartnerHandler implements ICommandHandler<RegisterPartner> {
  constructor(
    private readonly decisions: Decisions,
    private readonly states: StateCache,
    private readonly associations: CspTenantAssociations,
    private readonly clock: Clock,
    private readonly days: DayEffects,
  ) {}

  async execute(command: RegisterPartner): Promise<Outcome<PartnerRefusal>> {
    const { context, partnerId } = command;
    await this.decisions.admit(context, partnerFold(partnerId), ofPartner(partnerId));
    await this.days.settledFor(partnerId);
    const registered = new Set<TenantId>();
    try {
      const outcome = await this.untilDeadline(() => this.register(command, registered));
      if (outcome.kind === 'refused') await this.takeBack(command, registered);
      return outcome;
    } catch (error) {
      if (error instanceof PreconditionFailed || error instanceof OutsideScope)
        await this.takeBack(command, registered);
      throw error;
    }
  }

  private register(
    { context, partnerId, details, cspTenantIds }: RegisterPartner,
    registered: Set<TenantId>,
  ): Promise<Outcome<PartnerRefusal>> {
    const commands: readonly PartnerCommand[] = [
      { type: 'register-partner', ...details },
      ...cspTenantIds.map((tenantId) => ({ type: 'register-csp-tenant', tenantId }) as const),
    ];
    return this.decisions.commit(
      context,
      partnerFold(partnerId),
      async ({ state }) => {
        const { facts, guards } = await programFacts(this.states, this.clock);
        const decided = decideAll(commands, state, facts);
        if (!decided.ok) return decided;
        const first = async (): Promise<void> => {
          for (const event of decided.value) {
            if (event.type !== 'PartnerCspTenantRegistered') continue;
            const { kind } = await this.associations.register(
              context,
              partnerId,
              event.data.tenantId,
            );
            if (kind === 'committed') registered.add(event.data.tenantId);
          }
        };
        return accept({ events: decided.value, guards, first });
      },
      async (target, scope) =>
        (await ofPartner(partnerId)(target, scope)) &&
        this.areTenantsInScope(scope, newTenants(target.state, cspTenantIds)),
    );
  }

  /**
   * Checked before any append to a tenant's stream. The decision on each tenant's stream checks its
   * tenant again, because it may have become a customer in between.
   */
  private async areTenantsInScope(scope: Scope, tenantIds: readonly TenantId[]): Promise<boolean> {
    if (tenantIds.length === 0) return true;
    await this.states.catchUp();
    const { date } = this.clock.judgementTime();
    for (const tenantId of tenantIds) {
      const { state } = await this.states.load(customerFold(tenantId));
      if (!isCspTenantInScope(state, scope, date)) return false;
    }
    return true;
  }

  /**
   * Retries contention until the deadline: after an append to a tenant's stream, giving up would
   * leave the two records different.
   */
  private async untilDeadline(
    attempt: () => Promise<Outcome<PartnerRefusal>>,
  ): Promise<Outcome<PartnerRefusal>> {
    const deadline = Date.now() + DEADLINE_MS;
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof Contention)) throw error;
        if (Date.now() > deadline)
          throw new OutcomeUnknown(
            'the partner was not registered within the deadline; repeat the request',
          );
      }
    }
  }

  /**
   * The partner was refused after the appends to its tenants: ends the registrations that this
   * command made there.
   */
  private async takeBack(
    { context, partnerId }: RegisterPartner,
    registered: ReadonlySet<TenantId>,
  ): Promise<void> {
    // Without the scope, because the command must take back its own registration even if the tenant
    // has become another partner's customer.
    const { scope: _scope, ...unscoped } = context;
    const undo = {
      ...unscoped,
      commandId: stepCommandId(context.commandId, partnerFold(partnerId).stream),
    };
    const on = this.clock.judgementTime().date;
    const end = { on, reason: 'the partner was not registered' };
    for (const tenantId of registered)
      await this.associations.takeBack(undo, partnerId, tenantId, end);
  }
}

const newTenants = ({ cspTenants }: Partner, tenantIds: readonly TenantId[]): readonly TenantId[] =>
  tenantIds.filter(
    (tenantId) =>
      !cspTenants.some((listed) => listed.tenantId === tenantId && listed.endedOn === undefined),
  );

/** Decides several commands as one: each on the state that the commands before it lead to. */
function decideAll(
  commands: readonly PartnerCommand[],
  partner: Partner,
  facts: ProgramFacts,
): Result<readonly Proposed<PartnerEvent>[], PartnerRefusal> {
  const events: Proposed<PartnerEvent>[] = [];
  let state = partner;
  for (const command of commands) {
    const decided = decidePartner(command, state, facts);
    if (!decided.ok) return decided;
    events.push(...decided.value);
    state = decided.value.reduce(
      (before, event) => evolvePartner(before, assumed<PartnerEvent>(event)),
      state,
    );
  }
  return accept(events);
}
