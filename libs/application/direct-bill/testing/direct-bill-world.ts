import { expect } from '@jest/globals';
import type { PartnerCommand } from '../../../domain/partner/partner.decide.js';
import type { ApplicationCommand } from '../../../domain/direct-bill/application.decide.js';
import { applicationId, type PartnerId, partnerId } from '../../../domain/shared/ids.js';
import { partnerStream } from '../../../domain/shared/streams.js';
import {
  MemoryEventLog,
  type MemoryEventLogOptions,
} from '../../../event-log/memory/memory-event-log.js';
import { openLocalReadModels } from '../../../read-models/composition/open-read-models.js';
import { TakeApplicationStepHandler } from '../application.handler.js';
import { approvalProcess } from '../authorization-start.js';
import { AuthorizationStarts } from '../authorization-start.js';
import { YearlyReCheck } from '../yearly-re-check.process.js';
import { GuardedCommit } from '../../engine/commands/guarded-commit.js';
import { EligibilityChecks } from '../../orders/eligibility-check.js';
import { ChangePartner } from '../../partners/partner.commands.js';
import { DayScheduler } from '../../days/day-scheduler.js';
import { initialiseLog } from '../../program/initialise-log.js';
import { ChangeProgram } from '../../program/program.commands.js';
import { EligibilityReads } from '../../qualification/eligibility-reads.js';
import { PartnerReads } from '../../qualification/partner-reads.js';
import { ProgramHistory } from '../../records/program-history.js';
import { Records } from '../../records/records.js';
import { application, context, KnownKeys } from '../../testing/application.js';
import type { MemoryProcessCheckpoints } from '../../testing/memory-process-checkpoints.js';
import { smallReferenceData } from '../../testing/small-reference-data.js';
import { LogClock } from '../../engine/time/clock.js';
import { DayEffects } from '../../days/day-effects.js';
import type { LogProcess } from '../../engine/processes/log-process.js';
import { ProcessFollower } from '../../engine/processes/process-follower.js';
import type { ProcessReport } from '../../engine/processes/log-process.js';

export const TODAY = '2026-11-22';
export const kansai = partnerId('kansai');
const provider = partnerId('provider');
const from = '2020-01-01';

const open: { stop(): Promise<void> }[] = [];
/** Call this after each test. */
export async function stopAll(): Promise<void> {
  for (const one of open.splice(0).reverse()) await one.stop();
}

export interface WorldOptions {
  readonly gate?: MemoryEventLogOptions['barrier'];
  /** The test moves the clock in both cases. With `system`, only the scheduler starts days. */
  readonly clock?: 'manual' | 'system';
  /** How long a command waits for the effects of a day. */
  readonly settledWithinMs?: number;
}

/**
 * A log with its own clock, several processes on it, and a partner that meets every rule of direct
 * billing.
 */
