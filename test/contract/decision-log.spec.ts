import { describe, expect, it } from '@jest/globals';
import { ChangeCustomer } from '../../libs/application/customers/customer.commands.js';
import type { Outcome } from '../../libs/application/decisions/context.js';
import { PlaceOrder } from '../../libs/application/orders/order.commands.js';
import { ChangePartner } from '../../libs/application/partners/partner.commands.js';
import { type Application, context, provider, seller, tenant } from '../../libs/application/testing/application.js';
import { type Guards, order, today, World } from './decision-world.js';

class Crash extends Error {}

type ForeignChange = (app: Application) => Promise<unknown>;
const changes: readonly (readonly [string, ForeignChange])[] = [
  [
    'the seller loses its membership',
    (app) =>
      app.changePartner.execute(
        new ChangePartner(context(), seller, { type: 'end-fact', kind: 'membership', on: today, reason: 'lapsed' }),
      ),
  ],
  [
    'the provider loses its authorization',
    (app) =>
      app.changePartner.execute(
        new ChangePartner(context(), provider, { type: 'end-fact', kind: 'providerAuthorization', on: today, reason: 'ended' }),
      ),
  ],
  [
    'the agreement is withdrawn',
    (app) =>
      app.changeCustomer.execute(new ChangeCustomer(context(), tenant, { type: 'withdraw-agreement', on: today, reason: 'withdrawn' })),
  ],
  ['the tenant becomes a CSP tenant', (app) => app.associations.register(context(), provider, tenant)],
  ['nothing happens', async () => undefined],
];
const moments = ['before the decision', 'before-append', 'after-append'] as const;
const crashes = ['none', 'before-append', 'after-append'] as const;
const interleavings = changes.flatMap(([what, change]) =>
  moments.flatMap((moment) => crashes.flatMap((crash) => [false, true].map((retried) => [what, moment, crash, retried, change] as const))),
);

describe.each<Guards>(['atomic', 'none'])('committing a decision on a log with guards: %s', (guards) => {
  it.each(interleavings)('%s %s; crash: %s; repeated on a second process: %s', async (_what, moment, crash, retried, change) => {
    const world = new World(guards);
    const first = await world.open();
    const other = await world.process();

    if (moment === 'before the decision') await change(other);
    let acted = false;
    world.atMoment = async (at) => {
      if (acted) return;
      if (at === moment) await change(other);
      if (at === crash) {
        acted = true;
        throw new Crash();
      }
      if (at === 'after-append') acted = true;
    };
    const answered = await first.placeOrder.execute(new PlaceOrder(context('order-1'), order)).catch((error: unknown) => {
      if (error instanceof Crash) return undefined;
      throw error;
    });
    world.atMoment = undefined;
    const repeated = retried ? await repeat(other) : undefined;

    await world.check();
    for (const outcome of [answered, repeated]) await expectTold(world, outcome);
    if (answered && repeated) expect(orderOf(repeated)).toBe(orderOf(answered));
    await world.close();
  });

  it('gives fifty parallel orders of one customer a decision each, over two processes', async () => {
    const world = new World(guards);
    const processes = [await world.open(), await world.process()] as const;
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) => place(processes[index % 2 === 0 ? 0 : 1], `order-${index}`)),
    );
    expect(outcomes.filter((outcome) => outcome?.kind === 'committed').length).toBe(50);
    await world.check();
    await world.close();
  });
});

const place = (app: Application, key: string): Promise<Outcome<never>> => app.placeOrder.execute(new PlaceOrder(context(key), order));

/** A client repeats until it gets an answer: a claim of a crashed process is taken over after 30 s, which this test does not wait. */
async function repeat(app: Application): Promise<Outcome<never> | undefined> {
  try {
    return await place(app, 'order-1');
  } catch (error) {
    if (error instanceof Error && error.name === 'RequestInFlight') return undefined;
    throw error;
  }
}

const orderOf = (outcome: Outcome<never>): unknown =>
  outcome.kind === 'committed' && (outcome.events[0]?.data as { orderId: string }).orderId;

/** Whoever was told "placed" has an order that stands. */
async function expectTold(world: World, outcome: Outcome<never> | undefined): Promise<void> {
  if (outcome?.kind !== 'committed') return;
  const types = outcome.events.map(({ type }) => type);
  const voided = (await world.events()).some(
    ({ type, data }) => type === 'OrderVoided' && (data as { orderId: string }).orderId === orderOf(outcome),
  );
  if (types[0] === 'OrderPlaced') expect(types.includes('OrderVoided')).toBe(voided);
}
