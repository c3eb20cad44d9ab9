import { Injectable } from '@nestjs/common';
import type { Draft, Ledger } from '../../../domain/billing/account/payer-account.js';
import type { Payer } from '../../../domain/billing/parties/billing-profile.js';
import {
  type BillingRun,
  noResult,
  type RunResult,
  sumByCurrency,
  sumOfResults,
} from '../../../domain/billing/runs/billing-run.js';
import { lastDayOfPeriod } from '../../../domain/billing/runs/run-period.js';
import { billingRunId } from '../../../domain/shared/ids.js';
import { negated } from '../../../domain/shared/money.js';
import { EventLog } from '../../../event-log/event-log.js';
import { endedWithin } from '../../../platform/time/within.js';
import { ReadModels } from '../../../read-models/read-models.js';
import { readState } from '../../engine/states/view.js';
import { programFold } from '../../records/folds.js';
import { accountFold } from '../billing-folds.js';
import { TermPricing } from '../term-pricing.js';
import { ChargesAhead } from './charges-ahead.js';
import { type DryRun, dryRunIdOf } from './dry-run-id.js';
import { RunComposition } from './run-composition.js';
import { RunFacts } from './run-facts.js';

export type DryRunStatus = Pick<BillingRun, 'state' | 'progress'> & RunResult;

/** The documents of one payer in a dry run. */
export interface PayerDrafts {
  readonly payer: Payer;
  readonly drafts: readonly Draft[];
}

interface Computation {
  status: DryRunStatus;
  readonly ended: Promise<void>;
  error?: unknown;
}

const PAYERS_A_PAGE = 100;
/** Results are small; a later request computes them again. */
const RESULTS_AT_MOST = 32;
/** A small dry run is complete in the first answer. */
const COMPLETE_WITHIN_MS = 500;

/**
 * What a billing run would issue, computed from the log up to a position. Nothing is appended or
 * stored.
 */
@Injectable()
export class DryRuns {
  private readonly computations = new Map<string, Computation>();

  constructor(
    private readonly log: EventLog,
    private readonly readModels: ReadModels,
    private readonly pricing: TermPricing,
  ) {}

  /** Counts and totals so far; the first call starts the computation. */
  async status(run: DryRun): Promise<DryRunStatus> {
    const computation = this.computation(run);
    await endedWithin(COMPLETE_WITHIN_MS, computation.ended);
    if (computation.error !== undefined) {
      this.computations.delete(dryRunIdOf(run));
      throw computation.error;
    }
    return computation.status;
  }

  /** Payer by payer, in the order of their names, after one of them; only those with documents. */
  async *documents(run: DryRun, after: string): AsyncGenerator<PayerDrafts> {
    for await (const payers of this.pages(run, after)) {
      for (const { payer, drafts } of await this.compose(run, payers))
        if (drafts.length > 0) yield { payer, drafts };
    }
  }

  private computation(run: DryRun): Computation {
    const id = dryRunIdOf(run);
    const known = this.computations.get(id);
    if (known) return known;
    const computation: Computation = {
      status: { state: 'running', progress: { payerCount: 0, done: 0 }, ...noResult },
      ended: Promise.resolve().then(() => this.compute(run, computation)),
    };
    this.computations.set(id, computation);
    const [oldest] = this.computations.keys();
    if (this.computations.size > RESULTS_AT_MOST && oldest !== undefined)
      this.computations.delete(oldest);
    return computation;
  }

  private async compute(run: DryRun, computation: Computation): Promise<void> {
    try {
      const ahead = await this.aheadOf(run);
      const payerCount = ahead
        ? (await this.payersAhead(run, ahead)).length
        : await this.readModels.countRunPayers(queryOf(run));
      computation.status = { ...computation.status, progress: { payerCount, done: 0 } };
      for await (const payers of this.pages(run, '')) {
        const { status } = computation;
        const results = (await this.compose(run, payers)).map(resultOf);
        const done = status.progress.done + payers.length;
        computation.status = {
          state: 'running',
          progress: { payerCount: Math.max(payerCount, done), done },
          ...[status, ...results].reduce(sumOfResults, noResult),
        };
      }
      const { done } = computation.status.progress;
      computation.status = {
        ...computation.status,
        state: 'completed',
        progress: { payerCount: done, done },
      };
    } catch (error) {
      computation.error = error;
    }
  }

