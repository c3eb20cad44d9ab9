import { Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ImportRevenue } from '../../../libs/application/revenue/import/import-revenue.command.js';
import { commandAnswer } from '../commands/command-answer.js';
import { streamedContext } from '../commands/command-context.js';
import { RequestContext } from '../http/request/request-context.js';
import { UploadStream } from '../http/request/upload-stream.js';
import { Ctx, StreamedUpload } from '../http/routing/request-decorators.js';
import { Allow, Describe, Idempotent } from '../http/routing/route-declaration.js';
import { importedExample } from './revenue.examples.js';

const MAX_BYTES = 1024 * 1024 * 1024;

const importedText =
  'Imported. An entry counts once: `repeats` lists the first 1,000 rows that repeat the partner, source and reference of an earlier row (`of`: its number) ' +
  'or of an entry in the log (`of`: "log"). `repeatedCount` counts them all. Repeated rows do not count. ' +
  '`same` is false if the row differs from the entry that counts, for example in its amount';

/** Imports many entries: all entries of a file, or none. */
@Controller('v1/revenue/imports')
export class RevenueImportsController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary:
      'Import revenue: NDJSON of the bodies of POST /v1/revenue, or CSV with the same fields and a column "currency"; all or nothing',
    tag: 'Revenue',
    answers: [{ status: 201, description: importedText, example: importedExample }],
  })
  async import(
    @Ctx() ctx: RequestContext,
    @StreamedUpload(['text/csv', 'application/x-ndjson'], MAX_BYTES) upload: UploadStream,
  ): Promise<string> {
    const { context, fingerprintOf } = streamedContext(ctx);
    const file = {
      form: upload.mediaType === 'text/csv' ? 'csv' : 'ndjson',
      bytes: upload,
      signal: ctx.signal,
    } as const;
    try {
      const imported = await this.commands.execute(new ImportRevenue(context, file, fingerprintOf));
      const { outcome, importId, rows, repeats, repeatedCount } = imported;
      return commandAnswer(ctx, outcome, () => ({
        importId,
        rows,
        accepted: rows,
        rejected: [],
        repeats,
        repeatedCount,
      }));
    } finally {
      upload.end();
    }
  }
}
