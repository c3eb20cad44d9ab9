import { afterEach, describe, expect, it } from '@jest/globals';
import type { PartnerCommand } from '../../domain/program/partner.decide.js';
import type { ApplicationCommand } from '../../domain/qualification/application.decide.js';
import { applicationId, type PartnerId, partnerId } from '../../domain/shared/ids.js';
import { partnerStream } from '../../domain/shared/streams.js';
import { MemoryEventLog, type MemoryEventLogOptions } from '../../event-log/memory/memory-event-log.js';
import { openLocalReadModels } from '../../read-models/open-read-models.js';
import { TakeApplicationStep } from '../direct-bill/application.commands.js';
import { TakeApplicationStepHandler } from '../direct-bill/application.handler.js';
import { approvalProcess } from '../direct-bill/approval.process.js';
import { AuthorizationStarts } from '../direct-bill/start-authorization.js';
import { YearlyReCheck } from '../direct-bill/yearly-re-check.process.js';
import { ChangePartner } from '../partners/partner.commands.js';
import { initialiseLog } from '../program/initialise-log.js';
import { ChangeProgram } from '../program/program.commands.js';
import { Records } from '../states/records.js';
import { application, context, KnownKeys } from '../testing/application.js';
import { MemoryProcessCheckpoints } from '../testing/memory-process-checkpoints.js';
import { smallReferenceData } from '../testing/small-reference-data.js';
import { LogClock } from '../time/clock.js';
import type { LogProcess } from './log-process.js';
import { ProcessFollower } from './process-follower.js';
import type { ProcessReport } from './process-report.js';

const TODAY = '2026-11-22';
const kansai = partnerId('kansai');
const provider = partnerId('provider');
const from = '2020-01-01';

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop();
});

/** A log with a clock of its own, several processes on it, and a partner that meets every rule of direct billing. */
async function opened(gate?: MemoryEventLogOptions['gate']) {
  const clock = new LogClock(() => Date.parse(`${TODAY}T09:00:00.000Z`));
  clock.setAt(`${TODAY}T09:00:00.000Z`);
  const log = new MemoryEventLog({ guards: 'atomic', clock: () => clock.now(), ...(gate ? { gate } : {}) });
  await initialiseLog(log, { logId: 'log', clock: 'manual', now: clock.instant(), referenceData: smallReferenceData });
  const { readModels, close } = openLocalReadModels({ log, project: true, report: () => undefined });
  open.push({ stop: close });
  const keys = new KnownKeys();
  const reports: ProcessReport[] = [];

  const another = async () => {
    const app = await application(log, clock, keys);
    const authorizations = new AuthorizationStarts(app.decisions, new Records(log, app.states, clock));
    const steps = new TakeApplicationStepHandler(app.decisions, app.states, readModels, log, clock, authorizations);
    const follow = (process: LogProcess, checkpoints?: MemoryProcessCheckpoints): ProcessFollower => {
      const follower = new ProcessFollower(process, { log, checkpoints, report: (report) => reports.push(report) });
      open.push(follower);
      follower.start();
      return follower;
    };
    return {
      app,
      steps,
      followApprovals: (kept?: MemoryProcessCheckpoints) => follow(approvalProcess(authorizations), kept),
      followDays: (kept?: MemoryProcessCheckpoints) => follow(new YearlyReCheck(log, readModels, app.decisions), kept),
    };
  };
  const first = await another();
  const change = (who: PartnerId, command: PartnerCommand) => first.app.changePartner.execute(new ChangePartner(context(), who, command));
  const tick = async (on: string): Promise<void> => {
    await first.app.changeProgram.execute(new ChangeProgram(context(), { type: 'tick', on }));
    clock.setAt(`${on}T00:00:00.000Z`);
  };
  const authorization = async (): Promise<readonly string[]> => {
    const told: string[] = [];
    for await (const page of log.readStream(partnerStream(kansai))) {
      for (const { type, data } of page) {
        const dated = data as { from?: string; on?: string };
        if (type.startsWith('DirectBill')) told.push(`${type.replace('DirectBillAuthorization', '')} ${dated.from ?? dated.on}`);
      }
    }
    return told;
  };
  return { log, first, another, change, tick, authorization, reports };
}
type Opened = Awaited<ReturnType<typeof opened>>;

