import { Controller, Get, type StreamableFile } from '@nestjs/common';
import { ControlTotals } from '../../../libs/application/reports/control-totals.js';
import { type OpenedReport, Reports } from '../../../libs/application/reports/reports.js';
import { Clock } from '../../../libs/application/engine/time/clock.js';
import { partnerId as asPartnerId } from '../../../libs/domain/shared/ids.js';
import { ReportPath, ReportQueryDto } from '../dto/reports.dto.js';
import { ReadQuery } from '../dto/shared.dto.js';
import { malformed, ProblemException } from '../http/problems/problem.js';
import { RequestContext } from '../http/request/request-context.js';
import { answer } from '../http/response/answer.js';
import { streamed } from '../http/response/stream.js';
import { Ctx, FromPath, FromQuery } from '../http/routing/request-decorators.js';
import { Allow, Describe } from '../http/routing/route-declaration.js';
import type { FieldProblem } from '../http/validation/field-problem.js';
import { ReadBounds, requireAsOfInRange } from '../reading/read-bounds.js';
import { acceptedFormat, formatOf, type ReportFormat } from './format.js';
import { reportHeaders, addTotalsTrailer } from './report-headers.js';
import { reportExample, reportsExample } from './report.examples.js';

const tag = 'Reports';

/**
 * Reports for other programs: all rows of one state of the log, in the requested format, with
 * control totals.
 */
@Controller('v1/reports')
export class ReportsController {
  constructor(
    private readonly reports: Reports,
    private readonly reached: ReadBounds,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Allow('read reports')
  @Describe({
    summary: 'List the reports with the meaning of each column',
    tag,
    answers: [{ status: 200, description: 'All reports', example: reportsExample }],
  })
  async list(@Ctx() ctx: RequestContext, @FromQuery() { minPosition }: ReadQuery): Promise<string> {
    await this.reached.atLeast(minPosition);
    const items = this.reports.all.map(({ name, version, summary, columns }) => ({
      name,
      schemaVersion: version,
      summary,
      columns: columns.map(({ nullable = false, totalled: _, currencyColumn: _in, ...column }) => ({
        ...column,
        nullable,
      })),
    }));
    return answer(ctx, { items });
  }

  @Get(':name')
  @Allow('read reports')
  @Describe({
    summary:
      'Read a report as JSON, CSV, NDJSON or Parquet, chosen by `format` or the Accept header',
    tag,
    answers: [
      {
        status: 200,
        description:
          'All rows, as of a date and as known at a position, followed by the row count and the control totals',
        example: reportExample,
      },
    ],
  })
  async get(
    @Ctx() ctx: RequestContext,
    @FromPath() { name }: ReportPath,
    @FromQuery() query: ReportQueryDto,
  ): Promise<StreamableFile | undefined> {
    requireAsOfInRange(query.asOf, this.clock.judgementTime().date);
    const report = this.reports.named(name);
    if (!report) throw this.unknown();
    if (!report.hasPeriod) refusePeriod(query);
    const head = await this.reached.atLeast(query.minPosition);
    const { format: asked, rows, minPosition: _, partnerId, providerId, ...dates } = query;
    const opened = await this.reports.open(
      report,
      {
        ...dates,
        partnerId: partnerId === undefined ? undefined : asPartnerId(partnerId),
        providerId: providerId === undefined ? undefined : asPartnerId(providerId),
        scope: ctx.principal.partnerIds?.map(asPartnerId),
      },
      head,
    );
    const format = await formatOf(asked ?? acceptedFormat(ctx));
    return this.send(ctx, opened, format, rows !== 'none');
  }

  private send(
    ctx: RequestContext,
    opened: OpenedReport,
    format: ReportFormat,
    withRows: boolean,
  ): StreamableFile | undefined {
    const totals = new ControlTotals(opened.report.columns);
    ctx.reply.headers(reportHeaders(opened, format));
    if (!format.holdsTotals) addTotalsTrailer(ctx, totals);
    return streamed(ctx, format.contentType, format.chunks({ opened, totals, withRows }));
  }

  private unknown(): ProblemException {
    const names = this.reports.all.map(({ name }) => name);
    return new ProblemException('not-found', {
      detail: {
        en: `The report does not exist. Available reports: ${names.join(', ')}.`,
        ja: `そのレポートはありません。利用できるレポート: ${names.join(', ')}。`,
      },
      extensions: { reports: names },
    });
  }
}

/** A report as of a day has no period. A requested period is an error and must not be ignored. */
function refusePeriod({ from, to }: ReportQueryDto): void {
  const asked = [...(from === undefined ? [] : ['/from']), ...(to === undefined ? [] : ['/to'])];
  if (asked.length > 0)
    throw malformed(
      ...asked.map((path): FieldProblem => ({ path, code: 'unknown-field', in: 'query' })),
    );
}
