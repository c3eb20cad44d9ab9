import { describe, expect, it } from '@jest/globals';
import type { OrderRequest } from '../../libs/domain/gate/order.js';
import { customerStream } from '../../libs/domain/shared/streams.js';
import type { LoggedEvent } from '../../libs/event-log/event-log.js';
import { type AppendMoment, MemoryEventLog } from '../../libs/event-log/memory/memory-event-log.js';
import { ChangeCustomer } from '../../libs/application/customers/customer.commands.js';
import type { Outcome } from '../../libs/application/decisions/context.js';
import { GuardedCommit } from '../../libs/application/decisions/guarded-commit.js';
import { StandingCommit } from '../../libs/application/decisions/standing-commit.js';
import { derivation, type OrderDecidedEvent, standing } from '../../libs/application/gate/judge-order.js';
import { PriceRows } from '../../libs/application/gate/price-rows.js';
import { StandingProcess } from '../../libs/application/gate/standing-process.js';
import { PlaceOrder } from '../../libs/application/orders/order.commands.js';
import { ChangePartner } from '../../libs/application/partners/partner.commands.js';
import { initialiseLog } from '../../libs/application/program/initialise-log.js';
import { PastView } from '../../libs/application/states/view.js';
import {
  type Application,
  application,
  believableWorld,
  context,
  MemoryKeyStore,
  provider,
  seller,
  tenant,
} from '../../libs/application/testing/application.js';
import { smallReferenceData } from '../../libs/application/testing/small-reference-data.js';
import { LogClock } from '../../libs/application/time/clock.js';

const today = '2026-11-22';
const order: OrderRequest = {
  partnerId: seller,
  tenantId: tenant,
  currency: 'JPY',
  lines: [{ offerId: 'CFQ7TTC0LH18:0001', quantity: 5, term: 'P1M', billingPlan: 'monthly' }],
};

type Guards = 'atomic' | 'none';
class Crash extends Error {}

/** Two processes on one log, a way to act at a moment of the first one's order append, and a way to crash there. */
class World {
  readonly log: MemoryEventLog;
  private readonly priceRows: PriceRows;
  private readonly standing: StandingProcess[] = [];
  private readonly clock = new LogClock(() => Date.parse(`${today}T09:00:00.000Z`));
  private readonly keys = new MemoryKeyStore();
  atMoment: ((moment: AppendMoment) => Promise<void>) | undefined;

  constructor(private readonly guards: Guards) {
    this.log = new MemoryEventLog({
      guards,
      clock: () => this.clock.now(),
      gate: async (moment, append) => {
        if (!append.events.some(({ type }) => type === 'OrderPlaced')) return;
        const act = this.atMoment;
        if (!act) return;
        await act(moment);
      },
    });
    this.priceRows = new PriceRows(this.log);
  }

  async open(): Promise<Application> {
    await initialiseLog(this.log, { logId: 'log', clock: 'system', now: this.clock.instant(), referenceData: smallReferenceData });
    const app = await this.process();
    await believableWorld(app, { month: '2026-11', today });
    return app;
  }

  /** Another process on the same log. */
  async process(): Promise<Application> {
    return application(this.log, this.clock, this.keys, this.guards === 'atomic' ? new GuardedCommit(this.log) : this.standingCommit());
  }

  async events(): Promise<LoggedEvent[]> {
    const events: LoggedEvent[] = [];
    for await (const page of this.log.readStream(customerStream(tenant))) events.push(...page);
    return events;
  }

  async close(): Promise<void> {
    await Promise.all(this.standing.map((process) => process.stop()));
    await this.log.close();
  }

  /** No standing order that the log's order forbids, nothing voided twice, and every decision can be derived again. */
  async check(): Promise<void> {
    await this.settled();
    const events = await this.events();
    const voided = events.filter(({ type }) => type === 'OrderVoided').map(({ data }) => (data as { orderId: string }).orderId);
    expect(new Set(voided).size).toBe(voided.length);
    for (const event of events) {
      if (event.type !== 'OrderPlaced' && event.type !== 'OrderRefused') continue;
      const decided = event as OrderDecidedEvent;
      expect((await derivation(decided, this.log, this.priceRows)).holds).toBe(true);
      if (event.type !== 'OrderPlaced') continue;
      const { outcome } = await standing(decided, new PastView(this.log, event.position - 1), this.priceRows);
      expect(voided.includes(decided.data.orderId)).toBe(outcome === 'refused');
    }
  }

  private async settled(): Promise<void> {
    const head = await this.log.head();
    for (let turn = 0; turn < 200 && this.standing.some(({ checkpoint }) => checkpoint < head); turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  private standingCommit(): StandingCommit {
    const process = new StandingProcess(this.log, this.priceRows);
    this.standing.push(process);
    process.start((error) => {
      throw error;
    });
    return new StandingCommit(this.log, process, () => this.clock.now());
  }
}

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
