import { expect } from '@jest/globals';
import { GuardedCommit } from '../../libs/application/decisions/guarded-commit.js';
import { StandingCommit } from '../../libs/application/decisions/standing-commit.js';
import { derivation, type OrderDecidedEvent, standing } from '../../libs/application/gate/judge-order.js';
import { PriceRows } from '../../libs/application/gate/price-rows.js';
import { StandingProcess } from '../../libs/application/gate/standing-process.js';
import { initialiseLog } from '../../libs/application/program/initialise-log.js';
import { PastView } from '../../libs/application/states/view.js';
import {
  type Application,
  application,
  believableWorld,
  MemoryKeyStore,
  seller,
  tenant,
} from '../../libs/application/testing/application.js';
import { smallReferenceData } from '../../libs/application/testing/small-reference-data.js';
import { LogClock } from '../../libs/application/time/clock.js';
import type { OrderRequest } from '../../libs/domain/gate/order.js';
import { customerStream } from '../../libs/domain/shared/streams.js';
import type { LoggedEvent } from '../../libs/event-log/event-log.js';
import { type AppendMoment, MemoryEventLog } from '../../libs/event-log/memory/memory-event-log.js';

export const today = '2026-11-22';
export const order: OrderRequest = {
  partnerId: seller,
  tenantId: tenant,
  currency: 'JPY',
  lines: [{ offerId: 'CFQ7TTC0LH18:0001', quantity: 5, term: 'P1M', billingPlan: 'monthly' }],
};

export type Guards = 'atomic' | 'none';

/** Two processes on one log, a way to act at a moment of the first one's order append, and a way to crash there. */
export class World {
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
