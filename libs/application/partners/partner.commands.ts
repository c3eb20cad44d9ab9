import { Command } from '@nestjs/cqrs';
import type { PartnerCommand, PartnerRefusal } from '../../domain/partner/partner.decide.js';
import type { PartnerModel } from '../../domain/partner/partner.js';
import type { Dates } from '../../domain/shared/dated-fact.js';
import type { PartnerId, TenantId, EventId } from '../../domain/shared/ids.js';
import type { CommandContext } from '../engine/commands/command-context.js';
import type { Outcome } from '../engine/commands/decision.js';

/** Anything that one partner's record alone decides. */
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
 * Registers a partner or changes its details; its CSP tenants are made known to those tenants' own
 * streams first.
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

/** The partner first, the tenant last: in between the tenant stays blocked. */
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
 * Who may sign for the partner: a person's name, sealed before it reaches the log. With `factId`
 * and `reason`, a correction.
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
