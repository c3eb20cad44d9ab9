import { Controller, Get, Put } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  SetCustomerBillingProfile,
  SetPartnerBillingProfile,
} from '../../../libs/application/billing/parties/billing.commands.js';
import { billingProfileFold } from '../../../libs/application/billing/billing-folds.js';
import type { Outcome } from '../../../libs/application/engine/commands/decision.js';
import { Records } from '../../../libs/application/records/records.js';
import {
  type BillingProfileRefusal,
  customerPayer,
  partnerPayer,
  type Payer,
} from '../../../libs/domain/billing/parties/billing-profile.js';
import {
  partnerId as asPartnerId,
  tenantId as asTenantId,
} from '../../../libs/domain/shared/ids.js';
import type { Position } from '../../../libs/event-log/event-log.js';
import { inScope } from '../../../libs/platform/authentication/principal.js';
import { done, recordAnswer } from '../commands/command-answer.js';
import { commandContext } from '../commands/command-context.js';
import { CustomerScope } from '../customers/customer-scope.js';
import { SetBillingProfileDto } from '../dto/billing.dto.js';
import { CustomerPath, PartnerPath } from '../dto/paths.js';
import { ReadQuery } from '../dto/shared.dto.js';
import { ProblemException } from '../http/problems/problem.js';
import { RequestContext } from '../http/request/request-context.js';
import { answer } from '../http/response/answer.js';
import { Ctx, FromBody, FromPath, FromQuery } from '../http/routing/request-decorators.js';
import { Allow, Conditional, Describe, Idempotent } from '../http/routing/route-declaration.js';
import { ReadBounds } from '../reading/read-bounds.js';
import {
  billingProfileView,
  customerProfileExample,
  partnerProfileExample,
} from './billing.view.js';

const tag = 'Billing';

/** How payers are billed: customers, and resellers that their provider bills. */
@Controller('v1')
export class BillingProfilesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly records: Records,
    private readonly scope: CustomerScope,
    private readonly reached: ReadBounds,
  ) {}

  @Put('customers/:tenantId/billing-profile')
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary: 'Register or change how a customer is billed',
    tag,
    answers: [
      { status: 201, description: 'Registered', example: customerProfileExample },
      { status: 200, description: 'Changed, or no change needed', example: customerProfileExample },
    ],
  })
  async putOfCustomer(
    @Ctx() ctx: RequestContext,
    @FromPath() path: CustomerPath,
    @FromBody() body: SetBillingProfileDto,
  ): Promise<string> {
    const tenantId = asTenantId(path.tenantId);
    const command = new SetCustomerBillingProfile(commandContext(ctx), tenantId, body);
    return this.changed(ctx, customerPayer(tenantId), await this.commands.execute(command));
  }

  @Get('customers/:tenantId/billing-profile')
  @Conditional()
  @Allow('read customers and orders')
  @Describe({
    summary: 'Read how a customer is billed',
    tag,
    answers: [{ status: 200, description: 'The profile', example: customerProfileExample }],
  })
  async getOfCustomer(
    @Ctx() ctx: RequestContext,
    @FromPath() path: CustomerPath,
    @FromQuery() query: ReadQuery,
  ): Promise<string> {
    const position = await this.reached.atLeast(query.minPosition);
    const tenantId = asTenantId(path.tenantId);
    if (!(await this.scope.includes(ctx, tenantId, position)))
      throw new ProblemException('not-found');
    return this.read(ctx, customerPayer(tenantId), position);
  }

  @Put('partners/:partnerId/billing-profile')
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary: 'Register or change how its provider bills a reseller',
    tag,
    answers: [
      { status: 201, description: 'Registered', example: partnerProfileExample },
      { status: 200, description: 'Changed, or no change needed', example: partnerProfileExample },
    ],
  })
  async putOfPartner(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() body: SetBillingProfileDto,
  ): Promise<string> {
    const partnerId = asPartnerId(path.partnerId);
    const command = new SetPartnerBillingProfile(commandContext(ctx), partnerId, body);
    return this.changed(ctx, partnerPayer(partnerId), await this.commands.execute(command));
  }

  @Get('partners/:partnerId/billing-profile')
  @Conditional()
  @Allow('read partners')
  @Describe({
    summary: 'Read how its provider bills a reseller',
    tag,
    answers: [{ status: 200, description: 'The profile', example: partnerProfileExample }],
  })
  async getOfPartner(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromQuery() query: ReadQuery,
  ): Promise<string> {
    const position = await this.reached.atLeast(query.minPosition);
    if (!inScope(ctx.principal, path.partnerId)) throw new ProblemException('not-found');
    return this.read(ctx, partnerPayer(asPartnerId(path.partnerId)), position);
  }

  private async changed(
    ctx: RequestContext,
    payer: Payer,
    outcome: Outcome<BillingProfileRefusal>,
  ): Promise<string> {
    const did = done(outcome);
    const { state } = await this.records.at(billingProfileFold(payer), did.revision);
    if (!state.profile) throw new Error(`${payer} has no billing profile after the command`);
    const view = billingProfileView(payer, state.profile);
    return recordAnswer(ctx, did, 'BillingProfileRegistered', view);
  }

  private async read(ctx: RequestContext, payer: Payer, position: Position): Promise<string> {
    const { state, revision } = await this.records.present(billingProfileFold(payer), position);
    if (!state.profile) throw new ProblemException('not-found');
    return answer(ctx, billingProfileView(payer, state.profile), { position, revision });
  }
}
