import { Controller, Get, Put } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { PublishTaxRates } from '../../../libs/application/billing/parties/billing.commands.js';
import { taxRatesFold } from '../../../libs/application/billing/billing-folds.js';
import { Records } from '../../../libs/application/records/records.js';
import { taxRatesFrom } from '../../../libs/domain/billing/tax/tax-rates.js';
import { ReadModels } from '../../../libs/read-models/read-models.js';
import { done, headOf } from '../commands/command-answer.js';
import { commandContext } from '../commands/command-context.js';
import { ListTaxRates, PublishTaxRatesDto, TaxRatesPath } from '../dto/billing.dto.js';
import { ReadQuery } from '../dto/shared.dto.js';
import { ProblemException } from '../http/problems/problem.js';
import { RequestContext, requireUnscoped } from '../http/request/request-context.js';
import { answer } from '../http/response/answer.js';
import { Ctx, FromBody, FromPath, FromQuery } from '../http/routing/request-decorators.js';
import { Allow, Conditional, Describe, Idempotent } from '../http/routing/route-declaration.js';
import { ReadBounds } from '../reading/read-bounds.js';
import { taxRatesExample, taxRatesView } from './billing.view.js';

const tag = 'Billing';

/** The tax rates of a country, from a day on. */
@Controller('v1/tax-rates')
export class TaxRatesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly records: Records,
    private readonly readModels: ReadModels,
    private readonly reached: ReadBounds,
  ) {}

  @Put(':country/:from')
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary: 'Publish a country’s tax rates from a day on',
    tag,
    answers: [
      { status: 201, description: 'Published', example: taxRatesExample },
      {
        status: 200,
        description: 'No change needed: the same rates are already published',
        example: taxRatesExample,
      },
    ],
  })
  async put(
    @Ctx() ctx: RequestContext,
    @FromPath() { country, from }: TaxRatesPath,
    @FromBody() { rates }: PublishTaxRatesDto,
  ): Promise<string> {
    // The rates affect every partner's documents, so a scoped key may not change them.
    requireUnscoped(ctx);
    const did = done(
      await this.commands.execute(
        new PublishTaxRates(commandContext(ctx), { country, from, rates }),
      ),
    );
    const { state } = await this.records.at(taxRatesFold(country, from), did.revision);
    const table = taxRatesFrom(state, from);
    if (!table) throw new Error(`${country} has no tax rates from ${from} after the command`);
    return answer(ctx, taxRatesView(table), {
      ...headOf(did),
      status: did.kind === 'committed' ? 201 : 200,
    });
  }

  @Get(':country/:from')
  @Conditional()
  @Allow('read everything')
  @Describe({
    summary: 'Read the tax rates that were published from a day on',
    tag,
    answers: [{ status: 200, description: 'The rates', example: taxRatesExample }],
  })
  async get(
    @Ctx() ctx: RequestContext,
    @FromPath() { country, from }: TaxRatesPath,
    @FromQuery() query: ReadQuery,
  ): Promise<string> {
    const position = await this.reached.atLeast(query.minPosition);
    const { state, revision } = await this.records.present(taxRatesFold(country, from), position);
    const table = taxRatesFrom(state, from);
    if (!table) throw new ProblemException('not-found');
    return answer(ctx, taxRatesView(table), { position, revision });
  }

  @Get()
  @Allow('read everything')
  @Describe({
    summary: 'List tax rates in the order of their first publication',
    tag,
    answers: [
      {
        status: 200,
        description: 'A page of tax rates',
        example: { items: [taxRatesExample], nextCursor: null },
      },
    ],
  })
  async list(@Ctx() ctx: RequestContext, @FromQuery() query: ListTaxRates): Promise<string> {
    const { items, nextCursor } = await this.readModels.listTaxRates(query);
    return answer(ctx, { items: items.map(taxRatesView), nextCursor });
  }
}
