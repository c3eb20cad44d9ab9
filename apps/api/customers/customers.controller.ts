import { Controller, Delete, Get, Put } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ChangeCustomer } from '../../../libs/application/customers/customer.commands.js';
import { Erasures } from '../../../libs/application/personal-data/erasures.js';
import { customerFold } from '../../../libs/application/records/folds.js';
import { Records } from '../../../libs/application/records/records.js';
import { Clock } from '../../../libs/application/engine/time/clock.js';
import {
  partnerId as asPartnerId,
  tenantId as asTenantId,
} from '../../../libs/domain/shared/ids.js';
import { inScope } from '../../../libs/platform/authentication/principal.js';
import { ReadModels, type ScopeToday } from '../../../libs/read-models/read-models.js';
import { done, emptyCommandAnswer, recordAnswer } from '../commands/command-answer.js';
import { commandContext } from '../commands/command-context.js';
import { ListCustomers, RegisterCustomer } from '../dto/customers.dto.js';
import { CustomerPath } from '../dto/paths.js';
import { ReadQuery } from '../dto/shared.dto.js';
import { ProblemException } from '../http/problems/problem.js';
import { RequestContext, requireUnscoped, scopeToday } from '../http/request/request-context.js';
import { answer } from '../http/response/answer.js';
import { Ctx, FromBody, FromPath, FromQuery } from '../http/routing/request-decorators.js';
import { Allow, Conditional, Describe, Idempotent } from '../http/routing/route-declaration.js';
import { ReadBounds } from '../reading/read-bounds.js';
import { registerCommand } from './customer-registration.js';
import { CustomerScope } from './customer-scope.js';
import { customerExample, customerItem, customerView } from './customer.view.js';

const tag = 'Customers';

/** Customers. Each customer is the account of one tenant. */
@Controller('v1/customers')
export class CustomersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly records: Records,
    private readonly readModels: ReadModels,
    private readonly erasures: Erasures,
    private readonly scope: CustomerScope,
    private readonly reached: ReadBounds,
    private readonly clock: Clock,
  ) {}

  @Put(':tenantId')
  @Allow('enter orders')
  @Idempotent('accepted')
  @Describe({
    summary: 'Register a customer, or change its details',
    tag,
    answers: [
      { status: 201, description: 'Registered', example: customerExample },
      { status: 200, description: 'Changed, or no change needed', example: customerExample },
    ],
  })
  async put(
    @Ctx() ctx: RequestContext,
    @FromPath() path: CustomerPath,
    @FromBody() body: RegisterCustomer,
  ): Promise<string> {
    const tenantId = asTenantId(path.tenantId);
    const command = registerCommand(body);
    const did = done(
      await this.commands.execute(new ChangeCustomer(commandContext(ctx), tenantId, command)),
    );
    const { state } = await this.records.at(customerFold(tenantId), did.revision);
    const view = customerView(state, this.today(), shownTo(ctx));
    return recordAnswer(ctx, did, 'CustomerRegistered', view);
  }

  @Get(':tenantId')
  @Conditional()
  @Allow('read customers and orders')
  @Describe({
    summary: 'Read a customer with its agreements, CSP association and segment',
    tag,
    answers: [{ status: 200, description: 'The customer', example: customerExample }],
  })
  async get(
    @Ctx() ctx: RequestContext,
    @FromPath() path: CustomerPath,
    @FromQuery() query: ReadQuery,
  ): Promise<string> {
    const position = await this.reached.atLeast(query.minPosition);
    const tenantId = asTenantId(path.tenantId);
    const { state, revision } = await this.records.customer(tenantId, position);
    if (!state.registration || !(await this.scope.includes(ctx, tenantId, position)))
      throw new ProblemException('not-found');
    return answer(ctx, customerView(state, this.today(), shownTo(ctx)), { position, revision });
  }

  @Get()
  @Allow('read customers and orders')
  @Describe({
    summary: 'List customers in the order of their registration',
    tag,
    answers: [{ status: 200, description: 'A page of customers' }],
  })
  async list(@Ctx() ctx: RequestContext, @FromQuery() query: ListCustomers): Promise<string> {
    const on = this.today();
    const { items, nextCursor } = await this.readModels.listCustomers({
      ...query,
      on,
      partnerId: query.partnerId === undefined ? undefined : asPartnerId(query.partnerId),
      scope: scopeOfList(ctx, on, query.partnerId),
    });
    return answer(ctx, {
      items: items.map((row) => customerItem(row, on, shownTo(ctx))),
      nextCursor,
    });
  }

  @Delete(':tenantId/personal-data')
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary: 'Erase the customer’s personal data by destroying its key',
    tag,
    answers: [
      {
        status: 204,
        description:
          'The key is no longer in any file of the key store. Until then the answer is 503 erasure-pending',
      },
    ],
  })
  async erase(@Ctx() ctx: RequestContext, @FromPath() path: CustomerPath): Promise<undefined> {
    requireUnscoped(ctx);
    return emptyCommandAnswer(
      ctx,
      await this.erasures.erase(commandContext(ctx), `customer:${asTenantId(path.tenantId)}`),
    );
  }

  private today(): string {
    return this.clock.judgementTime().date;
  }
}

const shownTo =
  ({ principal }: RequestContext) =>
  (partnerId: string): boolean =>
    inScope(principal, partnerId);

/**
 * A scoped key must not learn which customers another partner has, so a filter by another partner
 * finds none.
 */
function scopeOfList(
  ctx: RequestContext,
  on: string,
  partnerId: string | undefined,
): ScopeToday | undefined {
  return partnerId !== undefined && !inScope(ctx.principal, partnerId)
    ? { partnerIds: [], on }
    : scopeToday(ctx, on);
}
