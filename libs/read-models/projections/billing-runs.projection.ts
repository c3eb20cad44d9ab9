import {
  type BillingRunEvent,
  noResult,
  sumOfResults,
} from '../../domain/billing/runs/billing-run.js';
import type { BillingRunRow } from '../billing-rows.js';
import { projection, table } from '../projection.js';

const runs = table<BillingRunRow>('billing_runs', {
  columns: { position: { type: 'integer', of: (row) => row.position } },
  indexes: [['position']],
});

const runIdOf = ({ stream }: { readonly stream: string }): string =>
  stream.slice('billingrun-'.length);

/** Billing runs with their counts; the blocked payers are in the run's stream. */
export const billingRunsProjection = projection<BillingRunEvent>('billing-runs', 1, {
  streams: ['billingrun'],
  tables: [runs],
  on: {
    BillingRunStarted: ({ data, position }) =>
      runs.put(data.runId, {
        ...data,
        state: 'running',
        progress: { payerCount: 0, done: 0 },
        invoices: 0,
        creditNotes: 0,
        totals: [],
        blockedCount: 0,
        position,
      }),
    BillingRunAdvanced: (event) =>
      runs.change(runIdOf(event), (row) => {
        if (!row) return row;
        const { payerCount, done, blocked, ...result } = event.data;
        const { invoices, creditNotes, totals } = sumOfResults(
          { ...noResult, ...row },
          { ...noResult, ...result },
        );
        return {
          ...row,
          progress: { payerCount, done },
          invoices,
          creditNotes,
          totals,
          blockedCount: row.blockedCount + blocked.length,
        };
      }),
    BillingRunCompleted: (event) =>
      runs.change(
        runIdOf(event),
        (row) =>
          row && {
            ...row,
            state: 'completed',
            progress: { payerCount: event.data.done, done: event.data.done },
          },
      ),
  },
});
