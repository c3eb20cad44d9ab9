import { createReadStream } from 'node:fs';
import { CommandBus } from '@nestjs/cqrs';
import {
  type Comparison,
  Comparisons,
} from '../../../libs/application/billing/reconciliation/comparison.js';
import {
  type ReconciliationRefusal,
  RecordReconciliation,
} from '../../../libs/application/billing/reconciliation/reconciliation.commands.js';
import { Clock } from '../../../libs/application/engine/time/clock.js';
import type { ReconciledLine } from '../../../libs/domain/billing/reconciliation/reconcile.js';
import { partnerId } from '../../../libs/domain/shared/ids.js';
import { columns } from '../running/columns.js';
import type { GlobalOptions } from '../running/command-configuration.js';
import { commandContext } from '../running/command-context.js';
import { exitCodes, type ExitCode } from '../running/exit.js';
import { refusalText } from '../running/failure-text.js';
import { fileSize } from '../running/file-size.js';
import { withApplication } from '../running/log-session.js';
import type { Terminal } from '../running/terminal.js';

export interface BillingReconcileOptions extends GlobalOptions {
  readonly invoice: string;
  readonly partner?: string;
  readonly json?: true;
}

const KIB = 1024;
const LINES_SHOWN = 100;

/** Records Microsoft's file, and shows how it differs from our charges. */
export async function reconcileFile(
  terminal: Terminal,
  options: BillingReconcileOptions,
  file: string,
): Promise<ExitCode> {
  const bytes = await fileSize(terminal, file);
  return withApplication(terminal, { ...options, mayProject: 'much' }, async (application) => {
    const progress = terminal.progress(
      { en: 'Reading KiB', ja: '読み取り中 (KiB)' },
      Math.ceil(bytes / KIB),
    );
    const reading = async function* (): AsyncGenerator<Uint8Array> {
      for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) {
        progress.advance(Math.ceil(piece.length / KIB));
        yield piece;
      }
    };
    const upload = { bytes: reading(), signal: new AbortController().signal };
    const named = options.partner === undefined ? {} : { partnerId: partnerId(options.partner) };
    const { outcome } = await application
      .get(CommandBus)
      .execute(new RecordReconciliation(commandContext(), options.invoice, upload, named))
      .finally(() => progress.done());
    if (outcome.kind === 'refused') return rejected(terminal, outcome.refusal, options.json);

    const { date } = application.get(Clock, { strict: false }).judgementTime();
    const comparisons = application.get(Comparisons, { strict: false });
    const compared = await comparisons.of(options.invoice, outcome.position, date);
    if (!compared) throw new Error(`${options.invoice} has no file after the command`);
    return show(terminal, compared, options.json === true);
  });
}

const isFinding = ({ class: name }: ReconciledLine): boolean =>
  name === 'differs' || name === 'only-theirs' || name === 'only-ours';

function show(terminal: Terminal, compared: Comparison, asJson: boolean): ExitCode {
  const { invoiceNumber, revision, file, knownAt, tolerance, classes } = compared;
  const findings = compared.lines.filter(isFinding);
  if (asJson)
    terminal.json({
      invoiceNumber,
      revision,
      partnerId: file.partnerId,
      currency: file.currency,
      tolerance,
      knownAt: String(knownAt),
      classes,
    });
  else {
    const sums = Object.entries(classes).map(([name, { count, theirs, ours }]) => [
      name,
      String(count),
      theirs,
      ours,
    ]);
    const head = terminal.text({ en: 'class', ja: '分類' });
    for (const row of columns([[head, '#', 'Microsoft', file.partnerId], ...sums]))
      terminal.result(row);
    for (const row of columns(findings.slice(0, LINES_SHOWN).map(cells))) terminal.result(row);
    if (findings.length > LINES_SHOWN)
      terminal.note({
        en: `The first ${LINES_SHOWN} of ${findings.length} differences are listed. All of them: GET /v1/reconciliations/${invoiceNumber}`,
        ja: `差異 ${findings.length} 件のうち最初の ${LINES_SHOWN} 件を表示しました。全件: GET /v1/reconciliations/${invoiceNumber}`,
      });
  }
  return findings.length === 0 ? exitCodes.fine : exitCodes.finding;
}

const cells = ({ class: name, theirs, ours }: ReconciledLine): readonly string[] => [
  name,
  theirs ? `#${theirs.row}` : '',
  theirs?.tenantId ?? ours?.tenantId ?? '',
  theirs?.offerId ?? ours?.offerId ?? '',
  theirs?.chargeType ?? ours?.type ?? '',
  theirs?.chargeFrom ?? ours?.from ?? '',
  theirs?.subtotal ?? '-',
  ours?.cost ?? '-',
];

function rejected(
  terminal: Terminal,
  refusal: ReconciliationRefusal,
  asJson: boolean | undefined,
): ExitCode {
  if (asJson) terminal.json(refusal);
  else if (refusal.code === 'reconciliation-rejected')
    for (const { row, reason } of refusal.rejected) terminal.result(`${row}  ${reason}`);
  terminal.note(refusalText(refusal.code, terminal.language));
  return exitCodes.finding;
}
