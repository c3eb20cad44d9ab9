import { type DryRun, dryRunIdOf } from '../../../libs/application/billing/runs/dry-run-id.js';
import type { DryRunStatus } from '../../../libs/application/billing/runs/dry-runs.js';
import type {
  BlockedPayer,
  BillingRun,
  RunProgress,
  RunRequest,
} from '../../../libs/domain/billing/runs/billing-run.js';
import { blockTexts } from '../../../libs/domain/billing/runs/block-texts.js';
import type { BillingRunRow } from '../../../libs/read-models/billing-rows.js';
import type { Language } from '../../../libs/domain/gate/reason-texts.js';

export const billingRunView = (runId: string, run: BillingRun, language: Language) =>
  runView(runId, run.started, run, language);

export const dryRunView = (run: DryRun, status: DryRunStatus, language: Language) => ({
  ...runView(dryRunIdOf(run), run, status, language),
  dryRun: true,
});

const runView = (
  runId: string,
  request: RunRequest | undefined,
  { state, progress, invoices, creditNotes, totals, blocked }: DryRunStatus,
  language: Language,
) => ({
  runId,
  state,
  period: request?.period,
  entityIds: request?.entityIds,
  payers: request?.payers,
  dryRun: false,
  progress: progressView(progress),
  invoices,
  creditNotes,
  totals,
  blocked: blocked.map((one) => blockedView(one, language)),
});

/** A row of the list. */
export const listedRunView = ({ position: _, progress, ...run }: BillingRunRow) => ({
  ...run,
  progress: progressView(progress),
  dryRun: false,
});

const progressView = ({ payerCount: total, done }: RunProgress) => ({ total, done });

const blockedView = ({ entityId, payer, code, facts }: BlockedPayer, language: Language) => ({
  entityId,
  payer,
  code,
  detail: blockTexts[code][language](facts),
});

export const billingRunExample = {
  runId: 'd58617bb-a9c7-5131-a1a1-67dd94e575d2',
  state: 'completed',
  period: '2026-10',
  dryRun: false,
  progress: { total: 2, done: 2 },
  invoices: 1,
  creditNotes: 0,
  totals: [{ amount: '59400', currency: 'JPY' }],
  blocked: [
    {
      entityId: 'kansai-billing',
      payer: 'partner:kobe-it',
      code: 'billing-profile-missing',
      detail:
        'The payer has no billing profile. Register it with PUT …/billing-profile, and run again.',
    },
  ],
};

const { blocked: _blocked, ...withoutBlocked } = billingRunExample;
export const billingRunListExample = { ...withoutBlocked, blockedCount: 1 };
