import { Injectable } from '@nestjs/common';
import type { Customer } from '../../domain/customer/customer.js';
import { isCustomerCommandInScope } from '../../domain/customer/customer-scope.js';
import {
  type CustomerCommand,
  type CustomerRefusal,
  decideCustomer,
} from '../../domain/customer/customer.decide.js';
import type { Partner } from '../../domain/partner/partner.js';
import type { PartnerId, TenantId } from '../../domain/shared/ids.js';
import { accept } from '../../domain/shared/result.js';
import { customerStream, partnerStream } from '../../domain/shared/streams.js';
import { EventLog } from '../../event-log/event-log.js';
import { stepCommandId } from '../../event-log/identity.js';
import type { CommandContext } from '../engine/commands/command-context.js';
import type { Outcome } from '../engine/commands/decision.js';
import { Decisions } from '../engine/commands/decisions.js';
import { Contention } from '../engine/commands/failures.js';
import { programFacts } from '../records/program-facts.js';
import { customerFold } from '../records/folds.js';
import { Records } from '../records/records.js';
import { StateCache } from '../engine/states/state-cache.js';
import { Clock } from '../engine/time/clock.js';

interface End {
  readonly on: string;
  readonly reason: string;
}

const AGAIN_AT_MOST = 16;

/**
 * Writes the tenant's half of a CSP tenant registration (TENANT-1) to the tenant's own stream,
 * through that stream's queue.
 */
@Injectable()
export class CspTenantAssociations {
  constructor(
    private readonly decisions: Decisions,
    private readonly states: StateCache,
    private readonly records: Records,
    private readonly clock: Clock,
    private readonly log: EventLog,
  ) {}

  /**
   * Called before the partner's own event is appended. When it returns, the tenant is registered,
   * even if an earlier run of the command registered it and took that back.
   */
  register(
    context: CommandContext,
    partnerId: PartnerId,
    tenantId: TenantId,
  ): Promise<Outcome<CustomerRefusal>> {
    return this.untilItHolds(
      context,
      tenantId,
      { type: 'register-csp-association', partnerId },
      (tenant) => isOpen(tenant, partnerId),
    );
  }

  /**
   * Appends no end while the partner lists the tenant: another process may have registered the
   * tenant again, and then it must stay blocked. On a log without guards the partner's event can
   * still come just before the end is appended; then this registers the tenant again.
   */
  async end(
    context: CommandContext,
    partnerId: PartnerId,
    tenantId: TenantId,
    end: End,
  ): Promise<Outcome<CustomerRefusal>> {
    const ended = await this.step(context, tenantId, {
      type: 'end-csp-association',
      partnerId,
      ...end,
    });
    if (ended.kind !== 'committed' || this.log.capabilities.guards === 'atomic') return ended;
    const { state: partner } = await this.records.partner(partnerId);
    if (!isListed(partner, tenantId)) return ended;
    const again = {
      ...context,
      commandId: stepCommandId(context.commandId, partnerStream(partnerId)),
    };
    await this.register(again, partnerId, tenantId);
    return ended;
  }

  /** Ends a registration that the command made but cannot complete. */
  takeBack(
    context: CommandContext,
    partnerId: PartnerId,
    tenantId: TenantId,
    end: End,
  ): Promise<Outcome<CustomerRefusal>> {
    const command = { type: 'end-csp-association', partnerId, ...end } as const;
    return this.untilItHolds(context, tenantId, command, (tenant) => !isOpen(tenant, partnerId));
  }

  /**
   * A command without an event leaves no record of its key, but its appends to other streams are in
   * the log. A repeat finds them there, even if they were undone later. In that case this makes the
   * append again, as a step of the previous step.
   */
  private async untilItHolds(
    context: CommandContext,
    tenantId: TenantId,
    command: CustomerCommand,
    holds: (tenant: Customer) => boolean,
  ): Promise<Outcome<CustomerRefusal>> {
    const stream = customerStream(tenantId);
    let of = context;
    for (let again = 0; again < AGAIN_AT_MOST; again += 1) {
      const outcome = await this.step(of, tenantId, command);
      const isNew = outcome.kind !== 'committed' || !outcome.replayed;
      if (isNew || holds((await this.records.customer(tenantId)).state)) return outcome;
      of = { ...of, commandId: stepCommandId(of.commandId, stream) };
    }
    throw new Contention(stream, AGAIN_AT_MOST);
  }

  private step(
    context: CommandContext,
    tenantId: TenantId,
    command: CustomerCommand,
  ): Promise<Outcome<CustomerRefusal>> {
    return this.decisions.commitStep(
      context,
      customerFold(tenantId),
      async ({ state }) => {
        const { facts } = await programFacts(this.states, this.clock);
        const decided = decideCustomer(command, state, facts);
        if (!decided.ok) return decided;
        if (command.type !== 'end-csp-association') return accept({ events: decided.value });
        const { state: partner, revision } = await this.records.partner(command.partnerId);
        const guards = [{ stream: partnerStream(command.partnerId), revision }];
        return accept({ events: isListed(partner, tenantId) ? [] : decided.value, guards });
      },
      ({ state }, scope) =>
        isCustomerCommandInScope(command, state, scope, this.clock.judgementTime().date),
    );
  }
}

const isListed = ({ cspTenants }: Partner, tenantId: TenantId): boolean =>
  cspTenants.some((tenant) => tenant.tenantId === tenantId && tenant.endedOn === undefined);

const isOpen = ({ registrations }: Customer, partnerId: PartnerId): boolean =>
  registrations.some(
    (registration) => registration.partnerId === partnerId && registration.endedOn === undefined,
  );
