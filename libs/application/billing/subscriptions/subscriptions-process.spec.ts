import { afterEach, describe, expect, it } from '@jest/globals';
import { MemoryProcessCheckpoints } from '../../testing/memory-process-checkpoints.js';
import { stopAll, subscriptionWorld } from './testing/subscription-world.js';

afterEach(stopAll);

describe('the subscriptions process', () => {
  it('charges a monthly subscription in both relations, and renews it at the new prices', async () => {
    const world = await subscriptionWorld();
    await world.entity(world.seller, '10');
    await world.entity(world.provider, '5');
    const process = await world.follow();
    await world.publish('2026-12', 5_000);
    await world.order({ quantity: 10, term: 'P1M' });
    await world.settled(process);
    expect(await world.account('customer')).toEqual(['new 10 49500 2026-11-10..2026-12-09']);
    expect(await world.account('reseller')).toEqual(['new 10 47250 2026-11-10..2026-12-09']);
    await world.tick('2026-12-10');
    await world.settled(process);
    expect(await world.account('customer')).toEqual([
      'new 10 49500 2026-11-10..2026-12-09',
      'renew 10 55000 2026-12-10..2027-01-09',
    ]);
    expect(world.reports).toEqual([]);
  });

  it('charges the cycles of days that were missed, at the locked price', async () => {
    const world = await subscriptionWorld();
    await world.entity(world.seller);
    const process = await world.follow();
    await world.order({ quantity: 3, term: 'P1Y' });
    await world.publish('2026-12', 9_999);
    await world.tick('2027-02-12');
    await world.settled(process);
    expect(await world.account('customer')).toEqual([
      'new 3 13500 2026-11-10..2026-12-09',
      'cycleCharge 3 13500 2026-12-10..2027-01-09',
      'cycleCharge 3 13500 2027-01-10..2027-02-09',
      'cycleCharge 3 13500 2027-02-10..2027-03-09',
    ]);
  });

  it('charges one-time lines on the date of the order', async () => {
    const world = await subscriptionWorld();
    await world.entity(world.seller);
    const process = await world.follow();
    await world.order({ sku: '0002', quantity: 2, term: 'none' });
    await world.settled(process);
    expect(await world.account('customer')).toEqual(['oneTime 2 90000 2026-11-10..2026-11-10']);
  });

  it('records nothing while a price is missing, and everything when it is published', async () => {
    const world = await subscriptionWorld();
    await world.entity(world.seller);
    const process = await world.follow();
    await world.order({ quantity: 1, term: 'P1M' });
    await world.tick('2026-12-12');
    await world.settled(process);
    expect(await world.account('customer')).toEqual([
      'new 1 4500 2026-11-10..2026-12-09',
      'ChargesBlocked',
    ]);
    await world.publish('2026-12', 5_000);
    await world.settled(process);
    expect((await world.account('customer')).slice(2)).toEqual([
      'renew 1 5000 2026-12-10..2027-01-09',
      'ChargesUnblocked',
    ]);
  });

  it('charges everything from the beginning when a billing entity is registered late', async () => {
    const world = await subscriptionWorld();
    const process = await world.follow();
    await world.order({ quantity: 1, term: 'P1Y' });
    await world.order({ sku: '0002', quantity: 1, term: 'none' });
    await world.tick('2026-12-12');
    await world.settled(process);
    expect(await world.account('customer')).toEqual([]);
    await world.entity(world.seller);
    await world.settled(process);
    expect(await world.account('customer')).toEqual([
      'new 1 4500 2026-11-10..2026-12-09',
      'cycleCharge 1 4500 2026-12-10..2027-01-09',
      'oneTime 1 45000 2026-11-10..2026-11-10',
    ]);
  });

  it('records each charge once with several processes, with and without checkpoints', async () => {
    const world = await subscriptionWorld();
    await world.entity(world.seller);
    const processes = [
      await world.follow(),
      await world.follow(),
      await world.follow(new MemoryProcessCheckpoints()),
    ];
    await world.publish('2026-12', 5_000);
    await world.order({ quantity: 1, term: 'P1M' });
    await world.order({ quantity: 2, term: 'P1Y' });
    await world.tick('2026-12-12');
    for (const process of processes) await world.settled(process);
    const late = await world.follow();
    await world.settled(late);
    expect((await world.account('customer')).toSorted()).toEqual([
      'cycleCharge 2 9000 2026-12-10..2027-01-09',
      'new 1 4500 2026-11-10..2026-12-09',
      'new 2 9000 2026-11-10..2026-12-09',
      'renew 1 5000 2026-12-10..2027-01-09',
    ]);
    expect(world.reports).toEqual([]);
  });

  it.each(['before-append', 'after-append'] as const)(
    'loses and repeats nothing when it dies %s of any effect',
    async (moment) => {
      let crashAt = 0;
      const world = await subscriptionWorld({
        barrier: (now, { events }) => {
          const isEffect = events.some(({ type }) => /^(Subscription|Charges)/.test(type));
          if (now !== moment || !isEffect || (crashAt -= 1) !== 0) return;
          throw new Error('crash');
        },
      });
      await world.entity(world.seller);
      await world.entity(world.provider);
      await world.publish('2026-12', 5_000);
      await world.order({ quantity: 1, term: 'P1M' });
      await world.order({ quantity: 2, term: 'P1Y' });
      await world.tick('2026-12-12');
      const head = await world.log.head();
      let crashes = 0;
      for (let isDone = false; !isDone;) {
        // An effect that is not in the log stops every run, until the run gets further.
        crashAt = moment === 'before-append' ? crashes + 1 : 1;
        const { follower, process } = await world.follow();
        while (crashAt > 0 && !isDone) {
          await process.taken.changedWithin(process.taken.now(), 10);
          isDone = process.takenThrough >= head;
        }
        if (!isDone) crashes += 1;
        await follower.stop();
      }
      expect(crashes).toBeGreaterThan(3);
      const expected = [
        'cycleCharge 2 9000 2026-12-10..2027-01-09',
        'new 1 4500 2026-11-10..2026-12-09',
        'new 2 9000 2026-11-10..2026-12-09',
        'renew 1 5000 2026-12-10..2027-01-09',
      ];
      expect((await world.account('customer')).toSorted()).toEqual(expected);
      expect((await world.account('reseller')).toSorted()).toEqual(expected);
    },
  );
});
