import { expect } from '@jest/globals';
import { ClaimAges } from '../../libs/application/engine/commands/claim-ages.js';
import { IdempotencyClaims } from '../../libs/application/engine/commands/idempotency-claims.js';
import type { Outcome } from '../../libs/application/engine/commands/decision.js';
import { Fingerprints } from '../../libs/application/engine/commands/request-fingerprints.js';
import { GuardedCommit } from '../../libs/application/engine/commands/guarded-commit.js';
import { ValidatedCommit } from '../../libs/application/engine/commands/validated-commit.js';
import {
  reproduceDecision,
  type OrderDecidedEvent,
  validateOrder,
} from '../../libs/application/gate/order-judgement.js';
import { PriceRows } from '../../libs/application/gate/price-rows.js';
import {
  OrderValidator,
  type OrderValidatorParts,
} from '../../libs/application/gate/order-validator.js';
import { PlaceOrder } from '../../libs/application/orders/order.commands.js';
import { initialiseLog } from '../../libs/application/program/initialise-log.js';
import { PastView } from '../../libs/application/engine/states/view.js';
import {
  type Application,
  application,
  believableWorld,
  context,
  KnownKeys,
  seller,
  tenant,
} from '../../libs/application/testing/application.js';
import { smallReferenceData } from '../../libs/application/testing/small-reference-data.js';
import { LogClock } from '../../libs/application/engine/time/clock.js';
import type { OrderRequest } from '../../libs/domain/order/order.js';
import { customerStream } from '../../libs/domain/shared/streams.js';
import type { Append, LoggedEvent } from '../../libs/event-log/event-log.js';
import { MemoryEventLog } from '../../libs/event-log/memory/memory-event-log.js';
import { Oracle } from '../support/oracle.js';
import { ProcessLog } from './process-log.js';

export const today = '2026-11-22';
export const order: OrderRequest = {
  partnerId: seller,
  tenantId: tenant,
  currency: 'JPY',
  lines: [{ offerId: 'CFQ7TTC0LH18:0001', quantity: 5, term: 'P1M', billingPlan: 'monthly' }],
};
export const targetStream = customerStream(tenant);

export type Guards = 'atomic' | 'none';

/**
 * A process: its application on its own view of the log, and over a log without guards its order
 * validator.
 */
export interface Process {
  readonly app: Application;
  readonly log: ProcessLog;
  readonly validator: OrderValidator | undefined;
}

export interface ProcessParts extends OrderValidatorParts {
  /** False: the process does not validate orders. */
  readonly isStarted?: boolean;
}

/** Several processes on one log that already has partners, customers and price lists. */
export class World {
  nowMs = Date.parse(`${today}T09:00:00.000Z`);
  readonly log: MemoryEventLog;
  readonly keys = new KnownKeys();
  readonly clock = new LogClock(() => this.nowMs);
  private readonly processes: Process[] = [];
  private readonly priceRows: PriceRows;
  private lastPosition = -1;

  private constructor(private readonly guards: Guards) {
    this.log = new MemoryEventLog({ guards, clock: () => this.clock.now() });
    this.priceRows = new PriceRows(this.log);
    this.log.onCommitted(
      (events) => (this.lastPosition = events.at(-1)?.position ?? this.lastPosition),
    );
  }

  static async open(guards: Guards): Promise<World> {
    const world = new World(guards);
    for (const append of await believableAppends()) await world.log.append(append);
    return world;
  }

  /** Another process on the same log. */
  async process(parts: ProcessParts = {}): Promise<Process> {
    const log = await ProcessLog.open(this.log);
    const process =
      this.guards === 'atomic' ? await this.withGuards(log) : await this.withoutGuards(log, parts);
    this.processes.push(process);
    return process;
  }

  async events(): Promise<LoggedEvent[]> {
    const events: LoggedEvent[] = [];
    for await (const page of this.log.readAll({ after: -1 })) events.push(...page.events);
    return events;
  }

  get head(): number {
    return this.lastPosition;
  }

  /** Stops all processes; with `keepLog` others may be started on the log. */
  async close({ keepLog = false } = {}): Promise<void> {
    await Promise.all(this.processes.splice(0).map(({ validator: process }) => process?.stop()));
    if (!keepLog) await this.log.close();
  }

  /** Waits until every live process has validated every order. */
  async settled(): Promise<void> {
    const head = await this.log.head();
    for (const { log, validator: process } of this.processes) {
      if (!process || log.isDead) continue;
      log.lags = false;
      log.deliver(Infinity);
      for (let attempt = 0; attempt < 2_000 && process.checkpoint < head; attempt += 1)
        await new Promise((resolve) => setTimeout(resolve, attempt < 50 ? 0 : 5));
      expect(process.checkpoint).toBeGreaterThanOrEqual(head);
    }
    if ((await this.log.head()) > head) await this.settled();
  }