export async function opened({ gate, clock: kind = 'manual', settledWithinMs }: WorldOptions = {}) {
  let nowMs = Date.parse(`${TODAY}T09:00:00.000Z`);
  const clock = new LogClock(() => nowMs);
  const setNow = (instant: string): void => {
    nowMs = Date.parse(instant);
    if (kind === 'manual') clock.setAt(instant);
  };
  setNow(`${TODAY}T09:00:00.000Z`);
  const log = new MemoryEventLog({
    guards: 'atomic',
    clock: () => clock.now(),
    ...(gate ? { barrier: gate } : {}),
  });
  await initialiseLog(log, {
    logId: 'log',
    clock: kind,
    now: clock.instant(),
    referenceData: smallReferenceData,
  });
  const { readModels, close } = openLocalReadModels({
    log,
    project: true,
    report: () => undefined,
  });
  open.push({ stop: close });
  const keys = new KnownKeys();
  const reports: ProcessReport[] = [];

  const another = async (checkpoints?: MemoryProcessCheckpoints) => {
    let asked = 0;
    const report = (one: ProcessReport): void => {
      reports.push(one);
    };
    const app = await application(
      log,
      clock,
      keys,
      new GuardedCommit(log),
      ({ states, decisions, changeProgram }) => {
        const reCheck = new YearlyReCheck(log, readModels, decisions);
        const follower = new ProcessFollower(reCheck, { log, checkpoints, report });
        const scheduler = new DayScheduler({ program: changeProgram, states, clock, report });
        open.push(follower);
        const followDays = (): void => {
          asked += 1;
          follower.start();
        };
        const startDays = () => scheduler.startNow();
        return new DayEffects({
          states,
          clock,
          log,
          days: reCheck,
          startDays,
          followDays,
          settledWithinMs,
        });
      },
    );
    const { states, priceRows, days } = app;
    const history = new ProgramHistory(log);
    const authorizations = new AuthorizationStarts(app.decisions, new Records(log, states, clock));
    const follow = (process: LogProcess, kept?: MemoryProcessCheckpoints): ProcessFollower => {
      const follower = new ProcessFollower(process, { log, checkpoints: kept, report });
      open.push(follower);
      follower.start();
      return follower;
    };
    return {
      app,
      steps: new TakeApplicationStepHandler(
        app.decisions,
        states,
        readModels,
        log,
        clock,
        authorizations,
        days,
      ),
      checks: new EligibilityChecks(log, states, priceRows, clock, history, days),
      eligibility: new EligibilityReads(readModels, history, clock, days),
      partners: new PartnerReads(readModels, history, clock, days),
      /** How many requests have had to wait. */
      waits: () => asked,
      followApprovals: (kept?: MemoryProcessCheckpoints) =>
        follow(approvalProcess(authorizations), kept),
      followDays: (kept?: MemoryProcessCheckpoints) =>
        follow(new YearlyReCheck(log, readModels, app.decisions), kept),
    };
  };
  const first = await another();
  const change = (who: PartnerId, command: PartnerCommand) =>
    first.app.changePartner.execute(new ChangePartner(context(), who, command));
  const tick = async (on: string): Promise<void> => {
    await first.app.changeProgram.execute(new ChangeProgram(context(), { type: 'tick', on }));
    clock.setAt(`${on}T00:00:00.000Z`);
  };
  const authorization = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const page of log.readStream(partnerStream(kansai))) {
      for (const { type, data } of page) {
        const dated = data as { from?: string; on?: string };
        if (type.startsWith('DirectBill'))
          found.push(`${type.replace('DirectBillAuthorization', '')} ${dated.from ?? dated.on}`);
      }
    }
    return found;
  };
  return { log, first, another, change, tick, setNow, authorization, reports };
}
export type Opened = Awaited<ReturnType<typeof opened>>;

export async function qualify({ first, change }: Opened, threshold = '0.00'): Promise<void> {
  await first.app.changeProgram.execute(
    new ChangeProgram(context(), {
      type: 'publish-policy',
      effectiveFrom: '0001-01-01',
      changes: { trailingRevenueThreshold: threshold },
    }),
  );
  const register = { type: 'register-partner', country: 'JP' } as const;
  await change(provider, { ...register, legalName: 'Provider', model: 'indirect-provider' });
  await change(provider, {
    type: 'start-fact',
    fact: { kind: 'providerAuthorization', value: { from } },
  });
  await change(kansai, { ...register, legalName: 'Kansai', model: 'indirect-reseller' });
  const name = {
    sealed: 1,
    subject: 'partner:kansai',
    generation: 1,
    iv: 'i',
    box: 'b',
    mac: 'm',
  } as const;
  for (const fact of [
    { kind: 'membership', value: { from } },
    { kind: 'location', value: { partnerLocationId: 'osaka', country: 'JP' } },
    { kind: 'providerRelationship', value: { providerId: provider, from } },
    { kind: 'supportPlan', value: { plan: 'premier', from } },
    { kind: 'service', value: { kind: 'ip-service', name: 'monitoring', from } },
    { kind: 'signingAuthority', value: { name, title: 'CEO', from } },
  ] as const)
    await change(kansai, { type: 'start-fact', fact });
}

export const id = applicationId('2f1d3a7e-0c3b-5d0e-9a51-1c9b1f6f7a10');
const passed = {
  billing: 'passed',
  provisioning: 'passed',
  customerSupport: 'passed',
  compliance: 'passed',
  security: 'passed',
} as const;
export const road: readonly ApplicationCommand[] = [
  { type: 'submit', partnerId: kansai, details: {} },
  { type: 'confirm-qualification', details: {} },
  { type: 'schedule-interview', details: {} },
  { type: 'assess-capabilities', details: { on: TODAY }, results: passed, assessor: 'Audit KK' },
];

export async function eventually<Value>(
  read: () => Promise<Value>,
  expected: unknown,
): Promise<void> {
  const until = Date.now() + 5_000;
  while (Date.now() < until && JSON.stringify(await read()) !== JSON.stringify(expected))
    await new Promise((next) => setTimeout(next, 5));
  expect(await read()).toEqual(expected);
}
