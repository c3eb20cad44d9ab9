import { Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ChangePartner,
  StateSigningAuthority,
} from '../../../libs/application/partners/partner.commands.js';
import type { PartnerFactKind } from '../../../libs/domain/partner/partner.js';
import type { PartnerCommand, StatedFact } from '../../../libs/domain/partner/partner.decide.js';
import {
  eventId,
  type PartnerId,
  partnerId as asPartnerId,
} from '../../../libs/domain/shared/ids.js';
import { factAnswer } from '../commands/command-answer.js';
import { commandContext } from '../commands/command-context.js';
import { type Correction, FactEnding } from '../dto/shared.dto.js';
import {
  CorrectDates,
  CorrectLocation,
  CorrectProviderRelationship,
  CorrectService,
  CorrectSigningAuthority,
  CorrectSupportPlan,
} from '../dto/partner-corrections.dto.js';
import { PartnerPath, PartnerProviderPath } from '../dto/paths.js';
import { Ctx, FromBody, FromPath } from '../http/routing/request-decorators.js';
import { RequestContext } from '../http/request/request-context.js';
import { FactRoute } from '../commands/fact-route.js';

const ends = 'End the fact on a day, the first day on which it is no longer in force';
const corrects = 'Correct the fact: give its whole new value, or retract it';

/** Ends and corrects dated facts. Each end or correction is a new event; no event is changed. */
@Controller('v1/partners/:partnerId')
export class PartnerFactChangesController {
  constructor(private readonly commands: CommandBus) {}

  @Post('locations/end')
  @FactRoute(ends)
  endLocation(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() body: FactEnding,
  ): Promise<string> {
    return this.end(ctx, path, 'location', body);
  }
  @Post('locations/correction')
  @FactRoute(corrects)
  correctLocation(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() body: CorrectLocation,
  ): Promise<string> {
    return this.correct(
      ctx,
      path,
      'location',
      body,
      body.value && { kind: 'location', value: body.value },
    );
  }

  @Post('memberships/end')
  @FactRoute(ends)
  endMembership(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() body: FactEnding,
  ): Promise<string> {
    return this.end(ctx, path, 'membership', body);
  }
  @Post('memberships/correction')
  @FactRoute(corrects)
  correctMembership(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() body: CorrectDates,
  ): Promise<string> {
    return this.correct(
      ctx,
      path,
      'membership',
      body,
      body.value && { kind: 'membership', value: body.value },
    );
  }

  @Post('signing-authority/end')
  @FactRoute(ends)
  endSigningAuthority(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() body: FactEnding,
  ): Promise<string> {
    return this.end(ctx, path, 'signingAuthority', body);
  }
  @Post('signing-authority/correction')
  @FactRoute(corrects)
  async correctSigningAuthority(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() body: CorrectSigningAuthority,
  ): Promise<string> {
    const context = commandContext(ctx, `partner:${path.partnerId}`);
    if (!body.value)
      return this.change(
        ctx,
        path,
        { type: 'retract-fact', kind: 'signingAuthority', ...correctionOf(body) },
        context,
      );
    const state = new StateSigningAuthority(
      context,
      asPartnerId(path.partnerId),
      body.value,
      correctionOf(body),
    );
    return factAnswer(ctx, await this.commands.execute(state));
  }

  @Post('provider-authorization/end')
  @FactRoute(ends)
  endProviderAuthorization(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() body: FactEnding,
  ): Promise<string> {
    return this.end(ctx, path, 'providerAuthorization', body);
  }
  @Post('provider-authorization/correction')
  @FactRoute(corrects)
  correctProviderAuthorization(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() body: CorrectDates,
  ): Promise<string> {
    return this.correct(
      ctx,
      path,
      'providerAuthorization',
      body,
      body.value && { kind: 'providerAuthorization', value: body.value },
    );
  }

  @Post('provider-relationships/end')
  @FactRoute(ends)
  endProviderRelationship(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() body: FactEnding,
  ): Promise<string> {
    return this.end(ctx, path, 'providerRelationship', body);
  }
  @Post('provider-relationships/correction')
  @FactRoute(corrects)
  correctProviderRelationship(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() body: CorrectProviderRelationship,
  ): Promise<string> {
    const value = body.value && { ...body.value, providerId: asPartnerId(body.value.providerId) };
    return this.correct(
      ctx,
      path,
      'providerRelationship',
      body,
      value && { kind: 'providerRelationship', value },
    );
  }
  @Post('provider-relationships/:providerId/end')
  @FactRoute('End the relationship with this provider on a day')
  endRelationshipWith(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerProviderPath,
    @FromBody() body: FactEnding,
  ): Promise<string> {
    return this.end(ctx, path, 'providerRelationship', body, asPartnerId(path.providerId));
  }

  @Post('support-plans/end')
  @FactRoute(ends)
  endSupportPlan(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() body: FactEnding,
  ): Promise<string> {
    return this.end(ctx, path, 'supportPlan', body);
  }
  @Post('support-plans/correction')
  @FactRoute(corrects)
  correctSupportPlan(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() body: CorrectSupportPlan,
  ): Promise<string> {
    return this.correct(
      ctx,
      path,
      'supportPlan',
      body,
      body.value && { kind: 'supportPlan', value: body.value },
    );
  }

  @Post('services/end')
  @FactRoute(ends)
  endService(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() body: FactEnding,
  ): Promise<string> {
    return this.end(ctx, path, 'service', body);
  }
  @Post('services/correction')
  @FactRoute(corrects)
  correctService(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() body: CorrectService,
  ): Promise<string> {
    return this.correct(
      ctx,
      path,
      'service',
      body,
      body.value && { kind: 'service', value: body.value },
    );
  }

  private end(
    ctx: RequestContext,
    path: PartnerPath,
    kind: PartnerFactKind,
    body: FactEnding,
    providerId?: PartnerId,
  ): Promise<string> {
    const { on, reason, factId } = body;
    const fact = {
      ...(factId === undefined ? {} : { factId: eventId(factId.toLowerCase()) }),
      ...(providerId === undefined ? {} : { providerId }),
    };
    return this.change(ctx, path, { type: 'end-fact', kind, on, reason, ...fact });
  }

  private correct(
    ctx: RequestContext,
    path: PartnerPath,
    kind: PartnerFactKind,
    body: Correction,
    fact: StatedFact | undefined,
  ): Promise<string> {
    const correction = correctionOf(body);
    return this.change(
      ctx,
      path,
      fact
        ? { type: 'correct-fact', ...correction, fact }
        : { type: 'retract-fact', kind, ...correction },
    );
  }

  private async change(
    ctx: RequestContext,
    { partnerId }: PartnerPath,
    change: PartnerCommand,
    context = commandContext(ctx),
  ): Promise<string> {
    return factAnswer(
      ctx,
      await this.commands.execute(new ChangePartner(context, asPartnerId(partnerId), change)),
    );
  }
}

const correctionOf = ({ factId, reason }: Correction) => ({
  factId: eventId(factId.toLowerCase()),
  reason,
});
