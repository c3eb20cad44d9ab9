import { describe, expect, it } from '@jest/globals';
import { ChangeCustomer } from '../../libs/application/customers/customer.commands.js';
import type { CommandContext } from '../../libs/application/engine/commands/command-context.js';
import type { Outcome } from '../../libs/application/engine/commands/decision.js';
import { sealedFingerprint } from '../../libs/application/engine/commands/request-fingerprints.js';
import { PlaceOrder } from '../../libs/application/orders/order.commands.js';
import { context, tenant } from '../../libs/application/testing/application.js';
import { commandIdFrom } from '../../libs/event-log/identity.js';
import {
  after,
  before,
  twoProcesses,
  expectSame,
  inFlight,
  KEY,
  once,
  placedIn,
  rename,
} from './two-processes.js';
import { targetStream, order, place, today } from './decision-world.js';
import { Crash } from './process-log.js';

const command = commandIdFrom('key:test', KEY);

describe('the idempotency claim of a key on a log without guards', () => {
  it('is granted to one of two instances that claim at once; the other answers that the request is in flight', async () => {
    const { world, first, second } = await twoProcesses();
    let answer: unknown;
    once(first, after('claim'), async () => {
      answer = await place(second.app, KEY).catch((error: unknown) => error);
    });
    expect(await place(first.app, KEY)).toMatchObject({ kind: 'committed', replayed: false });
    expect(answer).toMatchObject(inFlight);
    expect(await place(second.app, KEY)).toMatchObject({ kind: 'committed', replayed: true });
    await world.check();
    await world.close();
  });

  it.each([
    ['29.999 s', 'in flight', 29_999],
    ['30 s', 'taken over', 30_000],
  ])(
    'is left alone for 30 s when its claimant died before the append: after %s the request is %s',
    async (_when, expected, waitedMs) => {
      const { world, first, second } = await twoProcesses();
      once(first, before('append'), () => first.log.die());
      await expect(place(first.app, KEY)).rejects.toBeInstanceOf(Crash);
      world.nowMs += waitedMs;
      const repeated = place(second.app, KEY);
      if (expected === 'in flight') await expect(repeated).rejects.toMatchObject(inFlight);
      else expect(await repeated).toMatchObject({ kind: 'committed', replayed: false });
      await world.check();
      await world.close();
    },
  );

  it('leads to the appended events at once when its claimant died after the append', async () => {
    const { world, first, second } = await twoProcesses();
    once(first, after('append'), () => first.log.die());
    await expect(place(first.app, KEY)).rejects.toBeInstanceOf(Crash);
    expect(await place(second.app, KEY)).toMatchObject({ kind: 'committed', replayed: true });
    expect(await placedIn(world)).toBe(1);
    await world.check();
    await world.close();
  });

  it.each([
    ['between claim and append', 'append'],
    ['before its claim', 'claim'],
  ] as const)(
    'lets another process take over when its claimant pauses for 40 s %s; the claimant then returns the answer of that process',
    async (_when, call) => {
      const { world, first, second } = await twoProcesses();
      let taken: Outcome<never> | undefined;
      once(first, before(call), async () => {
        world.nowMs += 40_000;
        taken = await place(second.app, KEY);
      });
      const answered = await place(first.app, KEY);
      expectSame(answered, taken!);
      expect(await placedIn(world)).toBe(1);
      await world.check();
      await world.close();
    },
  );

  it('lets another process append when its claimant pauses for 40 s between a conflict and its retry; the claimant then finds those events', async () => {
    const { world, first, second } = await twoProcesses();
    let taken: Outcome<never> | undefined;
    let appends = 0;
    first.log.barrier = async ({ name, moment, stream }) => {
      if (name === 'append' && moment === 'before' && ++appends === 1) await rename(second);
      // Its append failed and its cached state was dropped, so it reads the target stream again.
      if (name === 'readStream' && stream === targetStream && appends === 1 && !taken) {
        world.nowMs += 40_000;
        taken = await place(second.app, KEY);
      }
    };
    const answered = await place(first.app, KEY);
    expectSame(answered, taken!);
    expect(await placedIn(world)).toBe(1);
    await world.check();
    await world.close();
  });

  it('is granted to one of two that take it over at once; the other gets the result or is asked to wait', async () => {
    const { world, first, second } = await twoProcesses();
    const third = await world.process();
    once(first, before('append'), () => first.log.die());
    await expect(place(first.app, KEY)).rejects.toBeInstanceOf(Crash);
    world.nowMs += 30_000;
    const answers = await Promise.allSettled([place(second.app, KEY), place(third.app, KEY)]);
    const answered = answers.flatMap((answer) =>
      answer.status === 'fulfilled' ? [answer.value] : [],
    );
    const committed = answered.filter((answer) => answer.kind === 'committed');
    expect(committed).toEqual(answered);
    expect(committed.filter(({ replayed }) => !replayed)).toHaveLength(1);
    for (const answer of answers)
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject(inFlight);
    expect(await placedIn(world)).toBe(1);
    await world.check();
    await world.close();
  });

  it('is released after contention, so that the next request need not wait', async () => {
    const { world, first, second } = await twoProcesses();
    first.log.barrier = async (call) =>
      before('append')(call) ? void (await rename(second)) : undefined;
    await expect(place(first.app, KEY)).rejects.toMatchObject({ name: 'Contention', attempts: 8 });
    first.log.barrier = undefined;
    expect(await place(second.app, KEY)).toMatchObject({ kind: 'committed', replayed: false });
    await world.check();
    await world.close();
  });

  it('is released when a conflict leaves the decision without an event: the key is free', async () => {
    const { world, first, second } = await twoProcesses();
    const withdraw = (on: string) =>
      ({ type: 'withdraw-agreement', on, reason: 'withdrawn' }) as const;
    const keyed = context('withdraw-1');
    once(first, before('append'), async () => {
      await second.app.changeCustomer.execute(
        new ChangeCustomer(context(), tenant, withdraw(today)),
      );
    });
    expect(
      await first.app.changeCustomer.execute(new ChangeCustomer(keyed, tenant, withdraw(today))),
    ).toMatchObject({ kind: 'unchanged' });
    expect(await world.log.claimOn(keyed.commandId)).toBeUndefined();
    await world.close();
  });

  it('is not released after it was taken over: neither by the first claimant, nor by the one that took it over', async () => {
    const { world, first, second } = await twoProcesses();
    const third = await world.process();
    // The first process sleeps; the second takes over and meets only conflicts.
    let asleep = true;
    first.log.barrier = async (call) => {
      if (!before('append')(call)) return;
      if (asleep) {
        asleep = false;
        world.nowMs += 40_000;
        second.log.barrier = async (other) =>
          before('append')(other) ? void (await rename(third)) : undefined;
        await expect(place(second.app, KEY)).rejects.toMatchObject({ name: 'Contention' });
        expect(await world.log.claimOn(command)).toBeDefined();
      }
      await rename(third);
    };
    await expect(place(first.app, KEY)).rejects.toMatchObject({ name: 'Contention' });
    expect(await world.log.claimOn(command)).toBeDefined();
    await expect(place(third.app, KEY)).rejects.toMatchObject(inFlight);
    expect(await placedIn(world)).toBe(0);
    await world.close();
  });

  it('is not released while a process that took it over may still append: another request with the key appends nothing', async () => {
    const { world, first, second } = await twoProcesses();
    const other = new PlaceOrder(context(KEY, { another: 'request' }), order);
    let asleep = true;
    second.log.barrier = async (call) => {
      if (!before('append')(call)) return;
      second.log.barrier = undefined;
      // The second process took over and is about to append. Now the first gives up, and another
      // request uses the key.
      const third = await world.process();
      await expect(third.app.placeOrder.execute(other)).rejects.toMatchObject({
        name: 'KeyReused',
      });
    };
    once(first, before('append'), async () => {
      if (!asleep) return;
      asleep = false;
      world.nowMs += 40_000;
      await place(second.app, KEY);
    });
    await place(first.app, KEY);
    expect(await placedIn(world)).toBe(1);
    await world.check();
    await world.close();
  });

  it.each([
    ['has no result yet', before('append'), 40_000],
    ['has a result', after('append'), 0],
  ])('refuses another request with the key that %s', async (_what, moment, waitedMs) => {
    const { world, first, second } = await twoProcesses();
    once(first, moment, () => first.log.die());
    await expect(place(first.app, KEY)).rejects.toBeInstanceOf(Crash);
    world.nowMs += waitedMs;
    const other = new PlaceOrder(context(KEY, { another: 'request' }), order);
    await expect(second.app.placeOrder.execute(other)).rejects.toMatchObject({ name: 'KeyReused' });
    await world.close();
  });

  it('compares requests with personal data under the recorded key generation, and not after its erasure', async () => {
    const { world, first, second } = await twoProcesses();
    const subject = `customer:${tenant}`;
    const keyed = (body: string): CommandContext => ({
      ...context('sealed-1'),
      fingerprint: sealedFingerprint('PUT', '/customers', body, subject),
    });
    once(first, before('append'), () => first.log.die());
    await expect(rename(first, keyed('one'))).rejects.toBeInstanceOf(Crash);
    expect((await world.log.claimOn(keyed('one').commandId))?.by).toMatchObject({
      fingerprintGeneration: 1,
    });
    world.nowMs += 30_000;
    await expect(rename(second, keyed('two'))).rejects.toMatchObject({ name: 'KeyReused' });
    const key = { subject, generation: 1 };
    await world.keys.destroy([key]);
    await expect(rename(second, keyed('two'))).rejects.toMatchObject({ name: 'ErasurePending' });
    await world.keys.settle(key);
    expect(await rename(second, keyed('two'))).toMatchObject({ kind: 'committed' });
    await world.close();
  });

  it('is not made for a command without a key, because its id never comes again', async () => {
    const { world, first } = await twoProcesses();
    await rename(first);
    first.log.calls.length = 0;
    await rename(first);
    expect(first.log.calls).toEqual(['append']);
    await world.close();
  });

  it('is made for each step, because the id of a step comes again with its command', async () => {
    const { world, first, second } = await twoProcesses();
    const ctx = context('associate-1');
    const { associations } = first.app;
    await rename(first);
    first.log.calls.length = 0;
    await associations.register(ctx, order.partnerId, tenant);
    expect(first.log.calls.slice(0, 2)).toEqual(['claim', 'append']);
    expect(await second.app.associations.register(ctx, order.partnerId, tenant)).toMatchObject({
      kind: 'committed',
      replayed: true,
    });
    await world.close();
  });
});
