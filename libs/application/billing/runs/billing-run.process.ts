import type { Draft } from '../../../domain/billing/account/payer-account.js';
import type { Payer } from '../../../domain/billing/parties/billing-profile.js';
import {
  type BillingRun,
  type BillingRunEvent,
  noResult,
  type RunResult,
  sumOfResults,
} from '../../../domain/billing/runs/billing-run.js';
import type { Proposed } from '../../../domain/shared/event.js';
import { processCommandId } from '../../../event-log/identity.js';
import type { EventLog } from '../../../event-log/event-log.js';
import type { ReadModels } from '../../../read-models/read-models.js';
import type { Logged } from '../../engine/commands/decision.js';
import type { LogProcess } from '../../engine/processes/log-process.js';
import type { Loaded } from '../../engine/states/fold.js';
import type { StateCache } from '../../engine/states/state-cache.js';
import { readState } from '../../engine/states/view.js';
import type { Clock } from '../../engine/time/clock.js';
import { AccountDocuments } from '../documents/account-documents.js';
import { appendDerived, isMoved } from '../documents/derived-append.js';
import { DocumentSeries, type WholeDraft } from '../documents/document-series.js';
import { billingRunFold } from './billing-run-fold.js';
import { PayerDocuments } from './payer-documents.js';
import { recomposedDraft } from './recomposed-draft.js';
import { RunComposition } from './run-composition.js';
import { billingEntityOf } from '../billing-folds.js';
import { RunFacts } from './run-facts.js';

export const BILLING_RUN_PROCESS = 'billing-run';

export type RunStarted = Logged<Extract<BillingRunEvent, { type: 'BillingRunStarted' }>>;

/** Payers that are billed together: their numbers are drawn by one append. */
const PAYERS_A_BATCH = 64;
/** Payers whose names are read together, because the read models answer late while they follow. */
const PAYERS_A_PAGE = 1_024;
/**
 * Accounts that are read and written at the same time: the log commits their appends together. More
 * would make the requests of the service wait longer.
 */
const AT_ONCE = 32;

export interface BillingRunParts {
  readonly log: EventLog;
  readonly states: StateCache;
  readonly readModels: ReadModels;
  readonly clock: Clock;
}

/** Bills the payers of a run, whichever process has begun it, and issues the drafts that it finds. */
export class BillingRunProcess implements LogProcess<RunStarted> {
  readonly name = BILLING_RUN_PROCESS;
  readonly types = ['BillingRunStarted'];

  constructor(private readonly parts: BillingRunParts) {}

  async take(started: RunStarted): Promise<void> {
    await new RunInProgress(this.parts, started).complete();
  }
}

interface Page {
  readonly payers: readonly Payer[];
  readonly names: ReadonlyMap<Payer, string>;
  readonly isLast: boolean;
}

class RunInProgress {
  private readonly facts: RunFacts;
  private readonly composition: RunComposition;
  private readonly series = new Map<string, DocumentSeries>();
  private page: Page = { payers: [], names: new Map(), isLast: false };

  constructor(
    private readonly parts: BillingRunParts,
    private readonly started: RunStarted,
  ) {
    this.facts = new RunFacts(parts.log, parts.readModels, started.position);
    this.composition = new RunComposition(started.data, this.facts);
  }

  /** Several processes may do this at once: each takes up what the others have recorded. */
  async complete(): Promise<void> {
    let run = await this.load();
    let { payerCount } = run.state.progress;
    if (run.state.through === undefined && run.state.state === 'running')
      payerCount = await this.parts.readModels.countRunPayers(this.query());
    while (run.state.state === 'running') {
      const payers = await this.nextPayers(run.state.through ?? '');
      const result = payers.length > 0 ? await this.bill(payers) : noResult;
      run = await this.record(run, payers, result, payerCount);
    }
  }

  /** The payers of the next batch, by their names. */
  private async nextPayers(after: string): Promise<readonly Payer[]> {
    let payers = this.page.payers.filter((payer) => payer > after);
    if (payers.length < PAYERS_A_BATCH && !this.page.isLast) {
      payers = [
        ...(await this.parts.readModels.runPayers({
          ...this.query(),
          after,
          limit: PAYERS_A_PAGE,
        })),
      ];
      const isLast = payers.length < PAYERS_A_PAGE;
      this.page = { payers, names: await this.facts.namesOf(payers), isLast };
    }
    return payers.slice(0, PAYERS_A_BATCH);
  }