async function qualify({ first, change }: Opened, threshold = '0.00'): Promise<void> {
  await first.app.changeProgram.execute(
    new ChangeProgram(context(), { type: 'publish-policy', effectiveFrom: '0001-01-01', changes: { trailingRevenueThreshold: threshold } }),
  );
  const register = { type: 'register-partner', country: 'JP' } as const;
  await change(provider, { ...register, legalName: 'Provider', model: 'indirect-provider' });
  await change(provider, { type: 'start-fact', fact: { kind: 'providerAuthorization', value: { from } } });
  await change(kansai, { ...register, legalName: 'Kansai', model: 'indirect-reseller' });
  const name = { sealed: 1, subject: 'partner:kansai', generation: 1, iv: 'i', box: 'b', mac: 'm' } as const;
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

const id = applicationId('2f1d3a7e-0c3b-5d0e-9a51-1c9b1f6f7a10');
const passed = { billing: 'passed', provisioning: 'passed', customerSupport: 'passed', compliance: 'passed', security: 'passed' } as const;
const road: readonly ApplicationCommand[] = [
  { type: 'submit', partnerId: kansai, details: {} },
  { type: 'confirm-qualification', details: {} },
  { type: 'schedule-interview', details: {} },
  { type: 'assess-capabilities', details: { on: TODAY }, results: passed, assessor: 'Audit KK' },
];
const approve = new TakeApplicationStep(context('approve'), id, { type: 'approve', details: {} });

async function eventually<Value>(read: () => Promise<Value>, expected: unknown): Promise<void> {
  const until = Date.now() + 5_000;
  while (Date.now() < until && JSON.stringify(await read()) !== JSON.stringify(expected)) await new Promise((next) => setTimeout(next, 5));
  expect(await read()).toEqual(expected);
}

/** Fails the next append of an authorization's event, before it or after it. */
function crashing() {
  let armed: 'before-append' | 'after-append' | undefined;
  const gate: MemoryEventLogOptions['gate'] = (moment, { events }) => {
    if (moment !== armed || !events.some(({ type }) => type.startsWith('DirectBillAuthorization'))) return;
    armed = undefined;
    throw new Error('crash');
  };
  const arm = (moment: typeof armed): void => {
    armed = moment;
  };
  return { gate, arm };
}

describe('an approval', () => {
  it.each(['before-append', 'after-append'] as const)('whose handler dies (%s of the authorization) is completed, once', async (moment) => {
    const { gate, arm } = crashing();
    const world = await opened(gate);
    await qualify(world);
    for (const step of road)
      expect(await world.first.steps.execute(new TakeApplicationStep(context(), id, step))).toMatchObject({ kind: 'committed' });
    arm(moment);
    await expect(world.first.steps.execute(approve)).rejects.toThrow('crash');
    const [second, third] = [await world.another(), await world.another()];
    second.followApprovals();
    third.followApprovals(new MemoryProcessCheckpoints());
    await eventually(world.authorization, [`Started ${TODAY}`]);
    expect(await third.steps.execute(approve)).toMatchObject({ kind: 'committed', replayed: true });
    // An operator's word on it is not undone by looking at the approval again.
    await world.change(kansai, { type: 'change-direct-bill', change: 'revocation', on: TODAY, reason: 'x' });
    const fourth = await world.another();
    fourth.followApprovals();
    await fourth.steps.execute(approve);
    expect(await world.authorization()).toEqual([`Started ${TODAY}`, `Revoked ${TODAY}`]);
  });
});

describe('the yearly re-check', () => {
  const ends = ['Restricted 2027-11-22', 'Suspended 2027-12-22', 'Revoked 2028-01-21'];
  const authorized = async (world: Opened): Promise<void> => {
    await qualify(world);
    await world.change(kansai, { type: 'authorize-direct-bill', from: TODAY, evidence: 'letter' });
  };

  it('of several processes at once comes to each effect once, also where days are missed', async () => {
    const world = await opened();
    await authorized(world);
    for (const process of [world.first, await world.another(), await world.another()]) process.followDays();
    await world.tick('2027-12-01');
    await eventually(world.authorization, [`Started ${TODAY}`, ends[0]]);
    await world.tick('2028-12-31');
    await eventually(world.authorization, [`Started ${TODAY}`, ...ends]);
  });

  it.each([
    ['before-append', 'with'],
    ['after-append', 'without'],
  ] as const)('goes on after a crash (%s), %s a checkpoint', async (moment, kept) => {
    const { gate, arm } = crashing();
    const world = await opened(gate);
    await authorized(world);
    const checkpoints = kept === 'with' ? new MemoryProcessCheckpoints() : undefined;
    const follower = world.first.followDays(checkpoints);
    await world.tick('2027-11-21');
    arm(moment);
    await world.tick('2028-01-20');
    await eventually(world.authorization, [`Started ${TODAY}`, ...ends.slice(0, 2)]);
    expect(world.reports.map(({ kind }) => kind)).toEqual(['process-failed', 'process-resumed']);
    await follower.stop();
    await world.tick('2028-02-01');
    (await world.another()).followDays(checkpoints);
    await eventually(world.authorization, [`Started ${TODAY}`, ...ends]);
  });

  it('finds its own restriction behind the days that had been taken in one tick', async () => {
    let away = true;
    const world = await opened((_moment, { events }) => {
      if (away && events.some(({ type }) => type === 'DirectBillAuthorizationSuspended')) throw new Error('away');
    });
    await authorized(world);
    const checkpoints = new MemoryProcessCheckpoints();
    const follower = world.first.followDays();
    await world.tick('2028-02-01');
    await eventually(async () => world.reports.length > 0, true);
    await follower.stop();
    expect(await world.authorization()).toEqual([`Started ${TODAY}`, ends[0]]);
    // It died on a day between the restriction and the suspension; all of these days lie before the restriction in the log.
    const [position] = await daysOf(world, '2027-12-10');
    await checkpoints.moveTo('direct-bill-re-check', position!);
    away = false;
    (await world.another()).followDays(checkpoints);
    await eventually(world.authorization, [`Started ${TODAY}`, ...ends]);
  });

  it('leaves alone who meets the rules on the day, judged by what was known when it began', async () => {
    const world = await opened();
    await authorized(world);
    await world.first.app.changeProgram.execute(
      new ChangeProgram(context(), { type: 'publish-policy', effectiveFrom: '0001-01-01', changes: { assessmentValidMonths: 24 } }),
    );
    for (const step of road) await world.first.steps.execute(new TakeApplicationStep(context(), id, step));
    await world.tick('2028-02-01');
    await world.first.app.changeProgram.execute(
      new ChangeProgram(context(), { type: 'publish-policy', effectiveFrom: '0001-01-01', changes: { trailingRevenueThreshold: '1.00' } }),
    );
    const checkpoints = new MemoryProcessCheckpoints();
    world.first.followDays(checkpoints);
    await eventually(async () => checkpoints.moves.at(-1)?.position, await world.log.head());
    expect(await world.authorization()).toEqual([`Started ${TODAY}`]);
    await world.tick('2028-11-22');
    await eventually(world.authorization, [`Started ${TODAY}`, 'Restricted 2028-11-22']);
  });
});

async function daysOf({ log }: Opened, date: string) {
  for await (const { events } of log.readAll({ after: -1, types: ['DayStarted'] })) {
    return events
      .filter(({ data }) => (data as { date: string }).date === date)
      .map(({ position, id: eventId }) => ({ position, eventId }));
  }
  return [];
}
