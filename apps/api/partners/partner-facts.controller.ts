import { Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ChangePartner,
  StateSigningAuthority,
} from '../../../libs/application/partners/partner.commands.js';
import type { StatedFact } from '../../../libs/domain/partner/partner.decide.js';
import { partnerId as asPartnerId } from '../../../libs/domain/shared/ids.js';
import { factAnswer } from '../commands/command-answer.js';
import { commandContext } from '../commands/command-context.js';
import {
  StartLocation,
  StartMembership,
  StartProviderAuthorization,
  StartProviderRelationship,
  StartService,
  StartSigningAuthority,
  StartSupportPlan,
} from '../dto/partner-facts.dto.js';
import { PartnerPath } from '../dto/paths.js';
import { Ctx, FromBody, FromPath } from '../http/routing/request-decorators.js';
import { RequestContext } from '../http/request/request-context.js';
import { FactRoute } from '../commands/fact-route.js';

/** The dated facts of a partner. The answer has the fact's id. */
@Controller('v1/partners/:partnerId')
export class PartnerFactsController {
  constructor(private readonly commands: CommandBus) {}

  @Post('locations')
  @FactRoute('Record a PartnerID for a location')
  location(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() value: StartLocation,
  ): Promise<string> {
    return this.start(ctx, path, { kind: 'location', value });
  }

  @Post('memberships')
  @FactRoute('Record a membership of the AI Cloud Partner Program')
  membership(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() value: StartMembership,
  ): Promise<string> {
    return this.start(ctx, path, { kind: 'membership', value });
  }

  @Post('signing-authority')
  @FactRoute('Record a person who may sign for the partner')
  async signingAuthority(
    @Ctx() ctx: RequestContext,
    @FromPath() { partnerId }: PartnerPath,
    @FromBody() body: StartSigningAuthority,
  ): Promise<string> {
    const context = commandContext(ctx, `partner:${partnerId}`);
    return factAnswer(
      ctx,
      await this.commands.execute(new StateSigningAuthority(context, asPartnerId(partnerId), body)),
    );
  }

  @Post('provider-authorization')
  @FactRoute('Record Microsoft’s authorization as an indirect provider')
  providerAuthorization(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() value: StartProviderAuthorization,
  ): Promise<string> {
    return this.start(ctx, path, { kind: 'providerAuthorization', value });
  }

  @Post('provider-relationships')
  @FactRoute('Record a relationship with an indirect provider')
  providerRelationship(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() body: StartProviderRelationship,
  ): Promise<string> {
    return this.start(ctx, path, {
      kind: 'providerRelationship',
      value: { ...body, providerId: asPartnerId(body.providerId) },
    });
  }

  @Post('support-plans')
  @FactRoute('Record an Advanced or Premier Support for Partners plan')
  supportPlan(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() value: StartSupportPlan,
  ): Promise<string> {
    return this.start(ctx, path, { kind: 'supportPlan', value });
  }

  @Post('services')
  @FactRoute('Record a managed service, IP service or customer solution')
  service(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() value: StartService,
  ): Promise<string> {
    return this.start(ctx, path, { kind: 'service', value });
  }

  private async start(
    ctx: RequestContext,
    { partnerId }: PartnerPath,
    fact: StatedFact,
  ): Promise<string> {
    const change = { type: 'start-fact', fact } as const;
    return factAnswer(
      ctx,
      await this.commands.execute(
        new ChangePartner(commandContext(ctx), asPartnerId(partnerId), change),
      ),
    );
  }
}
