import { expect } from '@jest/globals';
import { ChangeCustomer } from '../../libs/application/customers/customer.commands.js';
import type { CommandContext } from '../../libs/application/engine/commands/command-context.js';
import type { Outcome } from '../../libs/application/engine/commands/decision.js';
import { context, tenant } from '../../libs/application/testing/application.js';
import { orderOf, type Process, World } from './decision-world.js';
import type { LogCall } from './process-log.js';

export const KEY = 'order-1';
export const inFlight = { name: 'RequestInFlight' };

/** Two processes on a log without guards. */
export async function twoProcesses(): Promise<{
  readonly world: World;
  readonly first: Process;
  readonly second: Process;
}> {
  const world = await World.open('none');
  return { world, first: await world.process(), second: await world.process() };
}

/** Acts once, at the first call that the predicate accepts. */
export function once(
  { log }: Process,
  isMeant: (call: LogCall) => boolean,
  act: () => unknown,
): void {
  let done = false;
  log.barrier = async (call) => {
    if (done || !isMeant(call)) return;
    done = true;
    await act();
  };
}
export const before = (name: LogCall['name']) => (call: LogCall) =>
  call.name === name && call.moment === 'before';
export const after = (name: LogCall['name']) => (call: LogCall) =>
  call.name === name && call.moment === 'after';

/** A change in the customer's stream that an order does not depend on. */
let dated = 0;
export const rename = ({ app }: Process, ctx: CommandContext = context()) =>
  app.changeCustomer.execute(
    new ChangeCustomer(ctx, tenant, {
      type: 'register-customer',
      legalName: `Kobe Foods ${(dated += 1)}`,
      country: 'JP',
    }),
  );

export const placedIn = async (world: World): Promise<number> =>
  (await world.events()).filter(({ type }) => type === 'OrderPlaced' || type === 'OrderRefused')
    .length;

export function expectSame(one: Outcome<never>, other: Outcome<never>): void {
  expect(one.kind).toBe('committed');
  expect(orderOf(other)).toBe(orderOf(one));
}