  /** Payers with charges that are recorded, and those that get some by the end of the period. */
  private async *pages(run: DryRun, after: string): AsyncGenerator<readonly Payer[]> {
    const ahead = await this.aheadOf(run);
    if (!ahead) return yield* this.recordedPages(run, after);
    const payers = (await this.payersAhead(run, ahead)).filter((payer) => payer > after);
    for (let from = 0; from < payers.length; from += PAYERS_A_PAGE)
      yield payers.slice(from, from + PAYERS_A_PAGE);
  }

  private async payersAhead(run: DryRun, ahead: ChargesAhead): Promise<readonly Payer[]> {
    const payers = new Set(run.payers ?? (await ahead.payers()));
    for await (const recorded of this.recordedPages(run, ''))
      for (const payer of recorded) payers.add(payer);
    return [...payers].sort();
  }

  /** Undefined: the charges of the period are all recorded. */
  private async aheadOf({ period, knownAt }: DryRun): Promise<ChargesAhead | undefined> {
    const { state: program } = await readState(this.log, programFold, { upTo: knownAt });
    const today = program.lastDay;
    const through = lastDayOfPeriod(period);
    if (today === undefined || through <= today) return undefined;
    return new ChargesAhead(
      { log: this.log, readModels: this.readModels, pricing: this.pricing },
      { program, knownAt, today, through },
    );
  }

  private async *recordedPages(run: DryRun, after: string): AsyncGenerator<readonly Payer[]> {
    for (let last = after; ;) {
      const payers = await this.readModels.runPayers({
        ...queryOf(run),
        after: last,
        limit: PAYERS_A_PAGE,
      });
      const end = payers.at(-1);
      if (end === undefined) return;
      yield payers;
      last = end;
    }
  }

  private async compose(run: DryRun, payers: readonly Payer[]): Promise<readonly Composed[]> {
    const facts = new RunFacts(this.log, this.readModels, run.knownAt);
    // Documents are identified as in a run; no run has this id.
    const composition = new RunComposition({ ...run, runId: billingRunId(dryRunIdOf(run)) }, facts);
    const names = await facts.namesOf(payers);
    const ahead = await this.aheadOf(run);
    const composed: Composed[] = [];
    for (const payer of payers) {
      const ledgers = await this.ledgersOf(run, payer, ahead);
      composed.push(await this.composePayer(composition, payer, names.get(payer), ledgers));
    }
    return composed;
  }

  private async composePayer(
    composition: RunComposition,
    payer: Payer,
    name: string | undefined,
    ledgers: readonly Ledger[],
  ): Promise<Composed> {
    const drafts: Draft[] = [];
    const blocked: RunResult['blocked'][number][] = [];
    const inScope = ledgers.filter(({ entityId }) => composition.isInScope(entityId));
    for (const [entityId, ofEntity] of Map.groupBy(inScope, (one) => one.entityId)) {
      const made = await composition.compose(payer, name, entityId, ofEntity);
      if ('blocked' in made) blocked.push(...made.blocked);
      else drafts.push(...made.drafts);
    }
    return { payer, drafts, blocked };
  }

  private async ledgersOf(
    run: DryRun,
    payer: Payer,
    ahead: ChargesAhead | undefined,
  ): Promise<readonly Ledger[]> {
    const { state } = await readState(this.log, accountFold(payer), { upTo: run.knownAt });
    return (ahead ? await ahead.accountOf(payer, state) : state).ledgers;
  }
}

interface Composed extends PayerDrafts {
  readonly blocked: RunResult['blocked'];
}

const queryOf = ({ entityIds, payers, knownAt }: DryRun) => ({
  entityIds,
  payers,
  draftedAfter: knownAt,
  minPosition: knownAt,
});

function resultOf({ drafts, blocked }: Composed): RunResult {
  const invoices = drafts.filter(({ kind }) => kind === 'invoice').length;
  return {
    invoices,
    creditNotes: drafts.length - invoices,
    totals: sumByCurrency(
      drafts.map(({ kind, total, currency }) => ({
        amount: kind === 'invoice' ? total : negated(total),
        currency,
      })),
    ),
    blocked,
  };
}
