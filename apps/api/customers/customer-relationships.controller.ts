import { Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ChangeCustomer } from '../../../libs/application/customers/customer.commands.js';
import type { CustomerCommand } from '../../../libs/domain/customer/customer.decide.js';
import {
  eventId,
  partnerId as asPartnerId,
  tenantId as asTenantId,
} from '../../../libs/domain/shared/ids.js';
import { factAnswer } from '../commands/command-answer.js';
import { commandContext } from '../commands/command-context.js';
import { CorrectRelationship, StartRelationship } from '../dto/customers.dto.js';
import { FactEnding } from '../dto/shared.dto.js';
import { CustomerPartnerPath, CustomerPath } from '../dto/paths.js';
import { Ctx, FromBody, FromPath } from '../http/routing/request-decorators.js';
import { RequestContext } from '../http/request/request-context.js';
import { FactRoute } from '../commands/fact-route.js';

const tag = 'Customers';

/** Which partners have a relationship with the customer, since when. */
@Controller('v1/customers/:tenantId/partner-relationships')
export class CustomerRelationshipsController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @FactRoute('Record that a partner has a relationship with the customer', 'enter orders', tag)
  start(
    @Ctx() ctx: RequestContext,
    @FromPath() path: CustomerPath,
    @FromBody() body: StartRelationship,
  ): Promise<string> {
    return this.change(ctx, path, {
      type: 'start-relationship',
      value: { ...body, partnerId: asPartnerId(body.partnerId) },
    });
  }

  @Post('end')
  @FactRoute('End a relationship on a day', 'enter orders', tag)
  end(
    @Ctx() ctx: RequestContext,
    @FromPath() path: CustomerPath,
    @FromBody() body: FactEnding,
  ): Promise<string> {
    return this.change(ctx, path, endOf(body));
  }

  @Post('correction')
  @FactRoute('Correct a relationship: give its whole new value, or retract it', 'enter orders', tag)
  correct(
    @Ctx() ctx: RequestContext,
    @FromPath() path: CustomerPath,
    @FromBody() body: CorrectRelationship,
  ): Promise<string> {
    const { factId, reason, value } = body;
    const correction = { factId: eventId(factId.toLowerCase()), reason };
    if (!value) return this.change(ctx, path, { type: 'retract-relationship', ...correction });
    return this.change(ctx, path, {
      type: 'correct-relationship',
      ...correction,
      value: { ...value, partnerId: asPartnerId(value.partnerId) },
    });
  }

  @Post(':partnerId/end')
  @FactRoute('End the relationship with this partner on a day', 'enter orders', tag)
  endWith(
    @Ctx() ctx: RequestContext,
    @FromPath() path: CustomerPartnerPath,
    @FromBody() body: FactEnding,
  ): Promise<string> {
    return this.change(ctx, path, { ...endOf(body), partnerId: asPartnerId(path.partnerId) });
  }

  private async change(
    ctx: RequestContext,
    path: CustomerPath,
    change: CustomerCommand,
  ): Promise<string> {
    const tenantId = asTenantId(path.tenantId);
    return factAnswer(
      ctx,
      await this.commands.execute(new ChangeCustomer(commandContext(ctx), tenantId, change)),
    );
  }
}

const endOf = ({
  on,
  reason,
  factId,
}: FactEnding): Extract<CustomerCommand, { type: 'end-relationship' }> => ({
  type: 'end-relationship',
  on,
  reason,
  ...(factId === undefined ? {} : { factId: eventId(factId.toLowerCase()) }),
});
