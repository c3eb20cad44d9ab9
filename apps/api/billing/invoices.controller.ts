import { Controller, Get, Post, StreamableFile } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Readable } from 'node:stream';
import { KeptPdfs } from '../../../libs/application/billing/document-pdf/kept-pdfs.js';
import { CreditInvoice } from '../../../libs/application/billing/documents/credit-note.commands.js';
import { asPayer } from '../../../libs/domain/billing/parties/billing-profile.js';
import type { CreditNoteRequest } from '../../../libs/domain/billing/account/credit-invoice.js';
import {
  billingEntityId as asEntityId,
  documentId as asDocumentId,
  partnerId as asPartnerId,
} from '../../../libs/domain/shared/ids.js';
import { requestedDocumentIdOf } from '../../../libs/event-log/identity.js';
import type { Principal } from '../../../libs/platform/authentication/principal.js';
import type { ListedDocument } from '../../../libs/read-models/billing-rows.js';
import { ReadModels } from '../../../libs/read-models/read-models.js';
import { done, headOf } from '../commands/command-answer.js';
import { commandContext } from '../commands/command-context.js';
import { CreditInvoiceDto, ListDocuments } from '../dto/documents.dto.js';
import { InvoicePath } from '../dto/payments.dto.js';
import { ReadQuery } from '../dto/shared.dto.js';
import { ProblemException } from '../http/problems/problem.js';
import { RequestContext } from '../http/request/request-context.js';
import { answer, isUnchanged } from '../http/response/answer.js';
import { acceptedType } from '../http/response/negotiation.js';
import { streamed } from '../http/response/stream.js';
import { Ctx, FromBody, FromPath, FromQuery } from '../http/routing/request-decorators.js';
import { Allow, Conditional, Describe, Idempotent } from '../http/routing/route-declaration.js';
import { documentExample, documentView } from './document.view.js';

const tag = 'Invoices';

/** Issued documents: invoices and credit notes. */
@Controller('v1/invoices')
export class InvoicesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly readModels: ReadModels,
    private readonly pdfs: KeptPdfs,
  ) {}

  @Get()
  @Allow('read invoices')
  @Describe({
    summary: 'List invoices and credit notes in the order of their issue',
    tag,
    answers: [
      {
        status: 200,
        description: 'A page of documents',
        example: { items: [documentExample], nextCursor: null },
      },
    ],
  })
  async list(@Ctx() ctx: RequestContext, @FromQuery() query: ListDocuments): Promise<string> {
    const { items, nextCursor } = await this.readModels.listDocuments({
      ...query,
      payer: query.payer === undefined ? undefined : asPayer(query.payer),
      entityId: query.entityId === undefined ? undefined : asEntityId(query.entityId),
      scope: ctx.principal.partnerIds?.map(asPartnerId),
    });
    return answer(ctx, { items: items.map(documentView), nextCursor });
  }

  @Get(':invoiceId')
  @Conditional()
  @Allow('read invoices')
  @Describe({
    summary: 'Read an invoice or a credit note',
    tag,
    answers: [
      {
        status: 200,
        description: 'The document as it was issued, with its present open amount',
      },
      {
        status: 200,
        description: 'The document as a PDF, if the Accept header prefers it',
        mediaType: 'application/pdf',
      },
    ],
  })
  async get(
    @Ctx() ctx: RequestContext,
    @FromPath() { invoiceId }: InvoicePath,
    @FromQuery() { minPosition }: ReadQuery,
  ): Promise<string | StreamableFile> {
    const type = acceptedType(ctx, ['application/json', 'application/pdf']);
    const found = await this.readModels.findDocument(asDocumentId(invoiceId), minPosition);
    if (!found || !isInScope(ctx.principal, found)) throw new ProblemException('not-found');
    if (type === 'application/json')
      return answer(ctx, documentView(found), { revision: found.revision });
    const pdf = await this.pdfs.of(found, ctx.correlationId);
    return pdfAnswer(ctx, found, pdf);
  }

  @Post(':invoiceId/credit-notes')
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary: 'Credit lines of an invoice: at most the remaining amount of each line',
    tag,
    answers: [{ status: 201, description: 'The credit note' }],
  })
  async credit(
    @Ctx() ctx: RequestContext,
    @FromPath() path: InvoicePath,
    @FromBody() body: CreditInvoiceDto,
  ): Promise<string> {
    const context = commandContext(ctx);
    const did = done(
      await this.commands.execute(
        new CreditInvoice(context, asDocumentId(path.invoiceId), creditRequest(body)),
      ),
    );
    const creditNoteId = requestedDocumentIdOf(context.commandId);
    const creditNote = await this.readModels.findDocument(creditNoteId, did.position);
    if (!creditNote) throw new Error(`${creditNoteId} is not issued after the command`);
    return answer(ctx, documentView(creditNote), {
      ...headOf({ ...did, revision: creditNote.revision }),
      status: 201,
      location: `/v1/invoices/${creditNoteId}`,
    });
  }
}

/** The kept bytes never change, whatever is paid of the document. */
function pdfAnswer(
  ctx: RequestContext,
  { documentId, number }: ListedDocument,
  pdf: Buffer,
): string | StreamableFile {
  const etag = `"pdf-${documentId}"`;
  const name = encodeURIComponent(`${number ?? documentId}.pdf`);
  ctx.reply.headers({ etag, 'content-disposition': `inline; filename*=UTF-8''${name}` });
  if (isUnchanged(ctx.reply, etag)) {
    ctx.reply.code(304);
    return '';
  }
  return streamed(ctx, 'application/pdf', Readable.from([pdf]));
}

/** A partner sees the documents that it issues, and those that it gets as a payer. */
const isInScope = ({ partnerIds }: Principal, { partnerId, payer }: ListedDocument): boolean =>
  partnerIds === undefined ||
  partnerIds.some((one) => one === partnerId || payer === `partner:${one}`);

/** The schema requires exactly one of `lines` and `all`. */
const creditRequest = ({ lines, reason }: CreditInvoiceDto): CreditNoteRequest =>
  lines ? { lines, reason } : { all: true, reason };
