import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { CommandBus } from '@nestjs/cqrs';
import { plainFingerprint } from '../../../libs/application/engine/commands/request-fingerprints.js';
import type { RevenueFileForm } from '../../../libs/application/revenue/import/revenue-file-reader.js';
import { ImportRevenue } from '../../../libs/application/revenue/import/import-revenue.command.js';
import { commandIdFrom } from '../../../libs/event-log/identity.js';
import { actor, commandContext } from '../running/command-context.js';
import { type ExitCode, WrongUsage } from '../running/exit.js';
import { fileSize } from '../running/file-size.js';
import { withApplication } from '../running/log-session.js';
import type { Progress } from '../running/progress.js';
import type { Terminal } from '../running/terminal.js';
import { reportImport } from './import-text.js';
import type { GlobalOptions } from '../running/command-configuration.js';

export interface RevenueImportOptions extends GlobalOptions {
  readonly key?: string;
  readonly json?: true;
}

const KIB = 1024;

/**
 * Imports a file. Other processes may have the log open. All rows are read and judged first, then
 * appended together.
 */
export async function importRevenue(
  terminal: Terminal,
  options: RevenueImportOptions,
  file: string,
): Promise<ExitCode> {
  const form = formOf(terminal, file);
  const sizeBytes = await fileSize(terminal, file);
  return withApplication(terminal, { ...options, mayProject: 'much' }, async (application) => {
    const shown = new ShownProgress(terminal, sizeBytes);
    const uploaded = {
      form,
      bytes: shown.reading(createReadStream(file)),
      signal: new AbortController().signal,
      appended: shown.recorded,
    };
    const { key } = options;
    const context =
      key === undefined
        ? commandContext()
        : { ...commandContext(), commandId: commandIdFrom(actor, key) };
    const fingerprintOf = (bytesDigest: string) =>
      plainFingerprint('POST', '/v1/revenue/imports', bytesDigest);
    try {
      const command = new ImportRevenue(
        context,
        uploaded,
        key === undefined ? undefined : fingerprintOf,
      );
      return reportImport(
        terminal,
        await application.get(CommandBus).execute(command),
        options.json === true,
      );
    } finally {
      shown.done();
    }
  });
}

/** Shows how much of the file has been read, then how many of its rows have been appended. */
class ShownProgress {
  private progress: Progress;
  private rows: number | undefined;

  constructor(
    private readonly terminal: Terminal,
    sizeBytes: number,
  ) {
    this.progress = terminal.progress(
      { en: 'Reading KiB', ja: '読み取り中 (KiB)' },
      Math.ceil(sizeBytes / KIB),
    );
  }

  async *reading(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of bytes) {
      this.progress.advance(Math.ceil(piece.length / KIB));
      yield piece;
    }
  }

  readonly recorded = (rows: number, of: number): void => {
    if (this.rows === undefined) {
      this.done();
      this.progress = this.terminal.progress({ en: 'Recording rows', ja: '記録中 (行)' }, of);
    }
    this.progress.advance(rows - (this.rows ?? 0));
    this.rows = rows;
  };

  done(): void {
    this.progress.done();
  }
}

const forms: Readonly<Record<string, RevenueFileForm>> = { '.csv': 'csv', '.ndjson': 'ndjson' };

function formOf(terminal: Terminal, file: string): RevenueFileForm {
  const form = forms[extname(file).toLowerCase()];
  if (form) return form;
  throw new WrongUsage(
    terminal.text({
      en: `${file} must end in .csv or .ndjson: the ending names the format.`,
      ja: `${file} の拡張子は .csv または .ndjson でなければなりません (形式の判別に使います)。`,
    }),
  );
}
