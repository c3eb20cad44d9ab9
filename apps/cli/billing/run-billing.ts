import { setTimeout as delay } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { billingRunFold } from '../../../libs/application/billing/runs/billing-run-fold.js';
import { StartBillingRun } from '../../../libs/application/billing/runs/billing-run.commands.js';
import {
  BillingRunProcess,
  type RunStarted,
} from '../../../libs/application/billing/runs/billing-run.process.js';
import { DryRuns } from '../../../libs/application/billing/runs/dry-runs.js';
import { StateCache } from '../../../libs/application/engine/states/state-cache.js';
import { readState } from '../../../libs/application/engine/states/view.js';
import type { OpenedInfrastructure } from '../../../libs/application/open-infrastructure.js';
import { asPayer } from '../../../libs/domain/billing/parties/billing-profile.js';
import type { RunRequest } from '../../../libs/domain/billing/runs/billing-run.js';
import { billingEntityId } from '../../../libs/domain/shared/ids.js';
import { payer as payerPattern } from '../../api/http/validation/decorators.js';
import { commandContext } from '../running/command-context.js';
import { type ExitCode, WrongUsage } from '../running/exit.js';
import { withApplication } from '../running/log-session.js';
import { reportOutcome } from '../running/outcome.js';
import type { Progress } from '../running/progress.js';
import type { Terminal } from '../running/terminal.js';
import { showRun, type ShownRun } from './run-text.js';
import type { GlobalOptions } from '../running/command-configuration.js';

export interface BillingRunOptions extends GlobalOptions {
  readonly period: string;
  readonly entity?: readonly string[];
  readonly payer?: readonly string[];
  readonly dryRun?: true;
  readonly json?: true;
}

const LOOK_EVERY_MS = 200;

/** Starts a run and works on it until it is completed, beside the service if one is running. */
export async function runBilling(
  terminal: Terminal,
  options: BillingRunOptions,
): Promise<ExitCode> {
  const request = requestOf(terminal, options);
  return withApplication(
    terminal,
    { ...options, mayProject: 'much' },
    (application, infrastructure) =>
      options.dryRun
        ? dryRun(terminal, application, infrastructure, request, options.json === true)
        : run(terminal, application, infrastructure, request, options.json === true),
  );
}

async function run(
  terminal: Terminal,
  application: INestApplicationContext,
  { log, readModels, clock }: OpenedInfrastructure,
  request: RunRequest,
  json: boolean,
): Promise<ExitCode> {
  const outcome = await application
    .get(CommandBus)
    .execute(new StartBillingRun(commandContext(), request));
  if (outcome.kind !== 'committed') return reportOutcome(terminal, outcome);
  // The command's only event is the start of the run.
  const started = outcome.events[0] as RunStarted;
  const { runId } = started.data;
  const process = new BillingRunProcess({
    log,
    readModels,
    clock,
    states: application.get(StateCache),
  });
  const stateNow = async () => (await readState(log, billingRunFold(runId), {})).state;
  await withProgress(terminal, process.take(started), async () => (await stateNow()).progress);
  const { started: _request, through: _through, ...shown } = await stateNow();
  return showRun(terminal, { runId, period: request.period, ...shown }, json);
}

async function dryRun(
  terminal: Terminal,
  application: INestApplicationContext,
  { log }: OpenedInfrastructure,
  request: RunRequest,
  json: boolean,
): Promise<ExitCode> {
  const dryRuns = application.get(DryRuns, { strict: false });
  const at = { ...request, knownAt: await log.head() };
  const completed = async (): Promise<ShownRun> => {
    for (;;) {
      const status = await dryRuns.status(at);
      if (status.state === 'completed') return { period: request.period, ...status };
    }
  };
  const ended = completed();
  await withProgress(terminal, ended, async () => (await dryRuns.status(at)).progress);
  return showRun(terminal, await ended, json);
}

/** Shows progress by payers on a terminal. */
async function withProgress(
  terminal: Terminal,
  work: Promise<unknown>,
  progressNow: () => Promise<ShownRun['progress']>,
): Promise<void> {
  let hasEnded = false;
  const ended = work.finally(() => (hasEnded = true));
  let shown: Progress | undefined;
  let before = 0;
  const look = async (): Promise<void> => {
    while (!hasEnded) {
      const { payerCount, done } = await progressNow();
      if (payerCount > 0)
        shown ??= terminal.progress({ en: 'Billing payers', ja: '支払者を請求中' }, payerCount);
      shown?.advance(done - before);
      before = done;
      await delay(LOOK_EVERY_MS);
    }
  };
  try {
    // A failure of the work ends the command; one of the display does not matter.
    await Promise.race([ended, look().catch(() => ended)]);
    await ended;
  } finally {
    shown?.done();
  }
}

function requestOf(terminal: Terminal, { period, entity, payer }: BillingRunOptions): RunRequest {
  const wrong = payer?.find((one) => !payerPattern.test(one));
  if (wrong !== undefined)
    throw new WrongUsage(
      terminal.text({
        en: `"${wrong}" is not a payer. Write customer:<tenantId> or partner:<partnerId>.`,
        ja: `「${wrong}」は支払者ではありません。customer:<tenantId> または partner:<partnerId> と書いてください。`,
      }),
    );
  return {
    period,
    ...(entity && { entityIds: entity.map(billingEntityId) }),
    ...(payer && { payers: payer.map(asPayer) }),
  };
}
