import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ChangeCustomer } from '../../libs/application/customers/customer.commands.js';
import type { Outcome } from '../../libs/application/engine/commands/decision.js';
import { Contention } from '../../libs/application/engine/commands/failures.js';
import { PlaceOrder } from '../../libs/application/orders/order.commands.js';
import { ChangePartner } from '../../libs/application/partners/partner.commands.js';
import { ChangeProgram } from '../../libs/application/program/program.commands.js';
import {
  type Application,
  context,
  provider,
  seller,
  sign,
  tenant,
} from '../../libs/application/testing/application.js';
import { type Guards, order, today, World } from './decision-world.js';
import type { ProcessLog } from './process-log.js';
import { repeats } from '../support/repeats.js';

/** The commands of a history. Each runs at one of two processes after a delay; all run at once. */
const happenings = {
  order: (app: Application, key: string) =>
    app.placeOrder.execute(new PlaceOrder(context(key), order)),
  withdraw: (app: Application) =>
    app.changeCustomer.execute(
      new ChangeCustomer(context(), tenant, {
        type: 'withdraw-agreement',
        on: today,
        reason: 'withdrawn',
      }),
    ),
  sign: (app: Application) => sign(app, today),
  associate: (app: Application) => app.associations.register(context(), provider, tenant),
  clear: (app: Application) =>
    app.associations.end(context(), provider, tenant, { on: today, reason: 'sold' }),
  lapse: (app: Application) =>
    app.changePartner.execute(
      new ChangePartner(context(), seller, {
        type: 'end-fact',
        kind: 'membership',
        on: today,
        reason: 'lapsed',
      }),
    ),
  join: (app: Application) =>
    app.changePartner.execute(
      new ChangePartner(context(), seller, {
        type: 'start-fact',
        fact: { kind: 'membership', value: { from: today } },
      }),
    ),
  policy: (app: Application, key: string) =>
    app.changeProgram.execute(
      new ChangeProgram(context(), {
        type: 'publish-policy',
        effectiveFrom: today,
        changes: { tenantCheckMaxAgeDays: key.length },
      }),
    ),
} as const;
type Happening = keyof typeof happenings;

const history = fc.array(
  fc.record({
    what: fc.oneof(
      { weight: 6, arbitrary: fc.constant<Happening>('order') },
      {
        weight: 5,
        arbitrary: fc.constantFrom<Happening>(
          'withdraw',
          'sign',
          'associate',
          'clear',
          'lapse',
          'join',
          'policy',
        ),
      },
    ),
    process: fc.constantFrom(0, 1),
    turns: fc.nat({ max: 12 }),
    key: fc.constantFrom('a', 'b', 'c', 'd'),
    holdTurns: fc.nat({ max: 6 }),
  }),
  { minLength: 4, maxLength: 14 },
);

/** A failure prints its seed: set it to reproduce the failure. */
const SEED = Number(process.env['HISTORY_SEED'] ?? 20261122);
const HISTORIES = repeats('HISTORIES', { usual: 75, full: 500 });
const WITHIN_MS = 30_000 + HISTORIES * 100;

describe.each<Guards>(['atomic', 'none'])(
  'concurrent orders, withdrawals, associations and lost memberships; guards: %s',
  (guards) => {
    it(
      `leave no confirmed order that the log's order forbids, in ${HISTORIES} histories`,
      async () => {
        await fc.assert(
          fc.asyncProperty(history, async (steps) => {
            const world = await World.open(guards);
            const processes = [await world.process(), await world.process()] as const;
            const holds = steps.map(({ holdTurns }) => holdTurns);
            for (const { log } of processes) holdOrders(log, holds);

            const answers = await Promise.all(
              steps.map(async ({ what, process, turns, key }) => {
                await pass(turns);
                return [
                  key,
                  what,
                  await happenings[what]((processes[process] ?? processes[0]).app, key).catch(
                    retriable,
                  ),
                ] as const;
              }),
            );
            await world.check();
            for (const [, what, answer] of answers)
              if (what === 'order') await world.expectTold(answer as Outcome<never> | undefined);
            await expectOneOrderAKey(answers);
            await world.close();
          }),
          { numRuns: HISTORIES, seed: SEED, endOnFailure: true },
        );
      },
      WITHIN_MS,
    );
  },
);

/** Lets other commands run before and after the append of an accepted order, on either process. */
function holdOrders(log: ProcessLog, holds: number[]): void {
  log.lags = true;
  log.barrier = ({ name, append }) =>
    name === 'append' && append?.events[0]?.type === 'OrderPlaced'
      ? pass(holds.pop() ?? 0)
      : undefined;
}

/** A client repeats a request that failed with one of these errors. */
function retriable(error: unknown): undefined {
  if (error instanceof Contention || (error instanceof Error && error.name === 'RequestInFlight'))
    return undefined;
  throw error;
}

const pass = async (turns: number): Promise<void> => {
  for (let passed = 0; passed < turns; passed += 1) await new Promise(setImmediate);
};

async function expectOneOrderAKey(
  answers: readonly (readonly [
    string,
    Happening,
    Awaited<ReturnType<(typeof happenings)[Happening]>> | undefined,
  ])[],
): Promise<void> {
  const orders = new Map<string, unknown>();
  for (const [key, what, answer] of answers) {
    if (what !== 'order' || answer?.kind !== 'committed') continue;
    const { orderId } = answer.events[0]?.data as { orderId: unknown };
    expect(orders.get(key) ?? orderId).toBe(orderId);
    orders.set(key, orderId);
  }
}
