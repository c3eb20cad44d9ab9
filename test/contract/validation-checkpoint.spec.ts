import { describe, expect, it } from '@jest/globals';
import type { ValidationReport } from '../../libs/application/gate/validation-report.js';
import { OrderValidator } from '../../libs/application/gate/order-validator.js';
import { PriceRows } from '../../libs/application/gate/price-rows.js';
import { ChangePartner } from '../../libs/application/partners/partner.commands.js';
import { context, provider, seller } from '../../libs/application/testing/application.js';
import { MemoryProcessCheckpoints } from '../../libs/application/testing/memory-process-checkpoints.js';
import type { PartnerCommand } from '../../libs/domain/partner/partner.decide.js';
import { eventId, partnerId } from '../../libs/domain/shared/ids.js';
import type { LoggedEvent } from '../../libs/event-log/event-log.js';
import { orderOf, place, today, World } from './decision-world.js';
import { ProcessLog } from './process-log.js';
import { lapse, voidsIn, orphan } from './validation-orphans.js';

describe('the order validator’s checkpoint', () => {
  it('is where validation resumes: earlier orders are not judged again', async () => {
    const world = await World.open('none');
    const checkpoints = new MemoryProcessCheckpoints();
    const first = await world.process({ checkpoints });
    await place(first.app, 'order-1');
    await world.settled();
    await world.close({ keepLog: true });
    const kept = await checkpoints.get('standing');
    expect(kept?.position).toBe(await world.log.head());

    const log = await ProcessLog.open(world.log);
    const again = new OrderValidator(log, new PriceRows(log), { checkpoints });
    await again.start();
    expect(again.checkpoint).toBe(kept?.position);
    again.assertFollowing();
    await again.stop();
    await world.close();
  });

  it.each([
    ['of another event', { position: 3, eventId: eventId('00000000-0000-4000-8000-000000000000') }],
    [
      'after the end',
      { position: 9_999, eventId: eventId('00000000-0000-4000-8000-000000000000') },
    ],
  ])(
    'is ignored when it is not of this log (%s): all orders are judged from the beginning',
    async (_what, foreign) => {
      const world = await World.open('none');
      const checkpoints = new MemoryProcessCheckpoints();
      await checkpoints.moveTo('standing', foreign);
      const reports: ValidationReport[] = [];
      const order = await orphan(world, true);
      const { validator } = await world.process({
        checkpoints,
        report: (report) => reports.push(report),
      });
      await world.settled();
      expect(reports[0]).toEqual({ kind: 'standing-log-differs', position: foreign.position });
      expect((await validator!.verdictOn(order, 100))?.type).toBe('OrderVoided');
      await world.close();
      expect((await checkpoints.get('standing'))?.position).toBe(world.head);
    },
  );

  it('is written about once a second, and at the stop', async () => {
    const world = await World.open('none');
    const checkpoints = new MemoryProcessCheckpoints();
    const { app } = await world.process({ checkpoints });
    for (let count = 0; count < 40; count += 1) await place(app, `order-${count}`);
    await world.settled();
    expect(checkpoints.moves.length).toBeLessThan(5);
    await world.close();
    expect(checkpoints.moves.at(-1)?.position).toBe(world.head);
  });

  it('does not stop validation when it cannot be written', async () => {
    const world = await World.open('none');
    const checkpoints = new MemoryProcessCheckpoints();
    checkpoints.moveTo = async () => {
      throw new Error('the database is away');
    };
    const reports: ValidationReport[] = [];
    const { app } = await world.process({ checkpoints, report: (report) => reports.push(report) });
    expect(await place(app, 'order-1')).toMatchObject({ kind: 'committed' });
    await world.close();
    expect(reports).toEqual([expect.objectContaining({ kind: 'standing-checkpoint-not-kept' })]);
  });

  it('is the position through which orders are known to be valid or voided', async () => {
    const world = await World.open('none');
    const { app, validator } = await world.process();
    const placed = await place(app, 'order-1');
    expect(orderOf(placed)).toBeDefined();
    await validator!.reach(placed.position);
    await expect(validator!.reach(placed.position + 1)).rejects.toMatchObject({
      name: 'PositionNotReached',
      head: placed.position,
    });
    await world.close();
  });

  it('is awaited by a read up to its deadline, and the process is ready only after it has reached the end once', async () => {
    const world = await World.open('none');
    await orphan(world, false);
    const log = await ProcessLog.open(world.log);
    let release: () => void = () => undefined;
    const paused = new Promise<void>((resolve) => (release = resolve));
    log.barrier = ({ name }) => (name === 'readStream' ? paused : undefined);
    const process = new OrderValidator(log, new PriceRows(log));
    await process.start();
    await expect(process.reach(world.head, 20)).rejects.toMatchObject({
      name: 'ReadModelBehind',
      position: world.head,
    });
    expect(() => process.assertFollowing()).toThrow(
      expect.objectContaining({ name: 'GateNotReady' }),
    );
    release();
    await process.reach(world.head);
    process.assertFollowing();
    await process.stop();
    await world.close();
  });
});

