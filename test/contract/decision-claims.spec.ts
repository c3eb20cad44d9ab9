import { describe, expect, it } from '@jest/globals';
import { ChangeCustomer } from '../../libs/application/customers/customer.commands.js';
import type { CommandContext, Outcome } from '../../libs/application/decisions/context.js';
import { decided } from '../../libs/application/decisions/decisions.js';
import { sealedFingerprint } from '../../libs/application/decisions/fingerprints.js';
import { lookBehind } from '../../libs/application/decisions/result-behind.js';
import { PlaceOrder } from '../../libs/application/orders/order.commands.js';
import { customerFold } from '../../libs/application/states/fold.js';
import { type Application, context, tenant } from '../../libs/application/testing/application.js';
import type { Customer, CustomerEvent } from '../../libs/domain/customer/customer.js';
import { LogUnavailable, OutcomeUnknown } from '../../libs/event-log/errors.js';
import { commandIdFrom } from '../../libs/event-log/identity.js';
import { home, order, orderOf, place, type Process, today, World } from './decision-world.js';
import { Crash, type LogCall } from './process-log.js';

const KEY = 'order-1';
const command = commandIdFrom('key:test', KEY);

async function cast(): Promise<{ readonly world: World; readonly first: Process; readonly second: Process }> {
  const world = await World.open('none');
  return { world, first: await world.process(), second: await world.process() };
}

/** Acts once, at the first call that is meant. */
function once({ log }: Process, isMeant: (call: LogCall) => boolean, act: () => Promise<unknown> | void): void {
  let done = false;
  log.gate = async (call) => {
    if (done || !isMeant(call)) return;
    done = true;
    await act();
  };
}
const before = (name: LogCall['name']) => (call: LogCall) => call.name === name && call.moment === 'before';
const after = (name: LogCall['name']) => (call: LogCall) => call.name === name && call.moment === 'after';

/** A change that an order does not depend on, in its home stream. */
let dated = 0;
const rename = ({ app }: Process, ctx: CommandContext = context()) =>
  app.changeCustomer.execute(
    new ChangeCustomer(ctx, tenant, { type: 'register-customer', legalName: `Kobe Foods ${(dated += 1)}`, country: 'JP' }),
  );

const inFlight = { name: 'RequestInFlight' };
const placedIn = async (world: World): Promise<number> =>
  (await world.events()).filter(({ type }) => type === 'OrderPlaced' || type === 'OrderRefused').length;
const expectSame = (one: Outcome<never>, other: Outcome<never>): void => {
  expect(one.kind).toBe('committed');
  expect(orderOf(other)).toBe(orderOf(one));
};

