import { Controller, Get, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Comparisons } from '../../../libs/application/billing/reconciliation/comparison.js';
import { RecordReconciliation } from '../../../libs/application/billing/reconciliation/reconciliation.commands.js';
import { Clock } from '../../../libs/application/engine/time/clock.js';
import { ProgramHistory } from '../../../libs/application/records/program-history.js';
import { partnerId as asPartnerId } from '../../../libs/domain/shared/ids.js';
import { inScope } from '../../../libs/platform/authentication/principal.js';
import { ReadModels } from '../../../libs/read-models/read-models.js';
import { cursorOf, keyOf, limitOf } from '../../../libs/read-models/queries/cursor.js';
import { commandAnswer } from '../commands/command-answer.js';
import { streamedContext } from '../commands/command-context.js';
import {
  ListReconciliations,
  ReadReconciliation,
  ReconciliationPath,
  RecordReconciliationQuery,
} from '../dto/reconciliation.dto.js';
import { ProblemException } from '../http/problems/problem.js';
import { RequestContext } from '../http/request/request-context.js';
import { UploadStream } from '../http/request/upload-stream.js';
import { answer } from '../http/response/answer.js';
import { Ctx, FromPath, FromQuery, StreamedUpload } from '../http/routing/request-decorators.js';
import { Allow, Describe, Idempotent } from '../http/routing/route-declaration.js';
import { ReadBounds, requireAsOfInRange } from '../reading/read-bounds.js';
import {
  listedReconciliationExample,
  listedReconciliationView,
  reconciledLineView,
  reconciliationExample,
  reconciliationView,
  recordedReconciliationExample,
} from './reconciliation.view.js';

const tag = 'Billing';
const MAX_BYTES = 256 * 1024 * 1024;
/** The form of a file is known by its bytes; clients name these types for it. */
const mediaTypes = [
  'text/csv',
  'application/json',
  'application/x-ndjson',
  'application/gzip',
  'application/x-gzip',
  'application/octet-stream',
];

/** Microsoft's files, compared with the program's own charges at cost. */
@Controller('v1/reconciliations')
export class ReconciliationsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly comparisons: Comparisons,
    private readonly readModels: ReadModels,
    private readonly programs: ProgramHistory,
    private readonly reached: ReadBounds,
    private readonly clock: Clock,
  ) {}

  @Post(':invoiceNumber')
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary:
      'Upload Microsoft’s reconciliation file for an invoice: CSV, JSON Lines or a JSON array, plain or gzip',
    tag,
    answers: [
      {
        status: 201,
        description:
          'Recorded as a new revision. `warnings` lists other invoices that the lines name',
        example: recordedReconciliationExample,
      },
      {
        status: 200,
        description: 'No change needed: the invoice has the same content already',
        example: recordedReconciliationExample,
      },
    ],
  })
  async record(
    @Ctx() ctx: RequestContext,
    @FromPath() { invoiceNumber }: ReconciliationPath,
    @FromQuery() query: RecordReconciliationQuery,
    @StreamedUpload(mediaTypes, MAX_BYTES) upload: UploadStream,
  ): Promise<string> {
    const { context, fingerprintOf } = streamedContext(ctx);
    try {
      const { outcome, invoiceNumbers = [] } = await this.commands.execute(
        new RecordReconciliation(
          context,
          invoiceNumber,
          { bytes: upload, signal: ctx.signal },
          {
            ...(query.partnerId !== undefined && { partnerId: asPartnerId(query.partnerId) }),
            ...(fingerprintOf && { fingerprintOf }),
          },
        ),
      );
      const position = outcome.kind === 'refused' ? undefined : outcome.position;
      const recorded =
        position === undefined ? undefined : await this.comparisons.fileAt(invoiceNumber, position);
      const others = invoiceNumbers.filter((number) => number !== invoiceNumber);
      return commandAnswer(ctx, outcome, ({ revision }) => ({
        invoiceNumber,
        partnerId: recorded?.file.partnerId,
        revision,
        lineCount: recorded?.file.lines,
        currency: recorded?.file.currency,
        months: recorded?.file.months,
        subtotal: recorded?.file.subtotal,
        digest: recorded?.file.digest,
        warnings: others.length === 0 ? [] : [{ code: 'invoice-number', invoiceNumbers: others }],
      }));
    } finally {
      upload.end();
    }
  }

  @Get()
  @Allow('read everything')
  @Describe({
    summary: 'List the invoices that have a file, in the order of the first upload',
    tag,
    answers: [
      {
        status: 200,
        description: 'A page of invoices with their latest file',
        example: { items: [listedReconciliationExample], nextCursor: null },
      },
    ],
  })
  async list(@Ctx() ctx: RequestContext, @FromQuery() query: ListReconciliations): Promise<string> {
    const { items, nextCursor } = await this.readModels.listReconciliations({
      ...query,
      partnerId: query.partnerId === undefined ? undefined : asPartnerId(query.partnerId),
      scope: ctx.principal.partnerIds?.map(asPartnerId),
    });
    return answer(ctx, { items: items.map(listedReconciliationView), nextCursor });
  }

  @Get(':invoiceNumber')
  @Allow('read everything')
  @Describe({
    summary: 'Compare Microsoft’s file for an invoice with our charges at cost',
    tag,
    answers: [
      {
        status: 200,
        description: 'The sums of each class, and a page of lines',
        example: reconciliationExample,
      },
    ],
  })
  async get(
    @Ctx() ctx: RequestContext,
    @FromPath() { invoiceNumber }: ReconciliationPath,
    @FromQuery() query: ReadReconciliation,
  ): Promise<string> {
    const today = this.clock.judgementTime().date;
    requireAsOfInRange(query.asOf, today);
    const limit = limitOf(query);
    const head = await this.reached.atLeast(query.minPosition);
    // All pages are of the state of the log, and of the day, that the first page has.
    const [knownAt, asOf, from] = keyOf(query.cursor, isLineKey) ?? [
      await this.programs.resolve(query.knownAt, head),
      query.asOf ?? today,
      0,
    ];
    const found = await this.comparisons.fileAt(invoiceNumber, Math.min(knownAt, head));
    if (!found || !inScope(ctx.principal, found.file.partnerId))
      throw new ProblemException('not-found');
    const compared = await this.comparisons.of(invoiceNumber, Math.min(knownAt, head), asOf);
    if (!compared) throw new ProblemException('not-found');
    const { lines } = compared;
    const wanted = query.class === undefined ? lines : lines.filter(isOf(query.class));
    return answer(ctx, {
      ...reconciliationView(compared),
      lines: wanted.slice(from, from + limit).map(reconciledLineView),
      nextCursor: from + limit < wanted.length ? cursorOf([knownAt, asOf, from + limit]) : null,
    });
  }
}

const isOf =
  (name: string) =>
  (line: { readonly class: string }): boolean =>
    line.class === name;

const isLineKey = (key: unknown): key is readonly [knownAt: number, asOf: string, from: number] =>
  Array.isArray(key) &&
  key.length === 3 &&
  Number.isSafeInteger(key[0]) &&
  typeof key[1] === 'string' &&
  Number.isSafeInteger(key[2]) &&
  Number(key[2]) >= 0;