  private query() {
    const { entityIds, payers } = this.started.data;
    return { entityIds, payers, minPosition: this.started.position };
  }

  private load(): Promise<Loaded<BillingRun>> {
    return readState(this.parts.log, billingRunFold(this.started.data.runId), {});
  }

  private async record(
    run: Loaded<BillingRun>,
    payers: readonly Payer[],
    result: RunResult,
    payerCount: number,
  ): Promise<Loaded<BillingRun>> {
    const through = payers.at(-1);
    const done = run.state.progress.done + payers.length;
    const event: Proposed<BillingRunEvent> =
      through === undefined
        ? { type: 'BillingRunCompleted', data: { done } }
        : {
            type: 'BillingRunAdvanced',
            data: { ...result, payerCount: Math.max(payerCount, done), done, through },
          };
    try {
      await appendDerived<BillingRunEvent>(
        this.parts.log,
        {
          commandId: processCommandId(
            BILLING_RUN_PROCESS,
            this.started.id,
            through === undefined ? 'completed' : `through ${through}`,
          ),
          actor: `process:${BILLING_RUN_PROCESS}`,
          causationId: this.started.id,
          correlationId: this.started.metadata.correlationId,
        },
        { stream: billingRunFold(this.started.data.runId).stream, revision: run.revision },
        [event],
      );
    } catch (error) {
      // Another process has billed these payers, too.
      if (!isMoved(error)) throw error;
    }
    return this.load();
  }

  private async bill(payers: readonly Payer[]): Promise<RunResult> {
    const { names } = this.page;
    const work = payers.map((payer) => this.payer(payer, names.get(payer)));
    // Before the first draft: then a number of a new draft is never looked for in the past.
    await Promise.all([...this.series.values()].map((series) => series.catchUp()));
    await atMost(AT_ONCE, work, (payer) => payer.draft());
    await this.issue(work.map(({ account }) => account));
    return work
      .map((payer) => payer.result(this.started.data.runId))
      .reduce(sumOfResults, noResult);
  }

  private payer(payer: Payer, name: string | undefined): PayerDocuments {
    const { parts, composition, started } = this;
    const account = new AccountDocuments(parts.log, {
      payer,
      isInScope: (entityId) => composition.isInScope(entityId),
      cause: started,
      runId: started.data.runId,
    });
    return new PayerDocuments(account, {
      compose: (entityId, ledgers) => composition.compose(payer, name, entityId, ledgers),
      recompose: (draft) => recomposedDraft(parts, payer, name, draft),
    });
  }

  private async issue(accounts: readonly AccountDocuments[]): Promise<void> {
    const drafts = accounts.flatMap((account) => account.wholeDrafts());
    const bySeries = Map.groupBy(drafts, ({ draft }) => `${draft.kind} ${draft.entityId}`);
    for (const [name, ofSeries] of bySeries) await this.number(name, ofSeries);
    await atMost(AT_ONCE, accounts, (account) => account.issue(this.numberOf));
    for (const { draft } of drafts)
      this.series.get(`${draft.kind} ${draft.entityId}`)?.forget(draft.documentId);
  }

  private readonly numberOf = (draft: Draft) =>
    this.series.get(`${draft.kind} ${draft.entityId}`)?.numberOf(draft.documentId);

  private async number(name: string, drafts: readonly WholeDraft[]): Promise<void> {
    const [first] = drafts;
    if (!first) return;
    const series =
      this.series.get(name) ?? new DocumentSeries(this.parts.log, this.parts.clock, first.draft);
    this.series.set(name, series);
    await this.parts.states.catchUp();
    const entity = await billingEntityOf(this.parts.states, first.draft.entityId);
    await series.number(drafts, entity, this.started);
  }
}

/** Works on the items in order, with a limited number at the same time. */
async function atMost<Item>(
  atOnce: number,
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
