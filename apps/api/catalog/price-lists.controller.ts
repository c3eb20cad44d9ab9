import { Controller, Get, Put } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { PublishPriceList } from '../../../libs/application/price-lists/price-list.command.js';
import { Clock } from '../../../libs/application/engine/time/clock.js';
import { partnerId as asPartnerId } from '../../../libs/domain/shared/ids.js';
import { inScope } from '../../../libs/platform/authentication/principal.js';
import { ReadModels } from '../../../libs/read-models/read-models.js';
import { commandAnswer } from '../commands/command-answer.js';
import { commandContext } from '../commands/command-context.js';
import { ListOffers } from '../dto/catalogue.dto.js';
import { PriceListPath } from '../dto/paths.js';
import { RequestContext, requireUnscoped } from '../http/request/request-context.js';
import { answer } from '../http/response/answer.js';
import { Ctx, FromPath, FromQuery, Upload } from '../http/routing/request-decorators.js';
import { Allow, Describe, Idempotent } from '../http/routing/route-declaration.js';

const tag = 'Catalogue';
const published = { accepted: 412, rejected: [], skipped: 3, columnsNotRead: ['PreviousValues'] };

/** What may be sold, market by market and month by month. */
@Controller('v1')
export class PriceListsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly readModels: ReadModels,
    private readonly clock: Clock,
  ) {}

  @Put('price-lists/:market/:month')
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary:
      'Publish a market’s price list for a month: CSV with Partner Center’s columns, all or nothing. Skips trial rows and deleted rows, and lists the columns that are not read',
    tag,
    answers: [
      { status: 201, description: 'Published: it applies to later orders', example: published },
      {
        status: 200,
        description: 'No change needed: the same content is already published',
        example: published,
      },
    ],
  })
  async publish(
    @Ctx() ctx: RequestContext,
    @FromPath() { market, month }: PriceListPath,
    @Upload('text/csv') csv: Buffer,
  ): Promise<string> {
    requireUnscoped(ctx);
    const { outcome, report } = await this.commands.execute(
      new PublishPriceList(commandContext(ctx), market, month, csv),
    );
    return commandAnswer(ctx, outcome, () => ({ rejected: [], ...report }));
  }

  @Get('offers')
  @Allow('read offers')
  @Describe({
    summary:
      'List the offers of a market’s price list on a day, then the partner-owned offers of one partner, or of the key’s partners',
    tag,
    answers: [{ status: 200, description: 'A page of offers' }],
  })
  async offers(@Ctx() ctx: RequestContext, @FromQuery() query: ListOffers): Promise<string> {
    const { partnerId, ...asked } = query;
    const on = query.on ?? this.clock.judgementTime().date;
    // Partners outside the key's scope are omitted, as in every list.
    const owners =
      partnerId === undefined
        ? (ctx.principal.partnerIds ?? [])
        : [partnerId].filter((id) => inScope(ctx.principal, id));
    const partnerIds = owners.map((id) => asPartnerId(id));
    return answer(ctx, await this.readModels.listOffers({ ...asked, on, partnerIds }));
  }
}
