import type {
  AccountEvent,
  NumberingEvent,
} from '../../../domain/billing/account/account-events.js';
import { frozenDraft, type NamedDocument } from '../../../domain/billing/account/issue-document.js';
import type { Draft } from '../../../domain/billing/account/payer-account.js';
import { upcast } from '../../../event-log/catalogue/catalogue.js';
import type { EventLog, LoggedEvent, Position } from '../../../event-log/event-log.js';
import type { Logged } from '../../engine/commands/decision.js';
import { digestOf } from './document-series.js';

/** A document that is not as its number says. */
export interface DocumentFinding {
  readonly position: Position;
  readonly documentId: string;
  readonly kind:
    /** The digest is not that of the drafted document. */
    | 'digest'
    /** It has a number already, or the number is not its place in the series. */
    | 'number'
    /** The account has other values than the series. */
    | 'issue'
    /** It was numbered without a draft, or before all lines were drafted. */
    | 'draft';
}

export interface VerifiedDocuments {
  readonly documents: number;
  readonly through: Position;
  readonly findings: readonly DocumentFinding[];
}

type Verifiable = Logged<AccountEvent | NumberingEvent>;
const types = [
  'DocumentDrafted',
  'DocumentLinesDrafted',
  'InvoiceNumbered',
  'CreditNoteNumbered',
  'InvoiceIssued',
  'CreditNoteIssued',
] as const;

/**
 * Checks every issued document against the log: its digest, its number, and its issue in the
 * account. Lines are in memory only from the draft to the issue.
 */
export async function verifyDocuments(
  log: EventLog,
  verified: (documents: number) => void,
): Promise<VerifiedDocuments> {
  const upTo = await log.head();
  const verification = new Verification();
  for await (const { events } of log.readAll({ after: -1, upTo, types })) {
    const before = verification.documents;
    for (const event of events) verification.follow(upcast(event) as Verifiable);
    verified(verification.documents - before);
  }
  return { documents: verification.documents, through: upTo, findings: verification.findings };
}

class Verification {
  documents = 0;
  readonly findings: DocumentFinding[] = [];
  private readonly drafts = new Map<string, Draft>();
  private readonly numbered = new Map<string, NamedDocument & { readonly digest: string }>();
  private readonly revisions = new Map<string, number>();

  follow(event: Verifiable): void {
    switch (event.type) {
      case 'DocumentDrafted': {
        const { lines: lineCount, ...header } = event.data;
        this.drafts.set(header.documentId, { ...header, lineCount, lines: [] });
        return;
      }
      case 'DocumentLinesDrafted': {
        const draft = this.drafts.get(event.data.documentId);
        if (draft)
          this.drafts.set(draft.documentId, {
            ...draft,
            lines: [...draft.lines, ...event.data.lines],
          });
        return;
      }
      case 'InvoiceNumbered':
      case 'CreditNoteNumbered':
        return this.number(event);
      case 'InvoiceIssued':
      case 'CreditNoteIssued':
        return this.issue(event);
      default:
        return;
    }
  }

  private number(event: Extract<Verifiable, NumberingEvent>): void {
    const { documentId, number, issuedOn, digest } = event.data;
    this.documents += 1;
    const before = this.revisions.get(event.stream) ?? -1;
    this.revisions.set(event.stream, event.revision);
    if (
      this.numbered.has(documentId) ||
      event.revision !== before + 1 ||
      !number.endsWith(String(event.revision + 1).padStart(6, '0'))
    )
      this.find(event, documentId, 'number');
    this.numbered.set(documentId, { documentId, number, issuedOn, digest });

    const draft = this.drafts.get(documentId);
    if (draft?.lines.length !== draft?.lineCount || !draft)
      return this.find(event, documentId, 'draft');
    const documents = (draft.corrects ?? []).flatMap((id) => this.numbered.get(id) ?? []);
    if (digestOf(frozenDraft({ documents }, draft, { number, issuedOn })) !== digest)
      this.find(event, documentId, 'digest');
  }

  private issue(event: Extract<Verifiable, { type: 'InvoiceIssued' | 'CreditNoteIssued' }>): void {
    const { documentId, number, issuedOn, digest } = event.data;
    const numbered = this.numbered.get(documentId);
    if (numbered?.number !== number || numbered.issuedOn !== issuedOn || numbered.digest !== digest)
      this.find(event, documentId, 'issue');
    this.drafts.delete(documentId);
  }

  private find({ position }: LoggedEvent, documentId: string, kind: DocumentFinding['kind']): void {
    this.findings.push({ position, documentId, kind });
  }
}
