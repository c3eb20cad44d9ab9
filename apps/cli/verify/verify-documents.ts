import {
  type DocumentFinding,
  verifyDocuments as verifyAll,
} from '../../../libs/application/billing/documents/verify-documents.js';
import type { EventLog } from '../../../libs/event-log/event-log.js';
import type { Bilingual } from '../running/language.js';
import { exitCodes, type ExitCode } from '../running/exit.js';
import type { Terminal } from '../running/terminal.js';

/** Checks the digest, the number and the issue of every document against the log. */
export async function verifyDocuments(
  terminal: Terminal,
  log: EventLog,
  json: boolean,
): Promise<ExitCode> {
  const progress = terminal.progress({ en: 'Verifying documents', ja: '文書を検証中' });
  const { documents, through, findings } = await verifyAll(log, (more) =>
    progress.advance(more),
  ).finally(() => progress.done());
  if (json) terminal.json({ documents: { documents, position: String(through), findings } });
  else {
    for (const finding of findings)
      terminal.result(`${finding.documentId}: ${terminal.text(textOf(finding))}`);
    if (findings.length === 0)
      terminal.result(
        terminal.text({
          en: `documents: ${terminal.number(documents)} match the log, up to position ${through}`,
          ja: `文書: ${terminal.number(documents)} 件がログと一致 (位置 ${through} まで)`,
        }),
      );
  }
  return findings.length === 0 ? exitCodes.fine : exitCodes.finding;
}

const textOf = ({ kind, position }: DocumentFinding): Bilingual => ({
  en: `${texts[kind].en} (position ${position})`,
  ja: `${texts[kind].ja} (位置 ${position})`,
});

const texts: Readonly<Record<DocumentFinding['kind'], Bilingual>> = {
  digest: {
    en: 'the digest is not that of the drafted document',
    ja: 'ダイジェストが下書きの文書と一致しない',
  },
  number: { en: 'the number is not its place in the series', ja: '番号が連番の位置と一致しない' },
  issue: {
    en: "the payer's account has other values than the series",
    ja: '支払者の勘定の値が連番の記録と一致しない',
  },
  draft: { en: 'it was numbered without all of its lines', ja: '全明細のないまま採番された' },
};
