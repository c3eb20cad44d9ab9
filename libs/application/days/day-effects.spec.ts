import { afterEach, describe, expect, it } from '@jest/globals';
import type { OrderDecided } from '../../domain/customer/customer.js';
import type { OrderRequest } from '../../domain/order/order.js';
import { reasonsOf } from '../../domain/gate/rulebook.js';
import { customerStream } from '../../domain/shared/streams.js';
import type { Outcome } from '../engine/commands/decision.js';
import { PlaceOrder } from '../orders/order.commands.js';
import { ChangePartner } from '../partners/partner.commands.js';
import { believableWorld, context, seller, tenant } from '../testing/application.js';
import { MemoryProcessCheckpoints } from '../testing/memory-process-checkpoints.js';
import {
  eventually,
  kansai,
  opened,
  qualify,
  stopAll,
  TODAY,
  type WorldOptions,
} from '../direct-bill/testing/direct-bill-world.js';

const ANNIVERSARY = '2027-11-22';
afterEach(stopAll);

/**
 * A world with a partner that has billed directly since TODAY and fails the re-check on the
 * anniversary, a reseller, a customer, and the price list of the anniversary's month.
 */
async function directBilling(options: WorldOptions = {}) {
  const world = await opened(options);
  await qualify(world);
  await believableWorld(world.first.app, { month: ANNIVERSARY.slice(0, 7), today: TODAY });
  await world.change(kansai, { type: 'start-model', model: 'direct-bill', from: TODAY });
  await world.change(kansai, { type: 'authorize-direct-bill', from: TODAY, evidence: 'letter' });
  return world;
}
type Process = Awaited<ReturnType<Awaited<ReturnType<typeof directBilling>>['another']>>;

const orderOf = (partnerId: typeof kansai): OrderRequest => ({
  partnerId,
  tenantId: tenant,
  currency: 'JPY',
  lines: [{ offerId: 'CFQ7TTC0LH18:0001', quantity: 1, term: 'P1M', billingPlan: 'monthly' }],
});
const place = ({ app }: Process, partnerId = kansai, key?: string) =>
  app.placeOrder.execute(new PlaceOrder(context(key), orderOf(partnerId)));
const reasons = (outcome: Outcome<never>) =>
  outcome.kind === 'committed' && reasonsOf((outcome.events[0]?.data as OrderDecided).decision);
const restricted = ['direct-bill-restricted'];

describe('an order', () => {
  it('placed right after the tick of an anniversary is judged after the re-check, in every process', async () => {
    const world = await directBilling();
    const second = await world.another();
    await world.tick(ANNIVERSARY);
    const outcomes = await Promise.all([place(world.first), place(second), place(second)]);
    expect(outcomes.map(reasons)).toEqual([restricted, restricted, restricted]);
  });

  it('waits for nothing on the day before the anniversary', async () => {
    const world = await directBilling();
    await world.tick('2027-11-21');
    expect([reasons(await place(world.first)), world.first.waits()]).toEqual([[], 0]);
    await world.tick(ANNIVERSARY);
    expect([reasons(await place(world.first, seller)), world.first.waits()]).toEqual([[], 0]);
  });

  it.each([
    ['at midnight, before the scheduler has run', '2027-11-22T00:00:00.000Z', restricted],
    ['after days on which no service ran', '2027-11-29T09:00:00.000Z', restricted],
    [
      'on a day that brings a suspension',
      '2027-12-22T09:00:00.000Z',
      ['direct-bill-suspended', 'price-list-missing'],
    ],
  ])('is judged after days that it starts itself: %s', async (_when, now, expected) => {
    const world = await directBilling({ clock: 'system' });
    world.setNow(now);
    const found = reasons(await place(world.first));
    expect(found && found.filter((reason) => reason !== 'tenant-association-unverified')).toEqual(
      expected,
    );
  });

  it('is judged after the days that a stopped process left unfinished', async () => {
    const world = await directBilling();
    const checkpoints = new MemoryProcessCheckpoints();
    const follower = world.first.followDays(checkpoints);
    await world.tick('2027-11-20');
    await eventually(async () => checkpoints.moves.at(-1)?.position, await world.log.head());
    await follower.stop();
    await world.tick(ANNIVERSARY);
    expect(reasons(await place(await world.another(checkpoints)))).toEqual(restricted);
  });

  it('does not process days before the checkpoint again', async () => {
    const world = await directBilling();
    const checkpoints = new MemoryProcessCheckpoints();
    world.first.followDays(checkpoints);
    await world.tick(ANNIVERSARY);
    await eventually(world.authorization, [`Started ${TODAY}`, `Restricted ${ANNIVERSARY}`]);
    await eventually(
      async () => checkpoints.moves.at(-1)?.position === (await world.log.head()),
      true,
    );
    const later = await world.another(checkpoints);
    expect([reasons(await place(later)), reasons(await place(later)), later.waits()]).toEqual([
      restricted,
      restricted,
      1,
    ]);
  });

  it('is not appended when the effects take too long; repeats and other sellers are not affected', async () => {
    let stuck = false;
    const gate: WorldOptions['gate'] = (_moment, { events }) => {
      if (stuck && events.some(({ type }) => type === 'DirectBillAuthorizationRestricted'))
        throw new Error('away');
    };
    const world = await directBilling({ gate, settledWithinMs: 30 });
    await world.tick('2027-11-21');
    const before = await place(world.first, kansai, 'order-1');
    stuck = true;
    await world.tick(ANNIVERSARY);
    const revision = await world.log.revisionOf(customerStream(tenant));
    await expect(place(world.first)).rejects.toMatchObject({
      name: 'DayEffectsPending',
      day: ANNIVERSARY,
    });
    expect(await world.log.revisionOf(customerStream(tenant))).toBe(revision);
    expect(await place(world.first, kansai, 'order-1')).toEqual({ ...before, replayed: true });
    expect(reasons(await place(world.first, seller))).toEqual([]);
    stuck = false;
    await eventually(async () => (await world.authorization()).length, 2);
    expect(reasons(await place(world.first))).toEqual(restricted);
  });
});

describe('other judgements of the partner', () => {
  it('follow the effects of the day: checks, reads and commands of an operator', async () => {
    const world = await directBilling();
    await world.tick(ANNIVERSARY);
    const head = await world.log.head();
    const [check, pair, eligible] = await Promise.all([
      world.first.checks.check(orderOf(kansai), undefined, undefined, head),
      world.first.eligibility.of({ tenantId: tenant, partnerId: kansai }, {}, head),
      world.first.partners.directBill(kansai, {}, head, 'yearly'),
    ]);
    expect([reasonsOf(check.decision), reasonsOf(pair.decision)]).toEqual([restricted, restricted]);
    expect([check.knownAt, pair.knownAt, eligible?.knownAt]).toEqual([
      head + 1,
      head + 1,
      head + 1,
    ]);

    await world.tick('2027-12-22');
    const restore = {
      type: 'change-direct-bill',
      change: 'restoration',
      on: '2027-12-22',
      reason: 'whole again',
    } as const;
    await world.first.app.changePartner.execute(new ChangePartner(context(), kansai, restore));
    expect((await world.authorization()).slice(-2)).toEqual([
      'Suspended 2027-12-22',
      'Restored 2027-12-22',
    ]);
  });

  it('wait for nothing when knownAt is in the past', async () => {
    const world = await directBilling();
    const then = String(await world.log.head());
    await world.tick(ANNIVERSARY);
    const { decision } = await world.first.checks.check(orderOf(kansai), ANNIVERSARY, then);
    expect([reasonsOf(decision), world.first.waits()]).toEqual([[], 0]);
  });
});
