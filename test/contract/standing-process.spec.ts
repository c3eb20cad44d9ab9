import { describe, expect, it } from '@jest/globals';
import { ChangeCustomer } from '../../libs/application/customers/customer.commands.js';
import type { StandingReport } from '../../libs/application/gate/standing-report.js';
import { StandingProcess } from '../../libs/application/gate/standing-process.js';
import { PriceRows } from '../../libs/application/gate/price-rows.js';
import { ChangePartner } from '../../libs/application/partners/partner.commands.js';
import { type Application, context, provider, seller, tenant } from '../../libs/application/testing/application.js';
import { MemoryProcessCheckpoints } from '../../libs/application/testing/memory-process-checkpoints.js';
import type { OrderDecided } from '../../libs/domain/customer/customer.js';
import type { PartnerCommand } from '../../libs/domain/program/partner.decide.js';
import { eventId, partnerId, type StreamName, streamName } from '../../libs/domain/shared/ids.js';
import { programStream } from '../../libs/domain/shared/streams.js';
import type { Append, LoggedEvent } from '../../libs/event-log/event-log.js';
import { newEventId, randomCommandId } from '../../libs/event-log/identity.js';
import { home, orderOf, place, today, World } from './decision-world.js';
import { everySchedule } from './every-schedule.js';
import { ProcessLog } from './process-log.js';

const lapse = ({ app }: { readonly app: Application }) =>
  app.changePartner.execute(new ChangePartner(context(), seller, { type: 'end-fact', kind: 'membership', on: today, reason: 'lapsed' }));

/** Appends as a process would that died before it looked at what came of it. */
async function raw(world: World, stream: StreamName, type: string, data: unknown, version = 1): Promise<LoggedEvent> {
  const commandId = randomCommandId();
  const event: Append['events'][number] = {
    id: newEventId({ commandId, index: 0, stream, type, version, data }),
    type,
    version,
    data,
    metadata: { commandId, index: 0, actor: 'test', correlationId: 'test' },
  };
  const { events } = await world.log.append({ stream, expectedRevision: await world.log.revisionOf(stream), events: [event] });
  return events[0]!;
}

/** An accepted order of which only the log knows, and what it is voided for if `stale`. */
async function orphan(world: World, stale: boolean): Promise<LoggedEvent> {
  const other = await world.process();
  other.log.gate = async ({ name, moment, append }) => {
    if (name !== 'append' || append?.events[0]?.type !== 'OrderPlaced') return;
    if (moment === 'before' && stale) await lapse(await world.process({ isStarted: false }));
    if (moment === 'after') other.log.die();
  };
  other.log.lags = stale;
  await place(other.app, 'orphan').catch(() => undefined);
  const placed = (await world.events()).findLast(({ type }) => type === 'OrderPlaced');
  return placed!;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 2_000; turn += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error('it did not come to pass');
}

const voidsIn = async (world: World) => (await world.events()).filter(({ type }) => type === 'OrderVoided');

