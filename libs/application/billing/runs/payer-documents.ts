import {
  type Draft,
  isWholeDraft,
  type Ledger,
} from '../../../domain/billing/account/payer-account.js';
import {
  type BlockedPayer,
  type RunResult,
  sumByCurrency,
} from '../../../domain/billing/runs/billing-run.js';
import type { BillingEntityId } from '../../../domain/shared/ids.js';
import { negated } from '../../../domain/shared/money.js';
import { AccountDocuments } from '../documents/account-documents.js';
import { untilUnmoved } from '../documents/derived-append.js';
import { draftAppends } from '../documents/draft-appends.js';

export type ComposedForEntity =
  { readonly drafts: readonly Draft[] } | { readonly blocked: readonly BlockedPayer[] };

/** How a run composes; both may be called again after the account has changed. */
export interface PayerComposition {
  /** The documents of one issuer, in all of its currencies. */
  readonly compose: (
    entityId: BillingEntityId,
    ledgers: readonly Ledger[],
  ) => Promise<ComposedForEntity>;
  /** All lines of a draft whose lines are not all in the log. */
  readonly recompose: (draft: Draft) => Promise<Draft>;
}

/**
 * The work of a run on the account of one payer. It reads the account, appends what is missing, and
 * can be repeated at any time, by any process.
 */
export class PayerDocuments {
  private blocked: readonly BlockedPayer[] = [];

  constructor(
    readonly account: AccountDocuments,
    private readonly composition: PayerComposition,
  ) {}

  /** Drafts the run's documents. */
  draft(): Promise<void> {
    return untilUnmoved(async () => {
      await this.account.load();
      await this.completeDrafts();
      const blocked: BlockedPayer[] = [];
      const byEntity = Map.groupBy(this.account.ledgers(), ({ entityId }) => entityId);
      for (const [entityId, ledgers] of byEntity) {
        const composed = await this.composition.compose(entityId, ledgers);
        if ('blocked' in composed) blocked.push(...composed.blocked);
        else await this.appendDrafts(composed.drafts);
      }
      this.blocked = blocked;
    });
  }

  /** What the run has made of this payer, whichever process did it. */
  result(runId: string): RunResult {
    const documents = this.account
      .ledgers()
      .flatMap((ledger) => ledger.documents)
      .filter((document) => document.runId === runId);
    const invoices = documents.filter(({ kind }) => kind === 'invoice');
    return {
      invoices: invoices.length,
      creditNotes: documents.length - invoices.length,
      totals: sumByCurrency(
        documents.map(({ kind, total, currency }) => ({
          amount: kind === 'invoice' ? total : negated(total),
          currency,
        })),
      ),
      blocked: this.blocked,
    };
  }

  /** A long draft of a process that died does not have all of its lines. */
  private async completeDrafts(): Promise<void> {
    for (const { drafts } of this.account.ledgers()) {
      for (const draft of drafts) {
        if (isWholeDraft(draft)) continue;
        const whole = await this.composition.recompose(draft);
        for (const { step, events } of draftAppends(whole, draft.lines.length))
          await this.account.append(step, draft.documentId, events);
      }
    }
  }

  /** A run has one document of a kind: charges that come after it wait for the next run. */
  private async appendDrafts(drafts: readonly Draft[]): Promise<void> {
    for (const draft of drafts) {
      if (this.account.hasDocument(draft)) continue;
      for (const { step, events } of draftAppends(draft, undefined))
        await this.account.append(step, draft.documentId, events);
    }
  }
}
