import { afterEach, describe, expect, it } from '@jest/globals';
import type { MemoryEventLogOptions } from '../../event-log/memory/memory-event-log.js';
import { TakeApplicationStep } from './application.commands.js';
import { ChangeProgram } from '../program/program.commands.js';
import { context } from '../testing/application.js';
import { MemoryProcessCheckpoints } from '../testing/memory-process-checkpoints.js';
import {
  eventually,
  id,
  kansai,
  type Opened,
  opened,
  qualify,
  road,
  stopAll,
  TODAY,
} from './testing/direct-bill-world.js';

afterEach(stopAll);

const approve = new TakeApplicationStep(context('approve'), id, { type: 'approve', details: {} });

/**
 * A barrier that fails the next append of an authorization event, before or after the event is in
 * the log.
 */
function crashing() {
  let armed: 'before-append' | 'after-append' | undefined;
  const gate: MemoryEventLogOptions['barrier'] = (moment, { events }) => {
    if (moment !== armed || !events.some(({ type }) => type.startsWith('DirectBillAuthorization')))
      return;
    armed = undefined;
    throw new Error('crash');
  };
  const arm = (moment: typeof armed): void => {
    armed = moment;
  };
  return { gate, arm };
}

describe('an approval', () => {
  it.each(['before-append', 'after-append'] as const)(
    'is completed once by other processes when its handler dies %s of the authorization',
    async (moment) => {
      const { gate, arm } = crashing();
      const world = await opened({ gate });
      await qualify(world);
      for (const step of road)
        expect(
          await world.first.steps.execute(new TakeApplicationStep(context(), id, step)),
        ).toMatchObject({ kind: 'committed' });
      arm(moment);
      await expect(world.first.steps.execute(approve)).rejects.toThrow('crash');
      const [second, third] = [await world.another(), await world.another()];
      second.followApprovals();
      third.followApprovals(new MemoryProcessCheckpoints());
      await eventually(world.authorization, [`Started ${TODAY}`]);
      expect(await third.steps.execute(approve)).toMatchObject({
        kind: 'committed',
        replayed: true,
      });
      // Processing the approval again must not undo what an operator decided later.
      await world.change(kansai, {
        type: 'change-direct-bill',
        change: 'revocation',
        on: TODAY,
        reason: 'x',
      });
      const fourth = await world.another();
      fourth.followApprovals();
      await fourth.steps.execute(approve);
      expect(await world.authorization()).toEqual([`Started ${TODAY}`, `Revoked ${TODAY}`]);
    },
  );
});

describe('the yearly re-check', () => {
  const ends = ['Restricted 2027-11-22', 'Suspended 2027-12-22', 'Revoked 2028-01-21'];
  const authorized = async (world: Opened): Promise<void> => {
    await qualify(world);
    await world.change(kansai, { type: 'authorize-direct-bill', from: TODAY, evidence: 'letter' });
  };

  it('appends each effect once with several processes, also for missed days', async () => {
    const world = await opened();
    await authorized(world);
    for (const process of [world.first, await world.another(), await world.another()])
      process.followDays();
    await world.tick('2027-12-01');
    await eventually(world.authorization, [`Started ${TODAY}`, ends[0]]);
    await world.tick('2028-12-31');
    await eventually(world.authorization, [`Started ${TODAY}`, ...ends]);
  });

  it.each([
    ['before-append', 'with'],
    ['after-append', 'without'],
  ] as const)('resumes after a crash (%s), %s a checkpoint', async (moment, kept) => {
    const { gate, arm } = crashing();
    const world = await opened({ gate });
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

  it('recognises its own restriction, which comes after all days of one tick', async () => {
    let away = true;
    const world = await opened({
      gate: (_moment, { events }) => {
        if (away && events.some(({ type }) => type === 'DirectBillAuthorizationSuspended'))
          throw new Error('away');
      },
    });
    await authorized(world);
    const checkpoints = new MemoryProcessCheckpoints();
    const follower = world.first.followDays();
    await world.tick('2028-02-01');
    await eventually(async () => world.reports.length > 0, true);
    await follower.stop();
    expect(await world.authorization()).toEqual([`Started ${TODAY}`, ends[0]]);
    // The process stopped on a day between the restriction and the suspension. All days of the tick
    // precede the restriction in the log.
    const [position] = await daysOf(world, '2027-12-10');
    await checkpoints.moveTo('direct-bill-re-check', position!);
    away = false;
    (await world.another()).followDays(checkpoints);
    await eventually(world.authorization, [`Started ${TODAY}`, ...ends]);
  });

  it('does not change a partner that meets the rules, as known when the day began', async () => {
    const world = await opened();
    await authorized(world);
    await world.first.app.changeProgram.execute(
      new ChangeProgram(context(), {
        type: 'publish-policy',
        effectiveFrom: '0001-01-01',
        changes: { assessmentValidMonths: 24 },
      }),
    );
    for (const step of road)
      await world.first.steps.execute(new TakeApplicationStep(context(), id, step));
    await world.tick('2028-02-01');
    await world.first.app.changeProgram.execute(
      new ChangeProgram(context(), {
        type: 'publish-policy',
        effectiveFrom: '0001-01-01',
        changes: { trailingRevenueThreshold: '1.00' },
      }),
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