describe('the claim of a key on a log without guards', () => {
  it('is given to one of two instances that claim at once; the other is told that it is in flight', async () => {
    const { world, first, second } = await cast();
    let told: unknown;
    once(first, after('claim'), async () => {
      told = await place(second.app, KEY).catch((error: unknown) => error);
    });
    expect(await place(first.app, KEY)).toMatchObject({ kind: 'committed', replayed: false });
    expect(told).toMatchObject(inFlight);
    expect(await place(second.app, KEY)).toMatchObject({ kind: 'committed', replayed: true });
    await world.check();
    await world.close();
  });

  it.each([
    ['29.999 s', 'in flight', 29_999],
    ['30 s', 'taken over', 30_000],
  ])('of a claimant that died before its append is left alone for 30 s: after %s it is %s', async (_when, expected, waitedMs) => {
    const { world, first, second } = await cast();
    once(first, before('append'), () => first.log.die());
    await expect(place(first.app, KEY)).rejects.toBeInstanceOf(Crash);
    world.nowMs += waitedMs;
    const repeated = place(second.app, KEY);
    if (expected === 'in flight') await expect(repeated).rejects.toMatchObject(inFlight);
    else expect(await repeated).toMatchObject({ kind: 'committed', replayed: false });
    await world.check();
    await world.close();
  });

  it('of a claimant that died behind its append leads to what it appended, at once', async () => {
    const { world, first, second } = await cast();
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
  ] as const)('of a claimant that pauses for 40 s %s: it wakes up, and gives the answer of who took over', async (_when, call) => {
    const { world, first, second } = await cast();
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
  });

  it('of a claimant that pauses for 40 s between a conflict and its retry: it finds what was appended in between', async () => {
    const { world, first, second } = await cast();
    let taken: Outcome<never> | undefined;
    let appends = 0;
    first.log.gate = async ({ name, moment, stream }) => {
      if (name === 'append' && moment === 'before' && ++appends === 1) await rename(second);
      // Its append has failed and its state is gone: it reads its home anew.
      if (name === 'readStream' && stream === home && appends === 1 && !taken) {
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

  it('that two take over at once is given to one; whoever is slower finds the result or waits', async () => {
    const { world, first, second } = await cast();
    const third = await world.process();
    once(first, before('append'), () => first.log.die());
    await expect(place(first.app, KEY)).rejects.toBeInstanceOf(Crash);
    world.nowMs += 30_000;
    const answers = await Promise.allSettled([place(second.app, KEY), place(third.app, KEY)]);
    const answered = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    expect(answered.length).toBeGreaterThan(0);
    expect(await placedIn(world)).toBe(1);
    await world.check();
    await world.close();
  });

  it('is given back after contention, so that the next request need not wait', async () => {
    const { world, first, second } = await cast();
    first.log.gate = async (call) => (before('append')(call) ? void (await rename(second)) : undefined);
    await expect(place(first.app, KEY)).rejects.toMatchObject({ name: 'Contention', attempts: 8 });
    first.log.gate = undefined;
    expect(await place(second.app, KEY)).toMatchObject({ kind: 'committed', replayed: false });
    await world.check();
    await world.close();
  });

  it('is given back when a conflict leaves the decision without an event: the key is free', async () => {
    const { world, first, second } = await cast();
    const withdraw = (on: string) => ({ type: 'withdraw-agreement', on, reason: 'withdrawn' }) as const;
    const keyed = context('withdraw-1');
    once(first, before('append'), async () => {
      await second.app.changeCustomer.execute(new ChangeCustomer(context(), tenant, withdraw(today)));
    });
    expect(await first.app.changeCustomer.execute(new ChangeCustomer(keyed, tenant, withdraw(today)))).toMatchObject({ kind: 'unchanged' });
    expect(await world.log.claimOn(keyed.commandId)).toBeUndefined();
    await world.close();
  });

  it('that was taken over is not given back: not by its first claimant, and not by who took it over', async () => {
    const { world, first, second } = await cast();
    const third = await world.process();
    // The first sleeps, the second takes over and meets nothing but conflicts.
    let asleep = true;
    first.log.gate = async (call) => {
      if (!before('append')(call)) return;
      if (asleep) {
        asleep = false;
        world.nowMs += 40_000;
        second.log.gate = async (other) => (before('append')(other) ? void (await rename(third)) : undefined);
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

  it('is not given back while one who took over from it may still append: another request with the key appends nothing', async () => {
    const { world, first, second } = await cast();
    const other = new PlaceOrder(context(KEY, { another: 'request' }), order);
    let asleep = true;
    second.log.gate = async (call) => {
      if (!before('append')(call)) return;
      second.log.gate = undefined;
      // The second took over and is about to append. Now the first gives up, and the key comes with another request.
      const third = await world.process();
      await expect(third.app.placeOrder.execute(other)).rejects.toMatchObject({ name: 'KeyReused' });
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
  ])('refuses another request with the key, when it %s', async (_what, moment, waitedMs) => {
    const { world, first, second } = await cast();
    once(first, moment, () => first.log.die());
    await expect(place(first.app, KEY)).rejects.toBeInstanceOf(Crash);
    world.nowMs += waitedMs;
    const other = new PlaceOrder(context(KEY, { another: 'request' }), order);
    await expect(second.app.placeOrder.execute(other)).rejects.toMatchObject({ name: 'KeyReused' });
    await world.close();
  });

  it('compares requests with personal data under the key of the generation recorded, and not after its erasure', async () => {
    const { world, first, second } = await cast();
    const subject = `customer:${tenant}`;
    const keyed = (body: string): CommandContext => ({
      ...context('sealed-1'),
      fingerprint: sealedFingerprint('PUT', '/customers', body, subject),
    });
    once(first, before('append'), () => first.log.die());
    await expect(rename(first, keyed('one'))).rejects.toBeInstanceOf(Crash);
    expect((await world.log.claimOn(keyed('one').commandId))?.by).toMatchObject({ fingerprintGeneration: 1 });
    world.nowMs += 30_000;
    await expect(rename(second, keyed('two'))).rejects.toMatchObject({ name: 'KeyReused' });
    await world.keys.destroy(subject, 1);
    expect(await rename(second, keyed('two'))).toMatchObject({ kind: 'committed' });
    await world.close();
  });

  it('is not made for a command without a key: its id never comes again', async () => {
    const { world, first } = await cast();
    await rename(first);
    first.log.calls.length = 0;
    await rename(first);
    expect(first.log.calls).toEqual(['append']);
    await world.close();
  });

  it('is made for a step, whose id comes again when its command does', async () => {
    const { world, first, second } = await cast();
    const ctx = context('associate-1');
    const { associations } = first.app;
    await rename(first);
    first.log.calls.length = 0;
    await associations.register(ctx, order.partnerId, tenant);
    expect(first.log.calls.slice(0, 2)).toEqual(['claim', 'append']);
    expect(await second.app.associations.register(ctx, order.partnerId, tenant)).toMatchObject({ kind: 'committed', replayed: true });
    await world.close();
  });
});

describe('a keyed command whose decision has no events', () => {
  const lapse = (app: Application, key: string) =>
    app.changeCustomer.execute(new ChangeCustomer(context(key), tenant, { type: 'withdraw-agreement', on: today, reason: 'withdrawn' }));

  it('is answered with the first answer when its key has a result elsewhere', async () => {
    const { world, first, second } = await cast();
    const done = await lapse(first.app, 'withdraw-1');
    expect(done).toMatchObject({ kind: 'committed', replayed: false });
    expect(await lapse(second.app, 'withdraw-1')).toMatchObject({ kind: 'committed', replayed: true, position: done.position });
    await world.close();
  });

  it('is told to be in flight while another instance works on it', async () => {
    const { world, first, second } = await cast();
    once(first, after('claim'), async () => {
      // Now nothing is left to withdraw, so the second's decision has no event; the first's is still to come.
      await second.app.changeCustomer.execute(
        new ChangeCustomer(context(), tenant, { type: 'withdraw-agreement', on: today, reason: 'withdrawn' }),
      );
      await expect(lapse(second.app, 'withdraw-1')).rejects.toMatchObject(inFlight);
    });
    await lapse(first.app, 'withdraw-1');
    await world.close();
  });

  it.each([
    ['a precondition that fails', { ifMatch: 1 }],
    ['a precondition that had held', { ifMatch: 'any' as const }],
  ])('answers a used key before it judges %s', async (_what, precondition) => {
    const { world, first, second } = await cast();
    await rename(first, context('rename-1'));
    expect(await rename(second, { ...context('rename-1'), ...precondition })).toMatchObject({ kind: 'committed', replayed: true });
    await world.close();
  });

  it('binds no key: 404 and 412 claim nothing, and what was refused may be asked again', async () => {
    const { world, first } = await cast();
    await rename(first);
    first.log.calls.length = 0;
    await expect(rename(first, { ...context('rename-1'), ifMatch: 999 })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect(first.log.calls).toEqual(['claimOn']);
    expect(await rename(first, context('rename-1'))).toMatchObject({ kind: 'committed', replayed: false });
    await world.close();
  });
});

describe('an append whose outcome is unknown', () => {
  /** The reply is lost: whether it took effect is not told. */
  async function unknown(took: boolean) {
    const actors = await cast();
    const { first } = actors;
    once(first, took ? after('append') : before('append'), () => {
      throw new OutcomeUnknown('no reply');
    });
    await expect(place(first.app, KEY)).rejects.toBeInstanceOf(OutcomeUnknown);
    return actors;
  }

  it.each([
    ['it had taken effect: it is found', true],
    ['it had not: it is appended once', false],
  ])('is settled by a repeat on the same process, at once; %s', async (_what, took) => {
    const { world, first } = await unknown(took);
    expect(await place(first.app, KEY)).toMatchObject({ kind: 'committed', replayed: took });
    expect(await placedIn(world)).toBe(1);
    await world.check();
    await world.close();
  });

  it.each([
    ['it had taken effect: it is found at once', true],
    ['it had not: it is taken over after 30 s', false],
  ])('is settled by a repeat on another process; %s', async (_what, took) => {
    const { world, second } = await unknown(took);
    if (!took) {
      await expect(place(second.app, KEY)).rejects.toMatchObject(inFlight);
      world.nowMs += 30_000;
    }
    expect(await place(second.app, KEY)).toMatchObject({ kind: 'committed', replayed: took });
    expect(await placedIn(world)).toBe(1);
    await world.check();
    await world.close();
  });

  it('is never there twice when it takes effect after all, after the repeat', async () => {
    const { world, first, second } = await cast();
    let late: (() => Promise<unknown>) | undefined;
    once(first, before('append'), () => undefined);
    first.log.gate = ({ name, moment, append }) => {
      if (late || name !== 'append' || moment !== 'before' || !append) return;
      late = () => world.log.append({ stream: append.stream, expectedRevision: append.expectedRevision, events: append.events });
      throw new OutcomeUnknown('no reply');
    };
    await expect(place(first.app, KEY)).rejects.toBeInstanceOf(OutcomeUnknown);
    world.nowMs += 30_000;
    await place(second.app, KEY);
    await expect(late?.()).rejects.toMatchObject({ name: 'WrongRevision' });
    expect(await placedIn(world)).toBe(1);
    await world.check();
    await world.close();
  });

  it('keeps its claim, whatever the command comes to afterwards, until the stream has gone past it', async () => {
    const { world, first, second } = await cast();
    const lapse = () =>
      first.app.changeCustomer.execute(
        new ChangeCustomer(context('withdraw-1'), tenant, { type: 'withdraw-agreement', on: today, reason: 'withdrawn' }),
      );
    once(first, before('append'), () => {
      throw new OutcomeUnknown('no reply');
    });
    const { commandId } = context('withdraw-1');
    await expect(lapse()).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(await world.log.claimOn(commandId)).toBeDefined();
    // Another withdraws: the repeat's decision has no event, and the append in doubt can no longer come, at its revision.
    await second.app.changeCustomer.execute(
      new ChangeCustomer(context(), tenant, { type: 'withdraw-agreement', on: today, reason: 'withdrawn' }),
    );
    expect(await lapse()).toMatchObject({ kind: 'unchanged' });
    expect(await world.log.claimOn(commandId)).toBeUndefined();
    await world.close();
  });

  it('keeps its claim while it may still take effect, also when the repeat decides that nothing is to be appended', async () => {
    const { world, first, second } = await cast();
    const ctx = context('rename-1');
    const decide = (legalName: string | undefined) =>
      first.app.decisions.commit<Customer, CustomerEvent, never>(ctx, customerFold(tenant), () =>
        decided<CustomerEvent>(legalName === undefined ? [] : [{ type: 'CustomerDetailsChanged', data: { legalName } }]),
      );
    let late: (() => Promise<unknown>) | undefined;
    first.log.gate = ({ name, moment, append }) => {
      if (late || name !== 'append' || moment !== 'before' || !append) return;
      late = () => world.log.append(append);
      throw new OutcomeUnknown('no reply');
    };
    await expect(decide('Kobe Foods K.K.')).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(await decide(undefined)).toMatchObject({ kind: 'unchanged' });
    await late?.();
    expect(await rename(second, ctx)).toMatchObject({ kind: 'committed', replayed: true });
    await world.check();
    await world.close();
  });

  it('is settled after a lost reply to the claim itself', async () => {
    const { world, first, second } = await cast();
    once(first, after('claim'), () => {
      throw new OutcomeUnknown('no reply');
    });
    await expect(place(first.app, KEY)).rejects.toBeInstanceOf(OutcomeUnknown);
    await expect(place(second.app, KEY)).rejects.toMatchObject(inFlight);
    expect(await place(first.app, KEY)).toMatchObject({ kind: 'committed', replayed: false });
    await world.check();
    await world.close();
  });
});

describe('a log that cannot be read', () => {
  const awayFor = (process: Process, name: LogCall['name']) => {
    process.log.gate = (call) => {
      if (before(name)(call)) throw new LogUnavailable('away');
    };
  };

  it('does not say that nothing was recorded, where a claim tells that the command was given before', async () => {
    const { world, first, second } = await cast();
    await place(first.app, KEY);
    await place(second.app, 'warm');
    awayFor(second, 'readStream');
    await expect(place(second.app, KEY)).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    await world.close();
  });

  it('appends nothing when it is away for the claim, and leaves the key free', async () => {
    const { world, first, second } = await cast();
    awayFor(first, 'claim');
    await expect(place(first.app, KEY)).rejects.toMatchObject({ name: 'LogUnavailable' });
    expect(await place(second.app, KEY)).toMatchObject({ kind: 'committed', replayed: false });
    await world.close();
  });

  it('keeps the claim when it is away for the append: the repeat on the same process goes on at once', async () => {
    const { world, first } = await cast();
    awayFor(first, 'append');
    await expect(place(first.app, KEY)).rejects.toMatchObject({ name: 'LogUnavailable' });
    first.log.gate = undefined;
    expect(await place(first.app, KEY)).toMatchObject({ kind: 'committed', replayed: false });
    expect(await placedIn(world)).toBe(1);
    await world.close();
  });

  it('whose read ends before what was decided on proves nothing', async () => {
    const { world, first } = await cast();
    await rename(first);
    const claim = { homeStream: home, revision: 2 };
    await expect(lookBehind(world.log, claim, command, 999)).rejects.toMatchObject({ name: 'LogUnavailable' });
    await world.close();
  });
});

describe('what an order costs on a log without guards', () => {
  it('is a claim and an append, and no read, with a new key and everything seen passing by', async () => {
    const { world, first } = await cast();
    await place(first.app, 'warm');
    first.log.calls.length = 0;
    for (const key of ['a', 'b', 'c']) await place(first.app, key);
    expect(first.log.calls).toEqual(['claim', 'append', 'claim', 'append', 'claim', 'append']);
    await world.close();
  });

  it('is a claim and one look behind it, for a key that was used', async () => {
    const { world, first, second } = await cast();
    await place(first.app, KEY);
    await place(second.app, 'warm');
    second.log.calls.length = 0;
    expect(await place(second.app, KEY)).toMatchObject({ replayed: true });
    expect(second.log.calls).toEqual(['claim', 'readStream']);
    await world.close();
  });
});
