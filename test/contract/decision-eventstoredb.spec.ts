import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ChangeCustomer } from '../../libs/application/customers/customer.commands.js';
import type { OrderValidator } from '../../libs/application/gate/order-validator.js';
import { openDecisionLog } from '../../libs/application/gate/decision-log-factory.js';
import type { DecisionLog } from '../../libs/application/engine/commands/decision-log.js';
import { Fingerprints } from '../../libs/application/engine/commands/request-fingerprints.js';
import { PriceRows } from '../../libs/application/gate/price-rows.js';
import { ChangePartner } from '../../libs/application/partners/partner.commands.js';
import { initialiseLog } from '../../libs/application/program/initialise-log.js';
import {
  type Application,
  application,
  believableWorld,
  context,
  KnownKeys,
  provider,
  seller,
  sign,
  tenant,
} from '../../libs/application/testing/application.js';
import { MemoryProcessCheckpoints } from '../../libs/application/testing/memory-process-checkpoints.js';
import { smallReferenceData } from '../../libs/application/testing/small-reference-data.js';
import { LogClock } from '../../libs/application/engine/time/clock.js';
import type { LoggedEvent } from '../../libs/event-log/event-log.js';
import { EventStoreDbLog } from '../../libs/event-log/eventstoredb/eventstoredb-log.js';
import { MemoryPositionIndex } from '../../libs/event-log/eventstoredb/position-index.js';
import { EventStoreDouble } from '../double/event-store-double.js';
import { callFaults, deliveryFaults } from '../double/faults.js';
import { Oracle } from '../support/oracle.js';
import { place } from './decision-world.js';

interface Process {
  readonly log: EventStoreDbLog;
  readonly app: Application;
  readonly decisionLog: DecisionLog<OrderValidator>;
}

const today = new Date().toISOString().slice(0, 10);

const server = process.env['EVENTSTOREDB_URL'];

/**
 * Decisions over the adapter and the client that production uses. The double has faults on every
 * kind of call.
 */