/**
 * A process that starts after an event with an empty state cache: all streams that it judges by
 * have moved on when it reads them.
 */
async function judgedLate(world: World, last: LoggedEvent): Promise<void> {
  const checkpoints = new MemoryProcessCheckpoints();
  await checkpoints.moveTo('standing', { position: last.position, eventId: last.id });
  const log = await ProcessLog.open(world.log);
  const process = new OrderValidator(log, new PriceRows(log), { checkpoints });
  await process.start();
  await process.reach(world.head);
  await process.stop();
}

describe('an order that is judged late', () => {
  it('is judged by the events before it, not by later ones, in the streams that its decision read', async () => {
    const world = await World.open('none');
    const before = (await world.events()).at(-1)!;
    await orphan(world, false);
    await lapse(await world.process({ isStarted: false }));
    await judgedLate(world, before);
    expect(await voidsIn(world)).toHaveLength(0);
    await world.close();
  });

  it('is judged likewise in other streams, because it was decided on older facts', async () => {
    const world = await World.open('none');
    const changing = await world.process({ isStarted: false });
    const other = partnerId('provider-2');
    const change = (of: typeof seller, what: PartnerCommand) =>
      changing.app.changePartner.execute(new ChangePartner(context(), of, what));
    const start = (
      of: typeof seller,
      fact: Extract<PartnerCommand, { type: 'start-fact' }>['fact'],
    ) => change(of, { type: 'start-fact', fact });
    await change(other, {
      type: 'register-partner',
      legalName: 'Other',
      country: 'JP',
      model: 'indirect-provider',
    });
    await start(other, { kind: 'membership', value: { from: '2020-01-01' } });
    await start(other, {
      kind: 'location',
      value: { partnerLocationId: 'tokyo', country: 'JP', from: '2020-01-01' },
    });
    await start(other, { kind: 'providerAuthorization', value: { from: '2020-01-01' } });
    const before = (await world.events()).at(-1)!;

    // A process decides through the first provider, while the seller moves to the other one.
    const deciding = await world.process({ isStarted: false });
    deciding.log.barrier = async ({ name, moment, append }) => {
      if (name !== 'append' || append?.events[0]?.type !== 'OrderPlaced') return;
      if (moment === 'after') return deciding.log.die();
      await change(seller, {
        type: 'end-fact',
        kind: 'providerRelationship',
        providerId: provider,
        on: today,
        reason: 'moved',
      });
      await start(seller, {
        kind: 'providerRelationship',
        value: { providerId: other, from: today },
      });
    };
    await place(deciding.app, 'order-1').catch(() => undefined);
    await change(other, {
      type: 'end-fact',
      kind: 'providerAuthorization',
      on: today,
      reason: 'ended',
    });
    await judgedLate(world, before);
    expect((await world.events()).some(({ type }) => type === 'OrderPlaced')).toBe(true);
    expect(await voidsIn(world)).toHaveLength(0);
    await world.check();
    await world.close();
  });
});

describe('the reads of the order validator', () => {
  it('are none for streams whose first event was delivered', async () => {
    const world = await World.open('none');
    const { log, app } = await world.process();
    await place(app, 'order-1');
    await world.settled();
    const process = new OrderValidator(log, app.priceRows);
    log.calls.length = 0;
    await process.start();
    await process.reach(world.head);
    expect(log.calls.filter((name) => name === 'readStream')).toEqual([]);
    await process.stop();
    await world.close();
  });

  it('are concurrent for a page of orders, and end before the page', async () => {
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
    log.barrier = async ({ name, moment }) => {
      if (name !== 'readStream') return;
      under += moment === 'before' ? 1 : -1;
      most = Math.max(most, under);
      await new Promise(setImmediate);
    };
    const late = new MemoryProcessCheckpoints();
    await late.moveTo('standing', { position: before.position, eventId: before.id });
    const process = new OrderValidator(log, app.priceRows, { checkpoints: late });
    await process.start();
    await process.reach(world.head);
    // The customer, the program, the seller, its provider and the price list: each once for all
    // five orders.
    expect(log.calls.filter((name) => name === 'readStream')).toHaveLength(5);
    expect(most).toBe(5);
    await process.stop();
    await world.check();
    await world.close();
  });
});
