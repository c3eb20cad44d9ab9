import { Injectable } from '@nestjs/common';
import type { Customer, CustomerEvent } from '../../domain/customer/customer.js';
import { type CustomerCommand, type CustomerRefusal, decideCustomer } from '../../domain/customer/customer.decide.js';
import type { PartnerId, TenantId } from '../../domain/shared/ids.js';
import type { CommandContext, Outcome } from '../decisions/context.js';
import { Decisions } from '../decisions/decisions.js';
import { programFacts } from '../decisions/program-facts.js';
import { customerFold } from '../states/fold.js';
import { StateCache } from '../states/state-cache.js';
import { Clock } from '../time/clock.js';

/** The tenant's half of "this tenant is a partner's CSP tenant" (TENANT-1): written to the tenant's own stream, through its queue. */
@Injectable()
export class CspTenantAssociations {
  constructor(
    private readonly decisions: Decisions,
    private readonly states: StateCache,
    private readonly clock: Clock,
  ) {}

  register(context: CommandContext, partnerId: PartnerId, tenantId: TenantId): Promise<Outcome<CustomerRefusal>> {
    return this.step(context, tenantId, { type: 'register-csp-association', partnerId });
  }

  end(
    context: CommandContext,
    partnerId: PartnerId,
    tenantId: TenantId,
    { on, reason }: { readonly on: string; readonly reason: string },
  ): Promise<Outcome<CustomerRefusal>> {
    return this.step(context, tenantId, { type: 'end-csp-association', partnerId, on, reason });
  }

  private step(context: CommandContext, tenantId: TenantId, command: CustomerCommand): Promise<Outcome<CustomerRefusal>> {
    return this.decisions.commitStep<Customer, CustomerEvent, CustomerRefusal>(context, customerFold(tenantId), async ({ state }) => {
      const { facts } = await programFacts(this.states, this.clock);
      const decided = decideCustomer(command, state, facts);
      return decided.ok ? { ok: true, value: { events: decided.value } } : decided;
    });
  }
}