describe.each(['the protocol double', ...(server === undefined ? [] : ['a real server'])])(
  'decisions over EventStoreDB, on %s',
  (where) => {
    const isReal = where === 'a real server';
    let double: EventStoreDouble;
    let prefix: string;
    const index = new MemoryPositionIndex();
    const keys = new KnownKeys();
    const checkpoints = new MemoryProcessCheckpoints();
    let processes: Process[] = [];

    const open = async (): Promise<Process> => {
      const clock = new LogClock();
      const writesIndex = processes.length === 0;
      const log = await EventStoreDbLog.open({
        url: isReal ? server! : double.url,
        prefix,
        clock: () => clock.now(),
        index,
        writesIndex,
      });
      if (processes.length === 0)
        await initialiseLog(log, {
          logId: 'log',
          clock: 'system',
          now: clock.instant(),
          referenceData: smallReferenceData,
        });
      const parts = { log, clock, snapshots: undefined, processCheckpoints: checkpoints };
      const decisionLog = await openDecisionLog(parts, new PriceRows(log), new Fingerprints(keys));
      const process = { log, decisionLog, app: await application(log, clock, keys, decisionLog) };
      processes.push(process);
      return process;
    };
    beforeEach(async () => {
      double = await EventStoreDouble.start();
      prefix = `test-${randomUUID()}.`;
    });
    afterEach(async () => {
      for (const { log, decisionLog } of processes) {
        await decisionLog.validator?.stop();
        await log.close();
      }
      processes = [];
      await index.clear();
      await checkpoints.forget('standing');
      await double.stop();
    });

    it('places an order with a new key by two appends on the wire, and no read', async () => {
      const { app } = await open();
      await believableWorld(app, { month: today.slice(0, 7), today });
      await place(app, 'warm');
      double.calls.reset();
      for (const key of ['a', 'b', 'c'])
        expect(await place(app, key)).toMatchObject({ kind: 'committed', replayed: false });
      if (!isReal) expect(double.calls.counts).toEqual({ append: 6 });
    });

    it('leaves orders, withdrawals, associations and lost memberships of two processes as the log’s order requires', async () => {
      const first = await open();
      await believableWorld(first.app, { month: today.slice(0, 7), today });
      const both = [first, await open()];
      const kinds = [...callFaults.filter((kind) => kind !== 'access-denied'), ...deliveryFaults];
      double.faults.atRandom({
        seed: 7,
        share: 0.05,
        kinds,
        call: ['append', 'readStream', 'readAll', 'subscribeToAll'],
      });
      const change: readonly ((app: Application) => Promise<unknown>)[] = [
        (app: Application) =>
          app.changeCustomer.execute(
            new ChangeCustomer(context(), tenant, {
              type: 'withdraw-agreement',
              on: today,
              reason: 'withdrawn',
            }),
          ),
        (app: Application) => sign(app, today),
        (app: Application) => app.associations.register(context(), provider, tenant),
        (app: Application) =>
          app.associations.end(context(), provider, tenant, { on: today, reason: 'sold' }),
        (app: Application) =>
          app.changePartner.execute(
            new ChangePartner(context(), seller, {
              type: 'end-fact',
              kind: 'membership',
              on: today,
              reason: 'no',
            }),
          ),
        (app: Application) =>
          app.changePartner.execute(
            new ChangePartner(context(), seller, {
              type: 'start-fact',
              fact: { kind: 'membership', value: { from: today } },
            }),
          ),
      ];
      const answers = await Promise.all(
        Array.from({ length: 36 }, async (_, number) => {
          await new Promise((resolve) => setTimeout(resolve, number * 5));
          const { app } = both[number % 2]!;
          if (number % 3 === 2)
            return void (await untilTold(() => change[((number / 3) % change.length) | 0]!(app)));
          // Each key is used twice, once at each process.
          return untilTold(() => place(both[number % 2]!.app, `order-${number >> 1}`));
        }),
      );
      double.faults.clear();
      await expectAsTheLogSays(first, answers);
    }, 60_000);
  },
);

/**
 * A client that repeats a request whose outcome is unknown, or that is in flight, until it has an
 * answer.
 */
async function untilTold<Value>(ask: () => Promise<Value>): Promise<Value> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      if (
        attempt === 200 ||
        !['OutcomeUnknown', 'LogUnavailable', 'RequestInFlight', 'Contention'].includes(name)
      )
        throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

async function expectAsTheLogSays(
  { log, decisionLog }: Process,
  answers: readonly (Awaited<ReturnType<typeof place>> | undefined)[],
): Promise<void> {
  await decisionLog.validator!.reach(await log.head());
  const events: LoggedEvent[] = [];
  for await (const page of log.readAll({ after: -1 })) events.push(...page.events);
  const { orders } = new Oracle().read(
    events.map((event) => ({ ...event, position: String(event.position) }) as never),
  );
  const voids = events
    .filter(({ type }) => type === 'OrderVoided')
    .map(({ data }) => (data as { orderId: string }).orderId);
  expect(new Set(voids).size).toBe(voids.length);
  for (const { event, expected } of orders) {
    if (event.type === 'OrderPlaced')
      expect([event.data['orderId'], voids.includes(String(event.data['orderId']))]).toEqual([
        event.data['orderId'],
        expected.length > 0,
      ]);
  }
  const commands = events.map(({ metadata: { commandId, index } }) => `${commandId} ${index}`);
  expect(new Set(commands).size).toBe(commands.length);
  for (const answer of answers) {
    if (answer?.kind !== 'committed') continue;
    for (const event of answer.events)
      expect(events.find(({ id }) => id === event.id)).toEqual(event);
    const { orderId } = answer.events[0]!.data as { orderId: string };
    if (answer.events.length === 1 && answer.events[0]!.type === 'OrderPlaced')
      expect(voids).not.toContain(orderId);
  }
}
