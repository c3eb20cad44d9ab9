import { Injectable } from '@nestjs/common';
import type { AccountEvent } from '../../../domain/billing/account/account-events.js';
import type { Draft } from '../../../domain/billing/account/payer-account.js';
import { EventLog, type Position } from '../../../event-log/event-log.js';
import type { Logged } from '../../engine/commands/decision.js';
import type { LogProcess } from '../../engine/processes/log-process.js';
import { StateCache } from '../../engine/states/state-cache.js';
import { Clock } from '../../engine/time/clock.js';
import { billingEntityOf } from '../billing-folds.js';
import { AccountDocuments } from './account-documents.js';
import { DocumentSeries } from './document-series.js';

export type DraftedEvent = Logged<Extract<AccountEvent, { type: 'DocumentDrafted' }>>;

/** Issues credit notes that a command has drafted. */
@Injectable()
export class RequestedDocuments {
  constructor(
    private readonly log: EventLog,
    private readonly states: StateCache,
    private readonly clock: Clock,
  ) {}

  /** Can be repeated: a document that is issued already is left as it is. */
  async issue(drafted: DraftedEvent): Promise<Position> {
    const { payer, documentId } = drafted.data;
    const account = new AccountDocuments(this.log, { payer, cause: drafted });
    await account.load();
    const whole = account.wholeDrafts().filter(({ draft }) => draft.documentId === documentId);
    const [first] = whole;
    if (!first) return this.log.head();
    const series = new DocumentSeries(this.log, this.clock, first.draft);
    await this.states.catchUp();
    const entity = await billingEntityOf(this.states, first.draft.entityId);
    const drafts = whole.map((one) => ({ ...one, draftedAfter: drafted.position }));
    await series.number(drafts, entity, drafted);
    const numberOf = (draft: Draft) =>
      draft.documentId === documentId ? series.numberOf(documentId) : undefined;
    await account.issue(numberOf);
    return this.log.head();
  }
}

/** Issues the credit notes of handlers that died after they had drafted them. */
export const requestedDocumentsProcess = (
  documents: RequestedDocuments,
): LogProcess<DraftedEvent> => ({
  name: 'billing-documents',
  types: ['DocumentDrafted'],
  take: async (drafted) => {
    // The drafts of a run are issued by the run.
    if (drafted.data.runId === undefined) await documents.issue(drafted);
  },
});
