import { Controller, Delete, Get, Post, Put } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ChangePartner,
  EndCspTenant,
  RegisterPartner as RegisterPartnerCommand,
} from '../../../libs/application/partners/partner.commands.js';
import { Erasures } from '../../../libs/application/personal-data/erasures.js';
import { partnerFold } from '../../../libs/application/records/folds.js';
import { Records } from '../../../libs/application/records/records.js';
import { Clock } from '../../../libs/application/engine/time/clock.js';
import {
  partnerId as asPartnerId,
  tenantId as asTenantId,
} from '../../../libs/domain/shared/ids.js';
import { inScope } from '../../../libs/platform/authentication/principal.js';
import { ReadModels } from '../../../libs/read-models/read-models.js';
import {
  commandAnswer,
  done,
  emptyCommandAnswer,
  recordAnswer,
} from '../commands/command-answer.js';
import { commandContext } from '../commands/command-context.js';
import { ListPartners, RegisterPartner, StartModel } from '../dto/partners.dto.js';
import { PartnerPath, PartnerTenantPath } from '../dto/paths.js';
import { Ending, ReadQuery } from '../dto/shared.dto.js';
import { ProblemException } from '../http/problems/problem.js';
import { RequestContext } from '../http/request/request-context.js';
import { answer } from '../http/response/answer.js';
import { Ctx, FromBody, FromPath, FromQuery } from '../http/routing/request-decorators.js';
import { Allow, Conditional, Describe, Idempotent } from '../http/routing/route-declaration.js';
import { ReadBounds } from '../reading/read-bounds.js';
import { partnerExample } from './partner.examples.js';
import { partnerItem, partnerView } from './partner.view.js';

const tag = 'Partners';

/** Partners and their details. */
@Controller('v1/partners')
export class PartnersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly records: Records,
    private readonly readModels: ReadModels,
    private readonly erasures: Erasures,
    private readonly reached: ReadBounds,
    private readonly clock: Clock,
  ) {}

  @Put(':partnerId')
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary: 'Register a partner, or change its details',
    tag,
    answers: [
      { status: 201, description: 'Registered', example: partnerExample },
      { status: 200, description: 'Changed, or no change needed', example: partnerExample },
    ],
  })
  async put(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() body: RegisterPartner,
  ): Promise<string> {
    const { cspTenantIds = [], ...details } = body;
    const partnerId = asPartnerId(path.partnerId);
    const tenants = [...new Set(cspTenantIds.map(asTenantId))];
    const did = done(
      await this.commands.execute(
        new RegisterPartnerCommand(commandContext(ctx), partnerId, details, tenants),
      ),
    );
    const { state } = await this.records.at(partnerFold(partnerId), did.revision);
    return recordAnswer(ctx, did, 'PartnerRegistered', partnerView(state, this.today()));
  }

  @Get(':partnerId')
  @Conditional()
  @Allow('read partners')
  @Describe({
    summary: 'Read a partner with all its facts and their dates',
    tag,
    answers: [{ status: 200, description: 'The partner', example: partnerExample }],
  })
  async get(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromQuery() query: ReadQuery,
  ): Promise<string> {
    const position = await this.reached.atLeast(query.minPosition);
    const { state, revision } = await this.records.partner(asPartnerId(path.partnerId), position);
    if (!state.registration || !inScope(ctx.principal, path.partnerId))
      throw new ProblemException('not-found');
    return answer(ctx, partnerView(state, this.today()), { position, revision });
  }

  @Get()
  @Allow('read partners')
  @Describe({
    summary: 'List partners in the order of their registration',
    tag,
    answers: [{ status: 200, description: 'A page of partners' }],
  })
  async list(@Ctx() ctx: RequestContext, @FromQuery() query: ListPartners): Promise<string> {
    const on = this.today();
    const { items, nextCursor } = await this.readModels.listPartners({
      ...query,
      on,
      providerId: query.providerId === undefined ? undefined : asPartnerId(query.providerId),
      scope: ctx.principal.partnerIds?.map(asPartnerId),
    });
    return answer(ctx, { items: items.map((row) => partnerItem(row, on)), nextCursor });
  }

  @Post(':partnerId/models')
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary: 'Start another partner model on a day',
    tag,
    answers: [
      {
        status: 201,
        description: 'Started',
        example: { model: 'direct-bill', from: '2026-12-01' },
      },
      { status: 200, description: 'No change needed: it is already recorded' },
    ],
  })
  async startModel(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() body: StartModel,
  ): Promise<string> {
    const change = { type: 'start-model', ...body } as const;
    const outcome = await this.commands.execute(
      new ChangePartner(commandContext(ctx), asPartnerId(path.partnerId), change),
    );
    return commandAnswer(ctx, outcome, () => ({ model: body.model, from: body.from }));
  }

  @Post(':partnerId/csp-tenants/:tenantId/end')
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary:
      'End the registration of a CSP tenant: from that day it no longer blocks the tenant as a customer',
    tag,
    answers: [
      { status: 201, description: 'Ended' },
      { status: 200, description: 'No change needed: it already ended on that day' },
    ],
  })
  async endCspTenant(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerTenantPath,
    @FromBody() body: Ending,
  ): Promise<string> {
    const tenantId = asTenantId(path.tenantId);
    const end = new EndCspTenant(commandContext(ctx), asPartnerId(path.partnerId), tenantId, {
      on: body.on,
      reason: body.reason,
    });
    return commandAnswer(ctx, await this.commands.execute(end), () => ({
      tenantId,
      endedOn: body.on,
    }));
  }

  @Delete(':partnerId/personal-data')
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary: 'Erase the partner’s personal data by destroying its key',
    tag,
    answers: [
      {
        status: 204,
        description:
          'The key is no longer in any file of the key store. Until then the answer is 503 erasure-pending',
      },
    ],
  })
  async erase(@Ctx() ctx: RequestContext, @FromPath() path: PartnerPath): Promise<undefined> {
    return emptyCommandAnswer(
      ctx,
      await this.erasures.erase(commandContext(ctx), `partner:${path.partnerId}`),
    );
  }

  private today(): string {
    return this.clock.judgementTime().date;
  }
}
