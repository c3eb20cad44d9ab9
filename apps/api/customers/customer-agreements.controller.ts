import { Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ChangeCustomer,
  SignAgreement,
} from '../../../libs/application/customers/customer.commands.js';
import { Records } from '../../../libs/application/records/records.js';
import type { CustomerCommand } from '../../../libs/domain/customer/customer.decide.js';
import type { Customer } from '../../../libs/domain/customer/customer.js';
import {
  type EventId,
  type TenantId,
  tenantId as asTenantId,
} from '../../../libs/domain/shared/ids.js';
import { commandAnswer } from '../commands/command-answer.js';
import { commandContext } from '../commands/command-context.js';
import { ObserveAssociation, SignAgreementDto } from '../dto/customers.dto.js';
import { CustomerPath } from '../dto/paths.js';
import { Ending } from '../dto/shared.dto.js';
import { RequestContext } from '../http/request/request-context.js';
import { Ctx, FromBody, FromPath } from '../http/routing/request-decorators.js';
import { Allow, Describe, Idempotent } from '../http/routing/route-declaration.js';

const tag = 'Customers';
const recorded = { status: 201, description: 'Recorded' };
const unchanged = { status: 200, description: 'No change needed: it is already recorded' };
const agreement = {
  signedOn: '2026-11-20',
  country: 'JP',
  language: 'ja-JP',
  version: 'default',
  method: 'partner-attested',
};

/**
 * The facts of a customer that the order gate judges first: its agreement, its tenant's CSP
 * association, and its closure.
 */
@Controller('v1/customers/:tenantId')
export class CustomerAgreementsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly records: Records,
  ) {}

  @Post('agreements')
  @Allow('enter orders')
  @Idempotent('accepted')
  @Describe({
    summary: 'Record that the customer has accepted the Microsoft Customer Agreement',
    tag,
    answers: [
      {
        status: 201,
        description: 'Recorded; the signatory’s personal data is encrypted',
        example: agreement,
      },
      { status: 200, description: 'No change needed: it is already recorded', example: agreement },
    ],
  })
  async sign(
    @Ctx() ctx: RequestContext,
    @FromPath() path: CustomerPath,
    @FromBody() body: SignAgreementDto,
  ): Promise<string> {
    const tenantId = asTenantId(path.tenantId);
    const { signatory, ...stated } = body;
    const context = commandContext(ctx, `customer:${tenantId}`);
    const outcome = await this.commands.execute(
      new SignAgreement(context, tenantId, stated, signatory),
    );
    const { state } = await this.records.customer(tenantId, outcome.position);
    return commandAnswer(ctx, outcome, (did) =>
      agreementView(state, did.kind === 'committed' ? did.events[0]?.id : did.held),
    );
  }

  @Post('agreements/withdrawal')
  @Allow('enter orders')
  @Idempotent('accepted')
  @Describe({
    summary: 'Withdraw the customer’s agreements from a day on',
    tag,
    answers: [recorded, unchanged],
  })
  withdraw(
    @Ctx() ctx: RequestContext,
    @FromPath() path: CustomerPath,
    @FromBody() body: Ending,
  ): Promise<string> {
    return this.change(
      ctx,
      asTenantId(path.tenantId),
      { type: 'withdraw-agreement', on: body.on, reason: body.reason },
      { withdrawnOn: body.on },
    );
  }

  @Post('csp-association')
  @Allow('enter orders')
  @Idempotent('accepted')
  @Describe({
    summary: 'Record whether the tenant was found to be associated with CSP',
    tag,
    answers: [
      {
        status: 201,
        description: 'Recorded; the tenant need not be a registered customer',
        example: { associated: false, observedOn: '2026-11-22' },
      },
      unchanged,
    ],
  })
  async observe(
    @Ctx() ctx: RequestContext,
    @FromPath() path: CustomerPath,
    @FromBody() body: ObserveAssociation,
  ): Promise<string> {
    const tenantId = asTenantId(path.tenantId);
    const { associated, observedOn, source } = body;
    return this.change(
      ctx,
      tenantId,
      { type: 'observe-csp-association', associated, observedOn, source },
      { associated, observedOn, source },
    );
  }

  @Post('closure')
  @Allow('enter orders')
  @Idempotent('accepted')
  @Describe({
    summary: 'Close the customer from a day on',
    tag,
    answers: [recorded, unchanged],
  })
  close(
    @Ctx() ctx: RequestContext,
    @FromPath() path: CustomerPath,
    @FromBody() body: Ending,
  ): Promise<string> {
    return this.change(
      ctx,
      asTenantId(path.tenantId),
      { type: 'close', on: body.on, reason: body.reason },
      { closedOn: body.on },
    );
  }

  private async change(
    ctx: RequestContext,
    tenantId: TenantId,
    change: CustomerCommand,
    body: object,
  ): Promise<string> {
    const outcome = await this.commands.execute(
      new ChangeCustomer(commandContext(ctx), tenantId, change),
    );
    return commandAnswer(ctx, outcome, () => ({ tenantId, ...body }));
  }
}

/** An agreement that is on record, as it was signed. Its id is that of the event that signed it. */
function agreementView({ agreements }: Customer, agreementId: EventId | undefined): object {
  const agreement = agreements.find(({ proofs }) => proofs[0]?.eventId === agreementId);
  if (!agreement) throw new Error(`agreement ${agreementId} was signed and is not on record`);
  const { signedOn, country, language, version, method } = agreement;
  return { agreementId, signedOn, country, language, version, method };
}
