import { describe, expect, it } from '@jest/globals';
import { followValidated } from '../../libs/application/engine/processes/validated-subscription.js';
import { ChangePartner } from '../../libs/application/partners/partner.commands.js';
import { context, seller } from '../../libs/application/testing/application.js';
import { type Guards, place, type Process, today, World } from './decision-world.js';

/** Reads until it has reached a position; returns the types of the events it received. */
async function shown({ log, validator }: Process, through: number): Promise<readonly string[]> {
  const types: string[] = [];
  const ends = new AbortController();
  for await (const page of followValidated(log, validator, { after: -1, signal: ends.signal })) {
    types.push(...page.events.map(({ type }) => type));
    if (page.through >= through) break;
  }
  ends.abort();
  return types;
}

const orders = (types: readonly string[]): readonly string[] =>
  types.filter((type) => type.startsWith('Order'));

/** One valid order, and over a log without guards an invalid one. */
async function twoOrders(
  guards: Guards,
): Promise<{ readonly world: World; readonly process: Process }> {
  const world = await World.open(guards);
  const [process, changing] = [await world.process(), await world.process()];
  await place(process.app, 'stands');
  process.log.barrier = async ({ name, moment, append }) => {
    if (name !== 'append' || moment !== 'before' || append?.events[0]?.type !== 'OrderPlaced')
      return;
    const lapse = { type: 'end-fact', kind: 'membership', on: today, reason: 'lapsed' } as const;
    await changing.app.changePartner.execute(new ChangePartner(context(), seller, lapse));
  };
  process.log.lags = true;
  await place(process.app, 'falls');
  await world.settled();
  return { world, process };
}

describe('the validated subscription', () => {
  it.each<readonly [Guards, readonly string[], readonly string[]]>([
    ['none', ['OrderPlaced', 'OrderPlaced', 'OrderVoided'], ['OrderPlaced', 'OrderVoided']],
    ['atomic', ['OrderPlaced', 'OrderRefused'], ['OrderPlaced', 'OrderRefused']],
  ])('returns no invalid order; guards: %s', async (guards, inLog, expected) => {
    const { world, process } = await twoOrders(guards);
    expect(orders((await world.events()).map(({ type }) => type))).toEqual(inLog);
    expect(orders(await shown(process, world.head))).toEqual(expected);
    await world.close();
  });

  it('returns the same to a process that has not validated these orders itself', async () => {
    const { world } = await twoOrders('none');
    const late = await world.process();
    await world.settled();
    expect(orders(await shown(late, world.head))).toEqual(['OrderPlaced', 'OrderVoided']);
    await world.close();
  });

  it('stops at the first order that is not validated, and resumes when it is', async () => {
    const world = await World.open('none');
    const [process, placing] = [await world.process(), await world.process()];
    await world.settled();
    const before = world.head;
    // The validator is paused; the log that the subscription reads is not.
    const follower: Process = { ...process, log: placing.log };
    process.log.subscribedThrough = before;
    await place(placing.app, 'order-1');
    let reached = false;
    const following = shown(follower, world.head).finally(() => (reached = true));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(reached).toBe(false);
    process.log.resume();
    expect(orders(await following)).toEqual(['OrderPlaced']);
    await world.close();
  });

  it('ends when it is aborted, also while it waits', async () => {
    const world = await World.open('none');
    const [process, placing] = [await world.process(), await world.process()];
    await world.settled();
    process.log.subscribedThrough = world.head;
    await place(placing.app, 'order-1');
    const ends = new AbortController();
    const pages: number[] = [];
    const following = (async () => {
      const options = { after: world.head - 1, signal: ends.signal };
      for await (const { through } of followValidated(placing.log, process.validator, options))
        pages.push(through);
    })();
    setTimeout(() => ends.abort(), 20);
    await following;
    expect(pages).toEqual([]);
    await world.close();
  });
});
