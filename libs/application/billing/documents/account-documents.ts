import type { AccountEvent } from '../../../domain/billing/account/account-events.js';
import { issueEvents } from '../../../domain/billing/account/issue-document.js';
import {
  type Draft,
  isWholeDraft,
  type Ledger,
  ledgerOf,
  type PayerAccount,
} from '../../../domain/billing/account/payer-account.js';
import type { Payer } from '../../../domain/billing/parties/billing-profile.js';
import type { Proposed } from '../../../domain/shared/event.js';
import type { BillingEntityId } from '../../../domain/shared/ids.js';
import type { EventLog, LoggedEvent, Position } from '../../../event-log/event-log.js';
import { type Loaded, step } from '../../engine/states/fold.js';
import { readState } from '../../engine/states/view.js';
import { accountFold } from '../billing-folds.js';
import { appendDerived, untilUnmoved } from './derived-append.js';
import { documentCommand, type NumberedDocument, type WholeDraft } from './document-series.js';

export interface AccountSelection {
  readonly payer: Payer;
  /** By default all issuers. */
  readonly isInScope?: (entityId: BillingEntityId) => boolean;
  /** Drafts of this run cannot be older than this event; nothing is known of others. */
  readonly cause: LoggedEvent;
  readonly runId?: string;
}

/**
 * The documents of one account, read from its stream. States are not cached: a billing run reads
 * every account once.
 */
export class AccountDocuments {
  private account: Loaded<PayerAccount> = { state: { ledgers: [] }, revision: -1 };
  private readonly draftedAt = new Map<string, Position>();

  constructor(
    private readonly log: EventLog,
    private readonly of: AccountSelection,
  ) {}

  async load(): Promise<void> {
    this.account = await readState(this.log, accountFold(this.of.payer), {});
  }

  ledgers(): readonly Ledger[] {
    const { isInScope = () => true } = this.of;
    return this.account.state.ledgers.filter(({ entityId }) => isInScope(entityId));
  }

  hasDocument(draft: Draft): boolean {
    const { drafts, documents } = ledgerOf(this.account.state, draft);
    return [...drafts, ...documents].some(({ documentId }) => documentId === draft.documentId);
  }

  /** Drafts of any run and of requests: every draft is issued, if need be by the next run. */
  wholeDrafts(): readonly WholeDraft[] {
    return this.ledgers().flatMap((ledger) =>
      ledger.drafts.filter(isWholeDraft).map((draft) => ({
        ledger,
        draft,
        draftedAfter: this.draftedAt.get(draft.documentId) ?? this.earliestOf(draft),
      })),
    );
  }

  /** Brings the numbers of documents into the account. */
  issue(numberOf: (draft: Draft) => NumberedDocument | undefined): Promise<void> {
    let isLoaded = true;
    return untilUnmoved(async () => {
      if (!isLoaded) await this.load();
      isLoaded = false;
      for (const { draft } of this.wholeDrafts()) {
        const numbered = numberOf(draft);
        if (!numbered) continue;
        const ledger = ledgerOf(this.account.state, draft);
        const { documentId } = draft;
        await this.append('issue', documentId, issueEvents(ledger, draft, numbered));
      }
    });
  }

  /** The step of a document that these events are. Throws what the log's append throws. */
  async append(
    name: string,
    documentId: string,
    events: readonly Proposed<AccountEvent>[],
  ): Promise<void> {
    const fold = accountFold(this.of.payer);
    const appended = await appendDerived<AccountEvent>(
      this.log,
      documentCommand(documentId, name, this.of.cause),
      { stream: fold.stream, revision: this.account.revision },
      events,
    );
    for (const event of appended) {
      this.account = { state: step(fold, this.account.state, event), revision: event.revision };
      if (event.type === 'DocumentDrafted') this.draftedAt.set(documentId, event.position);
    }
  }

  private earliestOf({ runId }: Draft): Position {
    return runId !== undefined && runId === this.of.runId ? this.of.cause.position : -1;
  }
}