describe('the standing process', () => {
  it('makes sure of an order whose handler died: voided once if it does not stand, left alone if it does', async () => {
    for (const stale of [true, false]) {
      const world = await World.open('none');
      await world.process();
      await orphan(world, stale);
      await world.check();
      expect(await voidsIn(world)).toHaveLength(stale ? 1 : 0);
      await world.close();
    }
  });

  it('voids once however many processes do it at once, whatever else is appended: every interleaving', async () => {
    const count = await everySchedule(async (schedule) => {
      const world = await World.open('none');
      await orphan(world, true);
      const logs = [await ProcessLog.open(world.log), await ProcessLog.open(world.log)];
      const changing = await world.process({ isStarted: false });
      for (const [index, log] of [...logs, changing.log].entries()) {
        log.gate = ({ name, moment, stream }) =>
          moment === 'before' && stream === home && (name === 'append' || name === 'readStream')
            ? schedule.step(`${index}: ${name}`)
            : undefined;
      }
      const judging = logs.map((log) => new StandingProcess(log, new PriceRows(log)));
      for (const process of judging) await process.start();
      const rename = { type: 'register-customer', legalName: 'Kobe Foods K.K.', country: 'JP' } as const;
      const change = changing.app.changeCustomer.execute(new ChangeCustomer(context(), tenant, rename));
      await schedule.drive(Promise.all([change, ...judging.map((process) => until(() => process.checkpoint >= world.head - 1))]));
      expect(await voidsIn(world)).toHaveLength(1);
      await Promise.all(judging.map((process) => process.stop()));
      await world.close();
    }, 4_000);
    expect(count).toBeGreaterThan(10);
  }, 60_000);

  it('does not void again what another release has voided with other words', async () => {
    const world = await World.open('none');
    const order = await orphan(world, true);
    const { orderId, decision } = order.data as OrderDecided;
    await raw(world, home, 'OrderVoided', { orderId, decision: { ...decision, outcome: 'refused' } });
    const { standing } = await world.process();
    await world.settled();
    expect(await voidsIn(world)).toHaveLength(1);
    expect(await standing!.verdictOn(order, 100)).toMatchObject({ metadata: { actor: 'test' } });
    await world.close();
  });

  it('waits for a store that is away, says so, and goes on exactly behind what it has judged', async () => {
    const world = await World.open('none');
    const reports: StandingReport[] = [];
    const { log, standing } = await world.process({ report: (report) => reports.push(report) });
    await world.settled();
    const before = standing!.checkpoint;
    log.away = true;
    await orphan(world, true);
    await until(() => reports.some(({ kind }) => kind === 'standing-failed'));
    expect(standing!.checkpoint).toBe(before);
    log.away = false;
    await world.check();
    expect(await voidsIn(world)).toHaveLength(1);
    expect(reports.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['standing-failed', 'standing-resumed']));
    await world.close();
  });

  it('is stopped by an event that this build does not know, loudly and behind all before it; commands are refused', async () => {
    const world = await World.open('none');
    const reports: StandingReport[] = [];
    const { app, standing } = await world.process({ report: (report) => reports.push(report) });
    await world.settled();
    const before = standing!.checkpoint;
    const unknown = await raw(world, streamName('subscription-1'), 'SubscriptionImagined', {});
    await until(() => reports.length > 0);
    expect(reports).toEqual([
      {
        kind: 'standing-stopped',
        position: unknown.position,
        eventId: unknown.id,
        reason: expect.stringContaining('SubscriptionImagined'),
      },
    ]);
    expect(standing!.checkpoint).toBe(before);
    expect(() => standing!.assertFollowing()).toThrow(expect.objectContaining({ name: 'UnknownEvent' }));
    await expect(place(app, 'order-1')).rejects.toMatchObject({ name: 'UnknownEvent' });
    await expect(lapse({ app })).rejects.toMatchObject({ name: 'UnknownEvent' });
    expect((await world.log.head()) - unknown.position).toBe(0);
    await world.close();
  });

  it('is stopped by an order under a ruleset that this build does not know, and tells who waits that the outcome is unknown', async () => {
    const world = await World.open('none');
    const { app, log, standing } = await world.process();
    await place(app, 'warm');
    log.lags = true;
    await raw(world, programStream, 'RulesetActivated', { ruleset: '2199-01' });
    await expect(place(app, 'order-1')).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    expect(() => standing!.assertCanJudge()).toThrow(expect.objectContaining({ name: 'UnknownRuleset', ruleset: '2199-01' }));
    await world.close();
  });

  it('answers for an order in its turn, or not within the deadline', async () => {
    const world = await World.open('none');
    const { log, standing } = await world.process();
    await world.settled();
    log.away = true;
    const order = await orphan(world, false);
    await expect(standing!.verdictOn(order, 20)).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    const waiting = standing!.verdictOn(order, 10_000);
    log.away = false;
    expect(await waiting).toBeUndefined();
    await world.close();
  });

  it.each([true, false])('reads from its stream what became of an order before its start; voided: %s', async (stale) => {
    const world = await World.open('none');
    const checkpoints = new MemoryProcessCheckpoints();
    await world.process({ checkpoints });
    const order = await orphan(world, stale);
    await world.check();
    await world.close({ keepLog: true });

    const { log, standing } = await world.process({ checkpoints });
    log.calls.length = 0;
    const verdict = await standing!.verdictOn(order, 100);
    expect(verdict?.type).toBe(stale ? 'OrderVoided' : undefined);
    expect(log.calls).toEqual(['readStream']);
    await world.close();
  });
});

