import { describe, expect, it } from '@jest/globals';
import { ChangeCustomer } from '../../libs/application/customers/customer.commands.js';
import type { Outcome } from '../../libs/application/engine/commands/decision.js';
import { ChangePartner } from '../../libs/application/partners/partner.commands.js';
import {
  type Application,
  context,
  provider,
  seller,
  tenant,
} from '../../libs/application/testing/application.js';
import { type Guards, targetStream, orderOf, place, today, World } from './decision-world.js';
import { Crash, type LogCall } from './process-log.js';

type ForeignChange = (app: Application) => Promise<unknown>;
const changes: readonly (readonly [string, ForeignChange])[] = [
  [
    'the seller loses its membership',
    (app) =>
      app.changePartner.execute(
        new ChangePartner(context(), seller, {
          type: 'end-fact',
          kind: 'membership',
          on: today,
          reason: 'lapsed',
        }),
      ),
  ],
  [
    'the provider loses its authorization',
    (app) =>
      app.changePartner.execute(
        new ChangePartner(context(), provider, {
          type: 'end-fact',
          kind: 'providerAuthorization',
          on: today,
          reason: 'ended',
        }),
      ),
  ],
  [
    'the agreement is withdrawn',
    (app) =>
      app.changeCustomer.execute(
        new ChangeCustomer(context(), tenant, {
          type: 'withdraw-agreement',
          on: today,
          reason: 'withdrawn',
        }),
      ),
  ],
  [
    'the tenant becomes a CSP tenant',
    (app) => app.associations.register(context(), provider, tenant),
  ],
  ['nothing happens', async () => undefined],
];
const moments = ['before the decision', 'before', 'after'] as const;
const crashes = ['none', 'before', 'after'] as const;
const interleavings = changes.flatMap(([what, change]) =>
  moments.flatMap((moment) =>
    crashes.flatMap((crash) =>
      [false, true].map((retried) => [what, moment, crash, retried, change] as const),
    ),
  ),
);

describe.each<Guards>(['atomic', 'none'])(
  'committing a decision on a log with guards: %s',
  (guards) => {
    it.each(interleavings)(
      'is decided once: %s: %s its append; crash: %s; repeated on a second process: %s',
      async (_what, moment, crash, retried, change) => {
        const world = await World.open(guards);
        const [first, other] = [await world.process(), await world.process()];

        if (moment === 'before the decision') await change(other.app);
        let acted = false;
        first.log.barrier = async (call) => {
          if (acted || !isOrderAppend(call)) return;
          if (call.moment === moment) await change(other.app);
          acted = call.moment === 'after' || call.moment === crash;
          if (call.moment === crash) first.log.die();
        };
        const answered = await place(first.app, 'order-1').catch(crashed);
        const repeated = retried ? await repeat(other.app) : undefined;

        await world.check();
        for (const outcome of [answered, repeated]) await world.expectTold(outcome);
        if (answered && repeated) expect(orderOf(repeated)).toBe(orderOf(answered));
        await world.close();
      },
    );

    it('gives each of fifty parallel orders of one customer a decision, over two processes', async () => {
      const world = await World.open(guards);
      const processes = [await world.process(), await world.process()] as const;
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          place(processes[index % 2 === 0 ? 0 : 1].app, `order-${index}`),
        ),
      );
      expect(outcomes.filter((outcome) => outcome?.kind === 'committed').length).toBe(50);
      await world.check();
      await world.close();
    });
  },
);

const isOrderAppend = ({ name, stream, append }: LogCall): boolean =>
  name === 'append' && stream === targetStream && append?.events[0]?.type === 'OrderPlaced';

/**
 * A client repeats until it gets an answer. A crashed process's claim can be taken over after 30 s,
 * which this test does not wait.
 */
async function repeat(app: Application): Promise<Outcome<never> | undefined> {
  try {
    return await place(app, 'order-1');
  } catch (error) {
    if (error instanceof Error && error.name === 'RequestInFlight') return undefined;
    throw error;
  }
}

function crashed(error: unknown): undefined {
  if (!(error instanceof Crash)) throw error;
}
