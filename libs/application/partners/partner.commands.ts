import { Command } from '@nestjs/cqrs';
import type { PartnerCommand, PartnerRefusal } from '../../domain/partner/partner.decide.js';
import type { PartnerModel } from '../../domain/partner/partner.js';
import type { Dates } from '../../domain/shared/dated-fact.js';
import type { PartnerId, TenantId, EventId } from '../../domain/shared/ids.js';
import type { CommandContext } from '../engine/commands/command-context.js';
import type { Outcome } from '../engine/commands/decision.js';

/** A command that is decided on one partner's record alone. */
export class ChangePartner extends Command<Outcome<PartnerRefusal>> {
  constructor(
    readonly context: CommandContext,
    readonly partnerId: PartnerId,
    readonly change: PartnerCommand,
  ) {
    super();
  }
}

/**
 * Registers a partner or changes its details. Its CSP tenants are first registered in those
 * tenants' own streams.
 */
export class RegisterPartner extends Command<Outcome<PartnerRefusal>> {
  constructor(
    readonly context: CommandContext,
    readonly partnerId: PartnerId,
    readonly details: {
      readonly legalName: string;
      readonly country: string;
      readonly marketCode?: string | null;
      readonly model: PartnerModel;
    },
    readonly cspTenantIds: readonly TenantId[],
  ) {
    super();
  }
}

/**
 * Ends a registration at the partner first, then at the tenant, so that the tenant stays blocked in
 * between.
 */
export class EndCspTenant extends Command<Outcome<PartnerRefusal>> {
  constructor(
    readonly context: CommandContext,
    readonly partnerId: PartnerId,
    readonly tenantId: TenantId,
    readonly end: { readonly on: string; readonly reason: string },
  ) {
    super();
  }
}

/**
 * States who may sign for the partner. This is a person's name, so it is sealed before it is
 * appended. With `factId` and `reason` it is a correction.
 */
export class StateSigningAuthority extends Command<Outcome<PartnerRefusal>> {
  constructor(
    readonly context: CommandContext,
    readonly partnerId: PartnerId,
    readonly authority: { readonly name: string; readonly title: string } & Dates,
    readonly correction?: { readonly factId: EventId; readonly reason: string },
  ) {
    super();
  }
}
