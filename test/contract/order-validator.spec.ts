import { describe, expect, it } from '@jest/globals';
import { ChangeCustomer } from '../../libs/application/customers/customer.commands.js';
import type { ValidationReport } from '../../libs/application/gate/validation-report.js';
import { OrderValidator } from '../../libs/application/gate/order-validator.js';
import { PriceRows } from '../../libs/application/gate/price-rows.js';
import { context, tenant } from '../../libs/application/testing/application.js';
import { MemoryProcessCheckpoints } from '../../libs/application/testing/memory-process-checkpoints.js';
import type { OrderDecided } from '../../libs/domain/customer/customer.js';
import { streamName } from '../../libs/domain/shared/ids.js';
import { programStream } from '../../libs/domain/shared/streams.js';
import { targetStream, place, World } from './decision-world.js';
import { everySchedule } from './schedules.js';
import { ProcessLog } from './process-log.js';
import { lapse, voidsIn, raw, orphan, until } from './validation-orphans.js';

describe('the order validator', () => {
  it('validates an order whose handler died: voids it once if it is invalid, leaves it alone if it is valid', async () => {
    for (const stale of [true, false]) {
      const world = await World.open('none');
      await world.process();
      await orphan(world, stale);
      await world.check();
      expect(await voidsIn(world)).toHaveLength(stale ? 1 : 0);
      await world.close();
    }
  });

  it('voids once when several processes do it at once, in every interleaving with other appends', async () => {
    const count = await everySchedule(async (schedule) => {
      const world = await World.open('none');
      await orphan(world, true);
      const logs = [await ProcessLog.open(world.log), await ProcessLog.open(world.log)];
      const changing = await world.process({ isStarted: false });
      for (const [index, log] of [...logs, changing.log].entries()) {
        log.barrier = ({ name, moment, stream }) =>
          moment === 'before' &&
          stream === targetStream &&
          (name === 'append' || name === 'readStream')
            ? schedule.step(`${index}: ${name}`)
            : undefined;
      }
      const judging = logs.map((log) => new OrderValidator(log, new PriceRows(log)));
      for (const process of judging) await process.start();
      const rename = {
        type: 'register-customer',
        legalName: 'Kobe Foods K.K.',
        country: 'JP',
      } as const;
      const change = changing.app.changeCustomer.execute(
        new ChangeCustomer(context(), tenant, rename),
      );
      await schedule.drive(
        Promise.all([
          change,
          ...judging.map((process) => until(() => process.checkpoint >= world.head - 1)),
        ]),
      );
      expect(await voidsIn(world)).toHaveLength(1);
      await Promise.all(judging.map((process) => process.stop()));
      await world.close();
    }, 4_000);
    expect(count).toBeGreaterThan(10);
  }, 60_000);

  it('does not void again an order that another release voided with other texts', async () => {
    const world = await World.open('none');
    const order = await orphan(world, true);
    const { orderId, decision } = order.data as OrderDecided;
    await raw(world, targetStream, 'OrderVoided', {
      orderId,
      decision: { ...decision, outcome: 'refused' },
    });
    const { validator } = await world.process();
    await world.settled();
    expect(await voidsIn(world)).toHaveLength(1);
    expect(await validator!.verdictOn(order, 100)).toMatchObject({ metadata: { actor: 'test' } });
    await world.close();
  });

  it('reports an unavailable store, waits for it, and resumes directly after the last validated event', async () => {
    const world = await World.open('none');
    const reports: ValidationReport[] = [];
    const { log, validator } = await world.process({
      report: (report) => reports.push(report),
    });
    await world.settled();
    const before = validator!.checkpoint;
    log.away = true;
    await orphan(world, true);
    await until(() => reports.some(({ kind }) => kind === 'standing-failed'));
    expect(validator!.checkpoint).toBe(before);
    log.away = false;
    await world.check();
    expect(await voidsIn(world)).toHaveLength(1);
    expect(reports.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['standing-failed', 'standing-resumed']),
    );
    await world.close();
  });

  it('stops at an event that this build does not know, after validating all before it, and commands are refused', async () => {
    const world = await World.open('none');
    const reports: ValidationReport[] = [];
    const { app, validator } = await world.process({
      report: (report) => reports.push(report),
    });
    await world.settled();
    const before = validator!.checkpoint;
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
    expect(validator!.checkpoint).toBe(before);
    expect(() => validator!.assertFollowing()).toThrow(
      expect.objectContaining({ name: 'UnknownEvent' }),
    );
    await expect(place(app, 'order-1')).rejects.toMatchObject({ name: 'UnknownEvent' });
    await expect(lapse({ app })).rejects.toMatchObject({ name: 'UnknownEvent' });
    expect((await world.log.head()) - unknown.position).toBe(0);
    await world.close();
  });

  it('stops at an order under a ruleset that this build does not know, and answers waiting requests that the outcome is unknown', async () => {
    const world = await World.open('none');
    const { app, log, validator } = await world.process();
    await place(app, 'warm');
    log.lags = true;
    await raw(world, programStream, 'RulesetActivated', { ruleset: '2199-01' });
    await expect(place(app, 'order-1')).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    expect(() => validator!.assertCanJudge()).toThrow(
      expect.objectContaining({ name: 'UnknownRuleset', ruleset: '2199-01' }),
    );
    await world.close();
  });

  it("returns the verdict on an order in the log's order, or fails at the deadline", async () => {
    const world = await World.open('none');
    const { log, validator } = await world.process();
    await world.settled();
    log.away = true;
    const order = await orphan(world, false);
    await expect(validator!.verdictOn(order, 20)).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    const waiting = validator!.verdictOn(order, 10_000);
    log.away = false;
    expect(await waiting).toBeUndefined();
    await world.close();
  });

  it.each([true, false])(
    'reads from its stream the outcome of an order before its start; voided: %s',
    async (stale) => {
      const world = await World.open('none');
      const checkpoints = new MemoryProcessCheckpoints();
      await world.process({ checkpoints });
      const order = await orphan(world, stale);
      await world.check();
      await world.close({ keepLog: true });

      const { log, validator } = await world.process({ checkpoints });
      log.calls.length = 0;
      const verdict = await validator!.verdictOn(order, 100);
      expect(verdict?.type).toBe(stale ? 'OrderVoided' : undefined);
      expect(log.calls).toEqual(['readStream']);
      await world.close();
    },
  );
});
