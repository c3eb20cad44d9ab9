import { hash } from 'node:crypto';
import type { NumberingEvent } from '../../../domain/billing/account/account-events.js';
import {
  type DocumentNumber,
  frozenDraft,
} from '../../../domain/billing/account/issue-document.js';
import type { Draft, Ledger } from '../../../domain/billing/account/payer-account.js';
import type { FrozenDocument } from '../../../domain/billing/documents/frozen-document.js';
import { documentNumber, issueDate } from '../../../domain/billing/documents/issue.js';
import type { BillingEntityDetails } from '../../../domain/billing/parties/billing-entity.js';
import type { Proposed } from '../../../domain/shared/event.js';
import { type EventId, eventId, type StreamName } from '../../../domain/shared/ids.js';
import { numberingStream } from '../../../domain/shared/streams.js';
import { canonicalJson } from '../../../event-log/canonical.js';
import { upcast } from '../../../event-log/catalogue/catalogue.js';
import type { EventLog, LoggedEvent, Position } from '../../../event-log/event-log.js';
import { processCommandId } from '../../../event-log/identity.js';
import type { Logged } from '../../engine/commands/decision.js';
import type { Clock } from '../../engine/time/clock.js';
import { appendDerived, type DerivedCommand, untilUnmoved } from './derived-append.js';

/** A draft with all its lines, to be numbered. */
export interface WholeDraft {
  readonly ledger: Ledger;
  readonly draft: Draft;
  /** It was drafted at this position or after it, so its number comes after it. */
  readonly draftedAfter: Position;
}

export interface NumberedDocument extends DocumentNumber {
  readonly digest: string;
}

const DOCUMENTS_PROCESS = 'billing-documents';

/** The command of a step about one document is the same for every process that takes the step. */
export const documentCommand = (
  documentId: string,
  step: string,
  cause: Pick<LoggedEvent, 'id' | 'metadata'>,
): DerivedCommand => ({
  commandId: processCommandId(DOCUMENTS_PROCESS, documentEventId(documentId), step),
  actor: `process:${DOCUMENTS_PROCESS}`,
  causationId: cause.id,
  correlationId: cause.metadata.correlationId,
});

// Ids of documents are UUIDs, like those of events.
const documentEventId = (documentId: string): EventId => eventId(documentId);

export const digestOf = (document: FrozenDocument): string =>
  hash('sha256', canonicalJson(document));

/**
 * The numbers of one entity's documents of one kind. The append of an event is the issue: the place
 * in the stream is the number, so numbers have no gap, and a document has one number.
 */
export class DocumentSeries {
  private readonly stream: StreamName;
  private readonly numbered = new Map<string, NumberedDocument>();
  private revision = -1;
  private lastIssuedOn: string | undefined;
  /** Every number after this revision is in `numbered`. */
  private readThrough: { readonly revision: number; readonly position: Position } | undefined;

  constructor(
    private readonly log: EventLog,
    private readonly clock: Clock,
    { entityId, kind }: Pick<Draft, 'entityId' | 'kind'>,
  ) {
    this.stream = numberingStream(entityId, kind);
  }

  /** Reads the numbers that were given since the last call. */
  async catchUp(): Promise<void> {
    if (!this.readThrough) {
      const last = await this.last();
      this.readThrough = { revision: last?.revision ?? -1, position: last?.position ?? -1 };
      if (last) this.follow(last);
      return;
    }
    for await (const page of this.log.readStream(this.stream, { from: this.revision + 1 }))
      for (const event of page) this.follow(event);
  }

  /** Numbers the drafts that have none, in this order, with one append. */
  async number(
    drafts: readonly WholeDraft[],
    entity: Pick<BillingEntityDetails, 'numberPrefix' | 'timeZone'>,
    cause: Pick<LoggedEvent, 'id' | 'metadata'>,
  ): Promise<void> {
    await untilUnmoved(async () => {
      await this.catchUp();
      await this.lookBack(drafts);
      const missing = drafts.filter(({ draft }) => !this.numbered.has(draft.documentId));
      const [first] = missing;
      if (!first) return;
      const appended = await appendDerived<NumberingEvent>(
        this.log,
        documentCommand(first.draft.documentId, 'number', cause),
        { stream: this.stream, revision: this.revision },
        this.numbersFor(missing, entity),
      );
      for (const event of appended) this.follow(event);
    });
  }

  /** The number of a draft that `number` was called for. */
  numberOf(documentId: string): NumberedDocument | undefined {
    return this.numbered.get(documentId);
  }

  /** After a document is in its account, its number is not looked for again. */
  forget(documentId: string): void {
    this.numbered.delete(documentId);
  }

  private numbersFor(
    drafts: readonly WholeDraft[],
    entity: Pick<BillingEntityDetails, 'numberPrefix' | 'timeZone'>,
  ): readonly Proposed<NumberingEvent>[] {
    const issuedOn = issueDate(this.clock.instant(), entity.timeZone, this.lastIssuedOn);
    return drafts.map(({ ledger, draft }, index) => {
      const { documentId, kind, payer, currency, net, tax, total } = draft;
      const number: DocumentNumber = {
        number: documentNumber(entity.numberPrefix, kind, this.revision + 2 + index),
        issuedOn,
      };
      const digest = digestOf(frozenDraft(ledger, draft, number));
      return {
        type: kind === 'invoice' ? 'InvoiceNumbered' : 'CreditNoteNumbered',
        data: {
          // In the order of canonical JSON, which is written faster.
          currency,
          digest,
          documentId,
          issuedOn,
          net,
          number: number.number,
          payer,
          tax,
          total,
        },
      };
    });
  }

  private async last(): Promise<LoggedEvent | undefined> {
    const reading = this.log.readStream(this.stream, { direction: 'backwards', limit: 1 });
    for await (const [event] of reading) return event;
    return undefined;
  }

  private follow(event: LoggedEvent): void {
    this.remember(event);
    // The catalogue has checked the data of the series' only events.
    const { data } = upcast(event) as Logged<NumberingEvent>;
    this.revision = event.revision;
    this.lastIssuedOn = data.issuedOn;
  }

  private remember(event: LoggedEvent): void {
    const { data } = upcast(event) as Logged<NumberingEvent>;
    const { documentId, number, issuedOn, digest } = data;
    this.numbered.set(documentId, { number, issuedOn, digest });
  }

  /** A draft that an earlier process left may have its number already. */
  private async lookBack(drafts: readonly WholeDraft[]): Promise<void> {
    const { readThrough } = this;
    if (!readThrough) return;
    const old = new Map(
      drafts
        .filter(
          ({ draft, draftedAfter }) =>
            draftedAfter < readThrough.position && !this.numbered.has(draft.documentId),
        )
        .map(({ draft, draftedAfter }) => [draft.documentId, draftedAfter]),
    );
    if (old.size === 0) return;
    const after = Math.min(...old.values());
    for await (const page of this.log.readStream(this.stream, {
      direction: 'backwards',
      from: readThrough.revision,
    })) {
      for (const event of page) {
        if (event.position <= after) return;
        const { data } = upcast(event) as Logged<NumberingEvent>;
        if (old.delete(data.documentId)) this.remember(event);
        if (old.size === 0) return;
      }
    }
  }
}