describe('the standing process’s checkpoint', () => {
  it('is where it goes on: what lies before is not judged again', async () => {
    const world = await World.open('none');
    const checkpoints = new MemoryProcessCheckpoints();
    const first = await world.process({ checkpoints });
    await place(first.app, 'order-1');
    await world.settled();
    await world.close({ keepLog: true });
    const kept = await checkpoints.get('standing');
    expect(kept?.position).toBe(await world.log.head());

    const log = await ProcessLog.open(world.log);
    const again = new StandingProcess(log, new PriceRows(log), { checkpoints });
    await again.start();
    expect(again.checkpoint).toBe(kept?.position);
    again.assertFollowing();
    await again.stop();
    await world.close();
  });

  it.each([
    ['of another event', { position: 3, eventId: eventId('00000000-0000-4000-8000-000000000000') }],
    ['behind the end', { position: 9_999, eventId: eventId('00000000-0000-4000-8000-000000000000') }],
  ])('that is not of this log (%s) is forgotten: everything is judged from the beginning', async (_what, foreign) => {
    const world = await World.open('none');
    const checkpoints = new MemoryProcessCheckpoints();
    await checkpoints.moveTo('standing', foreign);
    const reports: StandingReport[] = [];
    const order = await orphan(world, true);
    const { standing } = await world.process({ checkpoints, report: (report) => reports.push(report) });
    await world.settled();
    expect(reports[0]).toEqual({ kind: 'standing-log-differs', position: foreign.position });
    expect((await standing!.verdictOn(order, 100))?.type).toBe('OrderVoided');
    await world.close();
    expect((await checkpoints.get('standing'))?.position).toBe(world.head);
  });

  it('is written about once a second, and when it stops', async () => {
    const world = await World.open('none');
    const checkpoints = new MemoryProcessCheckpoints();
    const { app } = await world.process({ checkpoints });
    for (let count = 0; count < 40; count += 1) await place(app, `order-${count}`);
    await world.settled();
    expect(checkpoints.moves.length).toBeLessThan(5);
    await world.close();
    expect(checkpoints.moves.at(-1)?.position).toBe(world.head);
  });

  it('that cannot be written keeps nothing from being judged', async () => {
    const world = await World.open('none');
    const checkpoints = new MemoryProcessCheckpoints();
    checkpoints.moveTo = async () => {
      throw new Error('the database is away');
    };
    const reports: StandingReport[] = [];
    const { app } = await world.process({ checkpoints, report: (report) => reports.push(report) });
    expect(await place(app, 'order-1')).toMatchObject({ kind: 'committed' });
    await world.close();
    expect(reports).toEqual([expect.objectContaining({ kind: 'standing-checkpoint-not-kept' })]);
  });

  it('tells how far it is known which orders stand', async () => {
    const world = await World.open('none');
    const { app, standing } = await world.process();
    const placed = await place(app, 'order-1');
    expect(orderOf(placed)).toBeDefined();
    await standing!.reach(placed.position);
    await expect(standing!.reach(placed.position + 1)).rejects.toMatchObject({ name: 'PositionNotReached', head: placed.position });
    await world.close();
  });

  it('is waited for by a read up to its deadline, and the process is not ready before it has got to the end once', async () => {
    const world = await World.open('none');
    await orphan(world, false);
    const log = await ProcessLog.open(world.log);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    log.gate = ({ name }) => (name === 'readStream' ? held : undefined);
    const process = new StandingProcess(log, new PriceRows(log));
    await process.start();
    await expect(process.reach(world.head, 20)).rejects.toMatchObject({ name: 'ReadModelBehind', position: world.head });
    expect(() => process.assertFollowing()).toThrow(expect.objectContaining({ name: 'GateNotReady' }));
    release();
    await process.reach(world.head);
    process.assertFollowing();
    await process.stop();
    await world.close();
  });
});

/** A process that starts behind an event and holds nothing: all that it judges on has moved on when it reads it. */
async function judgedLate(world: World, behind: LoggedEvent): Promise<void> {
  const checkpoints = new MemoryProcessCheckpoints();
  await checkpoints.moveTo('standing', { position: behind.position, eventId: behind.id });
  const log = await ProcessLog.open(world.log);
  const process = new StandingProcess(log, new PriceRows(log), { checkpoints });
  await process.start();
  await process.reach(world.head);
  await process.stop();
}

