import { Controller, Get, Put } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { SetBillingEntity } from '../../../libs/application/billing/parties/billing.commands.js';
import {
  billingEntityFold,
  billingEntityIdFold,
} from '../../../libs/application/billing/billing-folds.js';
import { Records } from '../../../libs/application/records/records.js';
import type { BillingEntity } from '../../../libs/domain/billing/parties/billing-entity.js';
import {
  billingEntityId as asEntityId,
  partnerId as asPartnerId,
} from '../../../libs/domain/shared/ids.js';
import { inScope } from '../../../libs/platform/authentication/principal.js';
import { ReadModels } from '../../../libs/read-models/read-models.js';
import { done, recordAnswer } from '../commands/command-answer.js';
import { commandContext } from '../commands/command-context.js';
import { BillingEntityPath, ListBillingEntities, SetBillingEntityDto } from '../dto/billing.dto.js';
import { ReadQuery } from '../dto/shared.dto.js';
import { ProblemException } from '../http/problems/problem.js';
import { RequestContext } from '../http/request/request-context.js';
import { answer } from '../http/response/answer.js';
import { Ctx, FromBody, FromPath, FromQuery } from '../http/routing/request-decorators.js';
import { Allow, Conditional, Describe, Idempotent } from '../http/routing/route-declaration.js';
import { ReadBounds } from '../reading/read-bounds.js';
import { billingEntityExample, billingEntityView } from './billing.view.js';

const tag = 'Billing';

/** The legal persons that issue documents: one a partner. */
@Controller('v1/billing-entities')
export class BillingEntitiesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly records: Records,
    private readonly readModels: ReadModels,
    private readonly reached: ReadBounds,
  ) {}

  @Put(':entityId')
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary: 'Register a partner’s billing entity, or change its details',
    tag,
    answers: [
      { status: 201, description: 'Registered', example: billingEntityExample },
      { status: 200, description: 'Changed, or no change needed', example: billingEntityExample },
    ],
  })
  async put(
    @Ctx() ctx: RequestContext,
    @FromPath() path: BillingEntityPath,
    @FromBody() body: SetBillingEntityDto,
  ): Promise<string> {
    const entityId = asEntityId(path.entityId);
    const partnerId = asPartnerId(body.partnerId);
    const did = done(
      await this.commands.execute(
        new SetBillingEntity(commandContext(ctx), { ...body, entityId, partnerId }),
      ),
    );
    const fold = billingEntityFold(partnerId, entityId);
    const { state } = await this.records.at(fold, did.revision);
    return recordAnswer(ctx, did, 'BillingEntityRegistered', this.view(ctx, state.entity));
  }

  @Get(':entityId')
  @Conditional()
  @Allow('read everything')
  @Describe({
    summary: 'Read a billing entity',
    tag,
    answers: [{ status: 200, description: 'The entity', example: billingEntityExample }],
  })
  async get(
    @Ctx() ctx: RequestContext,
    @FromPath() path: BillingEntityPath,
    @FromQuery() query: ReadQuery,
  ): Promise<string> {
    const position = await this.reached.atLeast(query.minPosition);
    const entityId = asEntityId(path.entityId);
    const { state: assigned } = await this.records.present(billingEntityIdFold(entityId), position);
    if (assigned.partnerId === undefined || !inScope(ctx.principal, assigned.partnerId))
      throw new ProblemException('not-found');
    const fold = billingEntityFold(assigned.partnerId, entityId);
    const { state, revision } = await this.records.present(fold, position);
    // The id is assigned before the entity is registered.
    const entity = state.entity?.entityId === entityId ? state.entity : undefined;
    return answer(ctx, this.view(ctx, entity), { position, revision });
  }

  @Get()
  @Allow('read everything')
  @Describe({
    summary: 'List billing entities in the order of their registration',
    tag,
    answers: [
      {
        status: 200,
        description: 'A page of billing entities',
        example: { items: [billingEntityExample], nextCursor: null },
      },
    ],
  })
  async list(@Ctx() ctx: RequestContext, @FromQuery() query: ListBillingEntities): Promise<string> {
    const { items, nextCursor } = await this.readModels.listBillingEntities({
      ...query,
      partnerId: query.partnerId === undefined ? undefined : asPartnerId(query.partnerId),
      scope: ctx.principal.partnerIds?.map(asPartnerId),
    });
    return answer(ctx, { items: items.map((entity) => this.view(ctx, entity)), nextCursor });
  }

  private view({ language }: RequestContext, entity: BillingEntity | undefined): object {
    if (!entity) throw new ProblemException('not-found');
    return billingEntityView(entity, language);
  }
}
