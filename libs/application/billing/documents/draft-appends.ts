import type { AccountEvent } from '../../../domain/billing/account/account-events.js';
import type { Draft } from '../../../domain/billing/account/payer-account.js';
import type { DocumentLine } from '../../../domain/billing/documents/document.js';
import type { Proposed } from '../../../domain/shared/event.js';

/** Events that go into one append, and what the id of its command derives from. */
export interface DraftAppend {
  readonly step: string;
  readonly events: readonly Proposed<AccountEvent>[];
}

// Every log refuses an event above 512 KiB and an append above 900 KiB (docs/architecture.md).
const EVENT_BYTES_AT_MOST = 250_000;
const APPEND_BYTES_AT_MOST = 750_000;
/** So many lines fit one event whatever is in them: a line has less than 4 KB. */
const LINES_ALWAYS_FIT = 50;

/** The appends that draft a document, or the rest of one whose first lines are drafted already. */
export function draftAppends(draft: Draft, draftedLines: number | undefined): DraftAppend[] {
  const { lines, lineCount, ...header } = draft;
  const { documentId, entityId, currency } = draft;
  const parts = partsOf(lines.slice(draftedLines ?? 0)).map(({ lines: part, bytes }) => ({
    bytes,
    first: part[0]?.lineIndex ?? 0,
    event: {
      type: 'DocumentLinesDrafted' as const,
      // The order of canonical JSON, which is written much faster.
      data: { currency, documentId, entityId, lines: part },
    },
  }));
  const appends: { step: string; bytes: number; events: Proposed<AccountEvent>[] }[] = [];
  if (draftedLines === undefined)
    appends.push({
      step: `draft ${documentId}`,
      bytes: 0,
      events: [{ type: 'DocumentDrafted', data: { ...header, lines: lineCount } }],
    });
  for (const { event, bytes, first } of parts) {
    const last = appends.at(-1);
    if (last && last.bytes + bytes <= APPEND_BYTES_AT_MOST) {
      last.events.push(event);
      last.bytes += bytes;
    } else appends.push({ step: `lines ${documentId} ${first}`, bytes, events: [event] });
  }
  return appends;
}

function partsOf(
  lines: readonly DocumentLine[],
): readonly { readonly lines: DocumentLine[]; readonly bytes: number }[] {
  if (lines.length <= LINES_ALWAYS_FIT)
    return lines.length === 0 ? [] : [{ lines: [...lines], bytes: EVENT_BYTES_AT_MOST }];
  const parts: { lines: DocumentLine[]; bytes: number }[] = [];
  for (const line of lines) {
    const bytes = Buffer.byteLength(JSON.stringify(line)) + 1;
    const last = parts.at(-1);
    if (last && last.bytes + bytes <= EVENT_BYTES_AT_MOST) {
      last.lines.push(line);
      last.bytes += bytes;
    } else parts.push({ lines: [line], bytes });
  }
  return parts;
}
