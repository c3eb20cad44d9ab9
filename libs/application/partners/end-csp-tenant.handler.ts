import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { PartnerRefusal } from '../../domain/partner/partner.decide.js';
import type { Outcome } from '../engine/commands/decision.js';
import { CspTenantAssociations } from './csp-tenant-associations.js';
import { ChangePartner, EndCspTenant } from './partner.commands.js';
import { ChangePartnerHandler } from './partner.handlers.js';

/**
 * Ends a registration: the partner first, the tenant last, so that in between the tenant stays
 * blocked. It works also for a registration that the partner does not list, and for a partner that
 * does not exist: then only the tenant's stream has it.
 */
@CommandHandler(EndCspTenant)
export class EndCspTenantHandler implements ICommandHandler<EndCspTenant> {
  constructor(
    private readonly change: ChangePartnerHandler,
    private readonly associations: CspTenantAssociations,
  ) {}

  async execute({
    context,
    partnerId,
    tenantId,
    end,
  }: EndCspTenant): Promise<Outcome<PartnerRefusal>> {
    const partner = await this.change.execute(
      new ChangePartner(context, partnerId, { type: 'end-csp-tenant', tenantId, ...end }),
    );
    if (partner.kind === 'refused' && !isNotListed(partner.refusal)) return partner;

    // The partner's decision has judged the scope, on the tenant's record too: what follows on it
    // is not judged again.
    const { scope: _judged, ...unscoped } = context;
    const tenant = await this.associations.end(unscoped, partnerId, tenantId, end);
    if (partner.kind === 'refused') return tenant.kind === 'committed' ? tenant : partner;
    if (partner.kind === 'unchanged' && tenant.kind === 'committed') return tenant;
    // Who waits for the answer's position must find the tenant as this command has left it, or has
    // found it ended by another.
    return { ...partner, position: Math.max(partner.position, tenant.position) };
  }
}

const isNotListed = ({ code }: PartnerRefusal): boolean =>
  code === 'csp-tenant-not-registered' || code === 'partner-unknown';