  /**
   * Invariants of the log after all commands: no command has two decisions; an accepted order is
   * voided exactly once if the events before it forbid it, and otherwise never; every decision can
   * be reproduced. The log's order is judged twice: by the product's own function over the log's
   * prefix, and by the rulebook as the tests have written it down (support/oracle.ts).
   */
  async check(): Promise<void> {
    await this.settled();
    const events = await this.events();
    expectOneDecisionACommand(events);
    const voided = events
      .filter(({ type }) => type === 'OrderVoided')
      .map(({ data }) => (data as { orderId: string }).orderId);
    expect(new Set(voided).size).toBe(voided.length);
    const forbidden = new Map(forbiddenByOracle(events));
    for (const event of events) {
      if (event.type !== 'OrderPlaced' && event.type !== 'OrderRefused') continue;
      const decided = event as OrderDecidedEvent;
      const { orderId } = decided.data;
      expect((await reproduceDecision(decided, this.log, this.priceRows)).holds).toBe(true);
      if (event.type !== 'OrderPlaced') continue;
      const { outcome } = await validateOrder(
        decided,
        new PastView(this.log, event.position - 1),
        this.priceRows,
      );
      expect({ orderId, voided: voided.includes(orderId) }).toEqual({
        orderId,
        voided: outcome === 'refused',
      });
      expect({ orderId, voided: voided.includes(orderId) }).toEqual({
        orderId,
        voided: (forbidden.get(orderId) ?? []).length > 0,
      });
    }
  }

  /**
   * An answered client has an order that is in the log, and "placed" was never said of a voided
   * order.
   */
  async expectTold(outcome: Outcome<never> | undefined): Promise<void> {
    if (outcome?.kind !== 'committed') return;
    const events = await this.events();
    const types = outcome.events.map(({ type }) => type);
    const isVoided = events.some(
      ({ type, data }) =>
        type === 'OrderVoided' && (data as { orderId: string }).orderId === orderOf(outcome),
    );
    for (const event of outcome.events)
      expect(events.find(({ id }) => id === event.id)).toEqual(event);
    if (types[0] === 'OrderPlaced') expect(types.includes('OrderVoided')).toBe(isVoided);
  }

  private async withGuards(log: ProcessLog): Promise<Process> {
    return {
      log,
      validator: undefined,
      app: await application(log, this.clock, this.keys, new GuardedCommit(log)),
    };
  }

  private async withoutGuards(
    log: ProcessLog,
    { isStarted = true, ...parts }: ProcessParts,
  ): Promise<Process> {
    const process = new OrderValidator(log, new PriceRows(log), parts);
    if (isStarted) await process.start();
    const claims = new IdempotencyClaims(
      log,
      new Fingerprints(this.keys),
      new ClaimAges(() => this.clock.now()),
    );
    const validator = isStarted ? process : undefined;
    return {
      log,
      validator,
      app: await application(log, this.clock, this.keys, new ValidatedCommit(log, process, claims)),
    };
  }
}

export const place = (app: Application, key: string): Promise<Outcome<never>> =>
  app.placeOrder.execute(new PlaceOrder(context(key, order), order));

export const orderOf = (outcome: Outcome<never>): unknown =>
  outcome.kind === 'committed' && (outcome.events[0]?.data as { orderId: string }).orderId;

function expectOneDecisionACommand(events: readonly LoggedEvent[]): void {
  const seen = new Set<string>();
  const twice = events.filter(
    ({ metadata: { commandId, index } }) =>
      seen.has(`${commandId} ${index}`) || !seen.add(`${commandId} ${index}`),
  );
  expect(twice).toEqual([]);
}

function forbiddenByOracle(
  events: readonly LoggedEvent[],
): readonly (readonly [orderId: string, reasons: readonly string[]])[] {
  const read = new Oracle().read(
    events.map((event) => ({ ...event, position: String(event.position) }) as never),
  );
  return read.orders.map(
    ({ event, expected }) => [String(event.data['orderId']), expected] as const,
  );
}

let believable: Promise<readonly Append[]> | undefined;

/** The first appends of every test's world, made once. */
function believableAppends(): Promise<readonly Append[]> {
  return (believable ??= recordBelievable());
}

async function recordBelievable(): Promise<readonly Append[]> {
  const appends: Append[] = [];
  const clock = new LogClock(() => Date.parse(`${today}T08:00:00.000Z`));
  const barrier = (moment: string, { stream, expectedRevision, events }: Append): void => {
    if (moment === 'after-append') appends.push({ stream, expectedRevision, events });
  };
  const log = new MemoryEventLog({ guards: 'atomic', clock: () => clock.now(), barrier });
  await initialiseLog(log, {
    logId: 'log',
    clock: 'system',
    now: clock.instant(),
    referenceData: smallReferenceData,
  });
  await believableWorld(await application(log, clock, new KnownKeys()), {
    month: '2026-11',
    today,
  });
  return appends;
}
