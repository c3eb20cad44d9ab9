import type { AccountEvent } from '../../../domain/billing/account/account-events.js';
import {
  type Draft,
  ledgerOf,
  type PayerAccount,
} from '../../../domain/billing/account/payer-account.js';
import type { Payer } from '../../../domain/billing/parties/billing-profile.js';
import { billingRunId } from '../../../domain/shared/ids.js';
import { billingRunStream } from '../../../domain/shared/streams.js';
import type { EventLog } from '../../../event-log/event-log.js';
import { upcast } from '../../../event-log/catalogue/catalogue.js';
import type { ReadModels } from '../../../read-models/read-models.js';
import type { Logged } from '../../engine/commands/decision.js';
import { step } from '../../engine/states/fold.js';
import { accountFold } from '../billing-folds.js';
import type { RunStarted } from './billing-run.process.js';
import { RunComposition } from './run-composition.js';
import { RunFacts } from './run-facts.js';

/**
 * All lines of a long draft whose process died before the last of them was appended: composed again
 * from the account as it was before the draft, with the facts of the draft's own run.
 */
export async function recomposedDraft(
  { log, readModels }: { readonly log: EventLog; readonly readModels: ReadModels },
  payer: Payer,
  payerName: string | undefined,
  draft: Draft,
): Promise<Draft> {
  const started = await runOf(log, draft);
  const ledger = ledgerOf(await accountBefore(log, payer, draft), draft);
  const facts = new RunFacts(log, readModels, started.position);
  const composed = await new RunComposition(started.data, facts).compose(
    payer,
    payerName,
    draft.entityId,
    [{ ...ledger, blocked: [] }],
  );
  const whole =
    'drafts' in composed
      ? composed.drafts.find(({ documentId }) => documentId === draft.documentId)
      : undefined;
  if (whole?.lineCount !== draft.lineCount)
    throw new Error(`${draft.documentId} was composed with other lines than it was drafted with`);
  return whole;
}

async function runOf(log: EventLog, { documentId, runId }: Draft): Promise<RunStarted> {
  const stream = runId === undefined ? undefined : billingRunStream(billingRunId(runId));
  if (stream !== undefined)
    for await (const [first] of log.readStream(stream, { limit: 1 }))
      // The first event of a run's stream is its start.
      if (first) return upcast(first) as RunStarted;
  throw new Error(`${documentId} was drafted by no run`);
}

async function accountBefore(log: EventLog, payer: Payer, draft: Draft): Promise<PayerAccount> {
  const fold = accountFold(payer);
  let state = fold.initial;
  for await (const page of log.readStream(fold.stream)) {
    for (const event of page) {
      const { type, data } = event as Logged<AccountEvent>;
      if (type === 'DocumentDrafted' && data.documentId === draft.documentId) return state;
      state = step(fold, state, event);
    }
  }
  throw new Error(`${draft.documentId} is not in the account of ${payer}`);
}
