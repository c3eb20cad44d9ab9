import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Position } from '../../../libs/event-log/event-log.js';
import { exitCodes, type ExitCode } from '../running/exit.js';
import { withLog } from '../running/log-session.js';
import type { Terminal } from '../running/terminal.js';
import { ExportTotals } from './export-totals.js';
import { exportedLines } from './exported-lines.js';
import type { GlobalOptions } from '../running/command-configuration.js';

export interface ExportOptions extends GlobalOptions {
  readonly format: 'ndjson';
  readonly after?: number;
  readonly out?: string;
}

/** Exports the log up to its current end. Events that are appended meanwhile are not included. */
export const exportLog = (terminal: Terminal, options: ExportOptions): Promise<ExitCode> =>
  withLog(terminal, options, async ({ log }) => {
    const upTo: Position = await log.head();
    const after = options.after ?? -1;
    const totals = new ExportTotals(after, upTo);
    const progress = terminal.progress(
      { en: 'Exporting', ja: '書き出し中' },
      Math.max(0, upTo - after),
    );
    const lines = exportedLines(log, { after, upTo }, totals, (count) => progress.advance(count));

    if (options.out === undefined) await pipeline(lines, process.stdout, { end: false });
    else await intoFile(lines, options.out);
    progress.done();
    for (const line of totals.lines()) terminal.note(line);
    return exitCodes.fine;
  });

/** The file is written under a temporary name and renamed at the end, so it is always complete. */
async function intoFile(lines: AsyncIterable<string>, file: string): Promise<void> {
  const draft = `${file}.${process.pid}.part`;
  try {
    await pipeline(lines, createWriteStream(draft, { mode: 0o600, flush: true }));
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}
