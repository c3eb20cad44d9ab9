import { describe, expect, it, jest } from '@jest/globals';
import { ChangeCustomer } from '../../libs/application/customers/customer.commands.js';
import { decided } from '../../libs/application/engine/commands/decision.js';
import { claimedResult } from '../../libs/application/engine/commands/idempotency-claims.js';
import { customerFold } from '../../libs/application/records/folds.js';
import { type Application, context, tenant } from '../../libs/application/testing/application.js';
import type { CustomerEvent } from '../../libs/domain/customer/customer.js';
import { LogUnavailable, OutcomeUnknown } from '../../libs/event-log/errors.js';
import { commandIdFrom } from '../../libs/event-log/identity.js';
import {
  after,
  before,
  twoProcesses,
  inFlight,
  KEY,
  once,
  placedIn,
  rename,
} from './two-processes.js';
import { targetStream, place, type Process, today } from './decision-world.js';
import type { LogCall } from './process-log.js';

const command = commandIdFrom('key:test', KEY);

describe('a keyed command whose decision has no events', () => {
  const lapse = (app: Application, key: string) =>
    app.changeCustomer.execute(
      new ChangeCustomer(context(key), tenant, {
        type: 'withdraw-agreement',
        on: today,
        reason: 'withdrawn',
      }),
    );

  it('returns the first answer when its key has a result on another process', async () => {
    const { world, first, second } = await twoProcesses();
    const done = await lapse(first.app, 'withdraw-1');
    expect(done).toMatchObject({ kind: 'committed', replayed: false });
    expect(await lapse(second.app, 'withdraw-1')).toMatchObject({
      kind: 'committed',
      replayed: true,
      position: done.position,
    });
    await world.close();
  });

  it('answers that the request is in flight while another instance works on it', async () => {
    const { world, first, second } = await twoProcesses();
    once(first, after('claim'), async () => {
      // Now there is nothing to withdraw, so the second decision has no event; the first's append
      // is still to come.
      await second.app.changeCustomer.execute(
        new ChangeCustomer(context(), tenant, {
          type: 'withdraw-agreement',
          on: today,
          reason: 'withdrawn',
        }),
      );
      await expect(lapse(second.app, 'withdraw-1')).rejects.toMatchObject(inFlight);
    });
    await lapse(first.app, 'withdraw-1');
    await world.close();
  });

  it.each([
    ['a precondition that fails', { ifMatch: [1] }],
    ['a precondition that held before', { ifMatch: 'any' as const }],
  ])('looks up a used key before it judges %s', async (_what, precondition) => {
    const { world, first, second } = await twoProcesses();
    await rename(first, context('rename-1'));
    expect(await rename(second, { ...context('rename-1'), ...precondition })).toMatchObject({
      kind: 'committed',
      replayed: true,
    });
    await world.close();
  });

  it('binds no key to a 404 or 412: the client may send a refused request again', async () => {
    const { world, first } = await twoProcesses();
    await rename(first);
    first.log.calls.length = 0;
    await expect(rename(first, { ...context('rename-1'), ifMatch: [999] })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    expect(first.log.calls).toEqual(['claimOn']);
    expect(await rename(first, context('rename-1'))).toMatchObject({
      kind: 'committed',
      replayed: false,
    });
    await world.close();
  });
});

describe('an append whose outcome is unknown', () => {
  /** Drops the reply of an append that took effect or not. */
  async function unknown(took: boolean) {
    const actors = await twoProcesses();
    const { first } = actors;
    once(first, took ? after('append') : before('append'), () => {
      throw new OutcomeUnknown('no reply');
    });
    await expect(place(first.app, KEY)).rejects.toBeInstanceOf(OutcomeUnknown);
    return actors;
  }

  it.each([
    ['it took effect: it is found', true],
    ['it did not: it is appended once', false],
  ])('is settled by a repeat on the same process, at once; %s', async (_what, took) => {
    const { world, first } = await unknown(took);
    expect(await place(first.app, KEY)).toMatchObject({ kind: 'committed', replayed: took });
    expect(await placedIn(world)).toBe(1);
    await world.check();
    await world.close();
  });

  it.each([
    ['it took effect: it is found at once', true],
    ['it did not: it is taken over after 30 s', false],
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

  it('never appends twice when it takes effect after the repeat', async () => {
    const { world, first, second } = await twoProcesses();
    let late: (() => Promise<unknown>) | undefined;
    once(first, before('append'), () => undefined);
    first.log.barrier = ({ name, moment, append }) => {
      if (late || name !== 'append' || moment !== 'before' || !append) return;
      late = () =>
        world.log.append({
          stream: append.stream,
          expectedRevision: append.expectedRevision,
          events: append.events,
        });
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

  it('keeps its claim, whatever the result of the command, until the stream has moved past its revision', async () => {
    const { world, first, second } = await twoProcesses();
    const lapse = () =>
      first.app.changeCustomer.execute(
        new ChangeCustomer(context('withdraw-1'), tenant, {
          type: 'withdraw-agreement',
          on: today,
          reason: 'withdrawn',
        }),
      );
    once(first, before('append'), () => {
      throw new OutcomeUnknown('no reply');
    });
    const { commandId } = context('withdraw-1');
    await expect(lapse()).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(await world.log.claimOn(commandId)).toBeDefined();
    // Another withdrawal: the repeat's decision has no event, and the append in doubt can no longer
    // succeed at its revision.
    await second.app.changeCustomer.execute(
      new ChangeCustomer(context(), tenant, {
        type: 'withdraw-agreement',
        on: today,
        reason: 'withdrawn',
      }),
    );
    expect(await lapse()).toMatchObject({ kind: 'unchanged' });
    expect(await world.log.claimOn(commandId)).toBeUndefined();
    await world.close();
  });

  it('keeps its claim while it may still take effect, also when the repeat decides that there is nothing to append', async () => {
    const { world, first, second } = await twoProcesses();
    const ctx = context('rename-1');
    const decide = (legalName: string | undefined) =>
      first.app.decisions.commit(ctx, customerFold(tenant), () =>
        decided<CustomerEvent>(
          legalName === undefined ? [] : [{ type: 'CustomerDetailsChanged', data: { legalName } }],
        ),
      );
    let late: (() => Promise<unknown>) | undefined;
    first.log.barrier = ({ name, moment, append }) => {
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
    const { world, first, second } = await twoProcesses();
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
    process.log.barrier = (call) => {
      if (before(name)(call)) throw new LogUnavailable('away');
    };
  };

  it('does not answer that nothing was recorded when a claim shows that the command was sent before', async () => {
    const { world, first, second } = await twoProcesses();
    await place(first.app, KEY);
    await place(second.app, 'warm');
    awayFor(second, 'readStream');
    await expect(place(second.app, KEY)).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    await world.close();
  });

  it('appends nothing and leaves the key free when it is unavailable for the claim', async () => {
    const { world, first, second } = await twoProcesses();
    awayFor(first, 'claim');
    await expect(place(first.app, KEY)).rejects.toMatchObject({ name: 'LogUnavailable' });
    expect(await place(second.app, KEY)).toMatchObject({ kind: 'committed', replayed: false });
    await world.close();
  });

  it('keeps the claim when it is unavailable for the append: a repeat on the same process continues at once', async () => {
    const { world, first } = await twoProcesses();
    awayFor(first, 'append');
    await expect(place(first.app, KEY)).rejects.toMatchObject({ name: 'LogUnavailable' });
    first.log.barrier = undefined;
    expect(await place(first.app, KEY)).toMatchObject({ kind: 'committed', replayed: false });
    expect(await placedIn(world)).toBe(1);
    await world.close();
  });

  it('answers commands queued after a slow append that nothing was appended, when their slot comes too late', async () => {
    const { world, first } = await twoProcesses();
    let release: () => void = () => undefined;
    const paused = new Promise<void>((resolve) => (release = resolve));
    first.log.barrier = (call) => (before('append')(call) ? paused : undefined);
    const slow = place(first.app, KEY);
    const queued = place(first.app, 'order-2');
    // The command takes its slot in the stream queue, and with it its deadline.
    await new Promise((resolve) => setImmediate(resolve));
    const now = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 15_001);
    release();
    await expect(queued).rejects.toMatchObject({ name: 'LogUnavailable' });
    now.mockRestore();
    expect(await slow).toMatchObject({ kind: 'committed' });
    expect(await placedIn(world)).toBe(1);
    await world.close();
  });

  it('proves nothing when a read ends before the position that the decision used', async () => {
    const { world, first } = await twoProcesses();
    await rename(first);
    const claim = { targetStream: targetStream, revision: 2 };
    await expect(claimedResult(world.log, claim, command, 999)).rejects.toMatchObject({
      name: 'LogUnavailable',
    });
    await world.close();
  });
});

describe('the calls of an order on a log without guards', () => {
  it('are a claim and an append, and no read, with a new key and every stream cached', async () => {
    const { world, first } = await twoProcesses();
    await place(first.app, 'warm');
    first.log.calls.length = 0;
    for (const key of ['a', 'b', 'c']) await place(first.app, key);
    expect(first.log.calls).toEqual(['claim', 'append', 'claim', 'append', 'claim', 'append']);
    await world.close();
  });

  it('are a claim and one lookup of its events, for a used key', async () => {
    const { world, first, second } = await twoProcesses();
    await place(first.app, KEY);
    await place(second.app, 'warm');
    second.log.calls.length = 0;
    expect(await place(second.app, KEY)).toMatchObject({ replayed: true });
    expect(second.log.calls).toEqual(['claim', 'readStream']);
    await world.close();
  });
});
