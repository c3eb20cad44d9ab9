import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { PartnerRefusal } from '../../domain/partner/partner.decide.js';
import type { Outcome } from '../engine/commands/decision.js';
import { CspTenantAssociations } from './csp-tenant-associations.js';
import { ChangePartner, EndCspTenant } from './partner.commands.js';
import { ChangePartnerHandler } from './partner.handlers.js';

/**
 * Ends a registration at the partner first, then at the tenant, so that the tenant stays blocked in
 * between. It also ends a registration that only the tenant's stream has: the partner may not list
 * the tenant, or may not exist.
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

    // The partner's decision has checked the scope, for the tenant's record too, so the step on the
    // tenant does not check it again.
    const { scope: _judged, ...unscoped } = context;
    const tenant = await this.associations.end(unscoped, partnerId, tenantId, end);
    if (partner.kind === 'refused') return tenant.kind === 'committed' ? tenant : partner;
    if (partner.kind === 'unchanged' && tenant.kind === 'committed') return tenant;
    // A read that waits for the answer's position must find that the tenant's registration has
    // ended.
    return { ...partner, position: Math.max(partner.position, tenant.position) };
  }
}

const isNotListed = ({ code }: PartnerRefusal): boolean =>
  code === 'csp-tenant-not-registered' || code === 'partner-unknown';
