import { Controller, Get, Put } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  PublishPartnerOffers,
  PublishSellingPrices,
} from '../../../libs/application/price-lists/price-list.command.js';
import { partnerId as asPartnerId } from '../../../libs/domain/shared/ids.js';
import { inScope } from '../../../libs/platform/authentication/principal.js';
import { ReadModels } from '../../../libs/read-models/read-models.js';
import { commandAnswer } from '../commands/command-answer.js';
import { commandContext } from '../commands/command-context.js';
import { PartnerMonthPath, SellingPricesPath } from '../dto/paths.js';
import { ListQuery } from '../dto/shared.dto.js';
import { ProblemException } from '../http/problems/problem.js';
import { RequestContext } from '../http/request/request-context.js';
import { answer } from '../http/response/answer.js';
import { Ctx, FromPath, FromQuery, Upload } from '../http/routing/request-decorators.js';
import { Allow, Describe, Idempotent } from '../http/routing/route-declaration.js';

const published = { accepted: 412, rejected: [], skipped: 0, columnsNotRead: ['ProductCode'] };
const answers = [
  { status: 201, description: 'Published', example: published },
  {
    status: 200,
    description: 'No change needed: the same content is already published',
    example: published,
  },
];
const sellingPrice = {
  row: 1,
  offerId: 'CFQ7TTC0LCHC:0001',
  term: 'P1Y',
  billingPlan: 'monthly',
  currency: 'JPY',
  segment: 'commercial',
  sellingPrice: '10800',
  importId: '4f1f5f3a-3f6d-5a0e-9f0e-2c8a7a3f1b57',
};

/** Lists of one partner: its selling prices, and the offers that it owns. */
@Controller('v1')
export class PartnerListsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly readModels: ReadModels,
  ) {}

  @Put('selling-prices/:partnerId/:market/:month')
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary:
      'Publish the prices at which a partner sells in a market in a month: CSV with the key of a price list and the column SellingPrice, all or nothing',
    tag: 'Billing',
    answers,
  })
  async publishPrices(
    @Ctx() ctx: RequestContext,
    @FromPath() { partnerId, market, month }: SellingPricesPath,
    @Upload('text/csv') csv: Buffer,
  ): Promise<string> {
    const { outcome, report } = await this.commands.execute(
      new PublishSellingPrices(commandContext(ctx), asPartnerId(partnerId), market, month, csv),
    );
    return commandAnswer(ctx, outcome, () => ({ rejected: [], ...report }));
  }

  @Get('selling-prices/:partnerId/:market/:month')
  @Allow('read everything')
  @Describe({
    summary: 'List a partner’s selling prices for a market and month, in the order of the file',
    tag: 'Billing',
    answers: [
      {
        status: 200,
        description: 'A page of selling prices',
        example: { items: [sellingPrice], nextCursor: null },
      },
    ],
  })
  async prices(
    @Ctx() ctx: RequestContext,
    @FromPath() { partnerId, market, month }: SellingPricesPath,
    @FromQuery() query: ListQuery,
  ): Promise<string> {
    if (!inScope(ctx.principal, partnerId)) throw new ProblemException('not-found');
    const list = { ...query, partnerId: asPartnerId(partnerId), market, month };
    const page = await this.readModels.listSellingPrices(list);
    if (!page) throw new ProblemException('not-found');
    return answer(ctx, page);
  }

  @Put('partners/:partnerId/offers/:month')
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary:
      'Publish the offers that a partner owns for a month: CSV with the columns of a price list, all or nothing. Only this partner can sell them',
    tag: 'Catalogue',
    answers,
  })
  async publishOffers(
    @Ctx() ctx: RequestContext,
    @FromPath() { partnerId, month }: PartnerMonthPath,
    @Upload('text/csv') csv: Buffer,
  ): Promise<string> {
    const { outcome, report } = await this.commands.execute(
      new PublishPartnerOffers(commandContext(ctx), asPartnerId(partnerId), month, csv),
    );
    return commandAnswer(ctx, outcome, () => ({ rejected: [], ...report }));
  }
}
