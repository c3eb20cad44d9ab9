import { Controller, Get, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { RecordManualCharge } from '../../../libs/application/billing/charges/manual-charge.handler.js';
import { SubscriptionEffects } from '../../../libs/application/days/subscription-effects.js';
import { asPayer } from '../../../libs/domain/billing/parties/billing-profile.js';
import {
  billingEntityId as asEntityId,
  partnerId as asPartnerId,
  subscriptionId as asSubscriptionId,
} from '../../../libs/domain/shared/ids.js';
import { manualChargeIdOf } from '../../../libs/event-log/identity.js';
import { ReadModels } from '../../../libs/read-models/read-models.js';
import { done, headOf } from '../commands/command-answer.js';
import { commandContext } from '../commands/command-context.js';
import { ListCharges, ManualChargeDto } from '../dto/subscriptions.dto.js';
import { RequestContext } from '../http/request/request-context.js';
import { answer } from '../http/response/answer.js';
import { Ctx, FromBody, FromQuery } from '../http/routing/request-decorators.js';
import { Allow, Describe, Idempotent } from '../http/routing/route-declaration.js';
import { chargeExample, chargeView } from './subscription.view.js';

const tag = 'Charges';
const manualExample = {
  chargeId: '2b7d0b0e-5b7a-5c1d-8f0e-6a1f2c3d4e5f',
  entityId: 'kansai-billing',
  payer: chargeExample.payer,
  description: 'Setup',
  amount: { amount: '10000', currency: 'JPY' },
  taxCategory: 'standard',
  date: '2026-11-10',
  reference: 'setup-2026-11',
};

/** What is due: charges of subscriptions, one-time purchases, and charges by hand. */
@Controller('v1/charges')
export class ChargesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly readModels: ReadModels,
    private readonly effects: SubscriptionEffects,
  ) {}

  @Get()
  @Allow('read everything')
  @Describe({
    summary: 'List charges in the order of their recording, each with the document that it is on',
    tag,
    answers: [
      {
        status: 200,
        description: 'A page of charges',
        example: { items: [chargeExample], nextCursor: null },
      },
    ],
  })
  async list(@Ctx() ctx: RequestContext, @FromQuery() query: ListCharges): Promise<string> {
    const minPosition = await this.effects.readPosition(query.minPosition);
    const { partnerIds } = ctx.principal;
    const { items, nextCursor } = await this.readModels.listCharges({
      ...query,
      minPosition,
      subscriptionId:
        query.subscriptionId === undefined ? undefined : asSubscriptionId(query.subscriptionId),
      payer: query.payer === undefined ? undefined : asPayer(query.payer),
      entityId: query.entityId === undefined ? undefined : asEntityId(query.entityId),
      issuers: partnerIds?.map(asPartnerId),
    });
    return answer(ctx, { items: items.map(chargeView), nextCursor });
  }

  @Post()
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary: 'Record a charge that no subscription has; a negative amount is a credit',
    tag,
    answers: [
      { status: 201, description: 'Recorded', example: manualExample },
      {
        status: 200,
        description: 'No change needed: the charge is recorded already',
        example: manualExample,
      },
    ],
  })
  async record(@Ctx() ctx: RequestContext, @FromBody() body: ManualChargeDto): Promise<string> {
    const entityId = asEntityId(body.entityId);
    const { amount, currency } = body.amount;
    const charge = { ...body, entityId, payer: asPayer(body.payer), amount, currency };
    const outcome = await this.commands.execute(
      new RecordManualCharge(commandContext(ctx), charge),
    );
    const did = done(outcome);
    const chargeId = manualChargeIdOf(entityId, body.reference);
    return answer(
      ctx,
      { chargeId, ...body },
      { ...headOf(did), status: did.kind === 'committed' ? 201 : 200 },
    );
  }
}
