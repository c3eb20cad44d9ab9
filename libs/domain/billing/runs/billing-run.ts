import type { Recorded } from '../../shared/event.js';
import type { BillingEntityId, BillingRunId } from '../../shared/ids.js';
import { type Money, totalOf } from '../../shared/money.js';
import type { Payer } from '../parties/billing-profile.js';

/** What a run bills. Without lists: every billing entity, and every payer. */
export interface RunRequest {
  /** `YYYY-MM` */
  readonly period: string;
  readonly entityIds?: readonly BillingEntityId[];
  readonly payers?: readonly Payer[];
}

export type BlockCode =
  'price-missing' | 'billing-profile-missing' | 'tax-treatment-missing' | 'tax-rate-missing';

/** An issuer cannot bill this payer, in any currency, until the missing part is published. */
export interface BlockedPayer {
  readonly entityId: BillingEntityId;
  readonly payer: Payer;
  readonly code: BlockCode;
  /** Names the missing part, for example the country and the category of a tax rate. */
  readonly facts: Readonly<Record<string, string>>;
}

/** The result of a run, or of a part of its payers. */
export interface RunResult {
  readonly invoices: number;
  readonly creditNotes: number;
  /** Of all documents, a currency each; a credit note counts as negative. */
  readonly totals: readonly Money[];
  readonly blocked: readonly BlockedPayer[];
}

/** The events of the stream `billingrun-<runId>`. */
export type BillingRunEvent =
  | Recorded<'BillingRunStarted', RunRequest & { runId: BillingRunId }>
  /** Every document of these payers is issued. Payers are billed in the order of their names. */
  | Recorded<
      'BillingRunAdvanced',
      RunResult & {
        /** How many payers the run has. */
        payerCount: number;
        /** How many of them are billed, these included. */
        done: number;
        /** The last payer; absent for a run without payers. */
        through?: Payer;
      }
    >
  | Recorded<'BillingRunCompleted', { done: number }>;

/** How many payers the run has, and how many of them are billed. */
export interface RunProgress {
  readonly payerCount: number;
  readonly done: number;
}

/** The state of the stream `billingrun-<runId>`. */
export interface BillingRun extends RunResult {
  readonly started?: RunRequest & { readonly runId: BillingRunId };
  readonly state: 'running' | 'completed';
  readonly progress: RunProgress;
  readonly through?: Payer;
}

export const noResult: RunResult = { invoices: 0, creditNotes: 0, totals: [], blocked: [] };

export const unknownBillingRun: BillingRun = {
  state: 'running',
  progress: { payerCount: 0, done: 0 },
  ...noResult,
};

export function evolveBillingRun(run: BillingRun, event: BillingRunEvent): BillingRun {
  switch (event.type) {
    case 'BillingRunStarted':
      return { ...run, started: event.data };
    case 'BillingRunAdvanced': {
      const { payerCount, done, through } = event.data;
      return {
        ...run,
        ...sumOfResults(run, event.data),
        progress: { payerCount, done },
        ...(through === undefined ? {} : { through }),
      };
    }
    case 'BillingRunCompleted': {
      const { done } = event.data;
      return { ...run, state: 'completed', progress: { payerCount: done, done } };
    }
  }
}

export const sumOfResults = (a: RunResult, b: RunResult): RunResult => ({
  invoices: a.invoices + b.invoices,
  creditNotes: a.creditNotes + b.creditNotes,
  totals: sumByCurrency([...a.totals, ...b.totals]),
  blocked: [...a.blocked, ...b.blocked],
});

/** In the order of the currencies' codes. */
export const sumByCurrency = (amounts: readonly Money[]): readonly Money[] =>
  [...Map.groupBy(amounts, ({ currency }) => currency)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, ofCurrency]) => ({
      amount: totalOf(
        ofCurrency.map(({ amount }) => amount),
        currency,
      ),
      currency,
    }));