describe('what is judged late', () => {
  it('is judged on what preceded it, not on what has come since: in the streams that its decision looked at', async () => {
    const world = await World.open('none');
    const before = (await world.events()).at(-1)!;
    await orphan(world, false);
    await lapse(await world.process({ isStarted: false }));
    await judgedLate(world, before);
    expect(await voidsIn(world)).toHaveLength(0);
    await world.close();
  });

  it('and in those that it did not look at, because it was decided on older facts', async () => {
    const world = await World.open('none');
    const changing = await world.process({ isStarted: false });
    const other = partnerId('provider-2');
    const change = (of: typeof seller, what: PartnerCommand) => changing.app.changePartner.execute(new ChangePartner(context(), of, what));
    const start = (of: typeof seller, fact: Extract<PartnerCommand, { type: 'start-fact' }>['fact']) =>
      change(of, { type: 'start-fact', fact });
    await change(other, { type: 'register-partner', legalName: 'Other', country: 'JP', model: 'indirect-provider' });
    await start(other, { kind: 'membership', value: { from: '2020-01-01' } });
    await start(other, { kind: 'location', value: { partnerLocationId: 'tokyo', country: 'JP', from: '2020-01-01' } });
    await start(other, { kind: 'providerAuthorization', value: { from: '2020-01-01' } });
    const before = (await world.events()).at(-1)!;

    // A process decides through the first provider, while the seller moves to the other one.
    const deciding = await world.process({ isStarted: false });
    deciding.log.gate = async ({ name, moment, append }) => {
      if (name !== 'append' || append?.events[0]?.type !== 'OrderPlaced') return;
      if (moment === 'after') return deciding.log.die();
      await change(seller, { type: 'end-fact', kind: 'providerRelationship', providerId: provider, on: today, reason: 'moved' });
      await start(seller, { kind: 'providerRelationship', value: { providerId: other, from: today } });
    };
    await place(deciding.app, 'order-1').catch(() => undefined);
    await change(other, { type: 'end-fact', kind: 'providerAuthorization', on: today, reason: 'ended' });
    await judgedLate(world, before);
    expect((await world.events()).some(({ type }) => type === 'OrderPlaced')).toBe(true);
    expect(await voidsIn(world)).toHaveLength(0);
    await world.check();
    await world.close();
  });
});

describe('what the standing process reads', () => {
  it('is nothing for streams whose first event passed by', async () => {
    const world = await World.open('none');
    const { log, app } = await world.process();
    await place(app, 'order-1');
    await world.settled();
    const process = new StandingProcess(log, app.priceRows);
    log.calls.length = 0;
    await process.start();
    await process.reach(world.head);
    expect(log.calls.filter((name) => name === 'readStream')).toEqual([]);
    await process.stop();
    await world.close();
  });

  it('is read side by side for a page of orders, and only as it stood before the page', async () => {
    const world = await World.open('none');
    const checkpoints = new MemoryProcessCheckpoints();
    const { app } = await world.process({ checkpoints });
    await world.settled();
    const events = await world.events();
    const before = events.at(-1)!;
    for (let count = 0; count < 5; count += 1) await place(app, `order-${count}`);
    await world.settled();

    const log = await ProcessLog.open(world.log);
    let under = 0;
    let most = 0;
    log.gate = async ({ name, moment }) => {
      if (name !== 'readStream') return;
      under += moment === 'before' ? 1 : -1;
      most = Math.max(most, under);
      await new Promise(setImmediate);
    };
    const late = new MemoryProcessCheckpoints();
    await late.moveTo('standing', { position: before.position, eventId: before.id });
    const process = new StandingProcess(log, app.priceRows, { checkpoints: late });
    await process.start();
    await process.reach(world.head);
    // The home, the program, the seller, its provider and the price list: each once for all five orders.
    expect(log.calls.filter((name) => name === 'readStream')).toHaveLength(5);
    expect(most).toBe(5);
    await process.stop();
    await world.check();
    await world.close();
  });
});
