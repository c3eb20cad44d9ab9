import { expect } from '@jest/globals';
import { billingRunFold } from '../../libs/application/billing/runs/billing-run-fold.js';
import {
  BillingRunProcess,
  type RunStarted,
} from '../../libs/application/billing/runs/billing-run.process.js';
import { accountFold } from '../../libs/application/billing/billing-folds.js';
import { digestOf } from '../../libs/application/billing/documents/document-series.js';
import { StateCache } from '../../libs/application/engine/states/state-cache.js';
import { readState } from '../../libs/application/engine/states/view.js';
import { LogClock } from '../../libs/application/engine/time/clock.js';
import { foldOf } from '../../libs/application/records/folds.js';
import type {
  NumberingEvent,
  RecordedCharge,
} from '../../libs/domain/billing/account/account-events.js';
import { frozenDraft } from '../../libs/domain/billing/account/issue-document.js';
import { billedCharges } from '../../libs/domain/billing/account/payer-account.js';
import { customerPayer, type Payer } from '../../libs/domain/billing/parties/billing-profile.js';
import type { BillingRun, RunRequest } from '../../libs/domain/billing/runs/billing-run.js';
import { billingRunId, tenantId } from '../../libs/domain/shared/ids.js';
import type { EventLog, LoggedEvent } from '../../libs/event-log/event-log.js';
import { MemoryEventLog } from '../../libs/event-log/memory/memory-event-log.js';
import { billingRunIdOf, commandIdFrom } from '../../libs/event-log/identity.js';
import { openLocalReadModels } from '../../libs/read-models/composition/open-read-models.js';
import { appendEach, type Told } from '../../libs/read-models/testing/sample-log.js';
import type { Guards } from './decision-world.js';

export const ENTITY = 'kansai-billing';
export const PERIOD = '2026-10';

export const tenantOf = (number: number): string =>
  `aaaaaaaa-0000-4000-8000-${String(number).padStart(12, '0')}`;
export const payerOf = (number: number): Payer => customerPayer(tenantId(tenantOf(number)));

export const entityRegistered = (entityId = ENTITY, partnerId = 'kansai-cloud'): Told[] => [
  {
    stream: `billingentityid-${entityId}`,
    type: 'BillingEntityIdAssigned',
    data: { entityId, partnerId },
  },
  {
    stream: `billingentity-${partnerId}`,
    type: 'BillingEntityRegistered',
    data: {
      entityId,
      partnerId,
      legalName: 'Kansai Cloud KK',
      address: { lines: ['1-1 Marunouchi'], country: 'JP' },
      taxId: 'T7000012050002',
      currency: 'JPY',
      language: 'ja',
      numberPrefix: `${entityId}-`,
      paymentTermsDays: 30,
      timeZone: 'Asia/Tokyo',
      taxRounding: 'truncate',
      pricing: { basis: 'erp-price', adjustmentPercent: '0' },
    },
  },
];
export const ratesPublished: Told = {
  stream: 'taxrates-JP',
  type: 'TaxRatesPublished',
  data: { country: 'JP', from: '2019-10-01', rates: { standard: '0.10', reduced: '0.08' } },
};
export const customerRegistered = (number: number): Told => ({
  stream: `customer-${tenantOf(number)}`,
  type: 'CustomerRegistered',
  data: {
    tenantId: tenantOf(number),
    legalName: `Customer ${number}`,
    country: 'JP',
    qualifications: [],
  },
});
export const profileRegistered = (number: number, data: object = {}): Told => ({
  stream: `billingprofile-${payerOf(number)}`,
  type: 'BillingProfileRegistered',
  data: {
    payer: payerOf(number),
    address: { lines: [`${number} Umeda`], country: 'JP' },
    ...data,
  },
});

let charges = 0;
export const charge = (data: Partial<RecordedCharge> = {}): RecordedCharge => {
  const number = String((charges += 1)).padStart(12, '0');
  return {
    chargeId: `cccccccc-0000-4000-8000-${number}`,
    type: 'new',
    half: 'charge',
    source: { subscriptionId: `dddddddd-0000-4000-8000-${number}` } as never,
    description: 'Microsoft 365 E3',
    family: 'cloud',
    from: '2026-10-05',
    to: '2026-11-04',
    date: '2026-10-05',
    quantity: 1,
    unitPrice: '1000',
    amount: '1000',
    cost: '800',
    taxCategory: 'standard',
    causedBy: 'eeeeeeee-0000-4000-8000-000000000001' as never,
    ...data,
  };
};
export const chargesRecorded = (
  number: number,
  recorded: readonly RecordedCharge[],
  { entityId = ENTITY, currency = 'JPY', partnerId = 'kansai-cloud' } = {},
): Told => ({
  stream: `billing-${payerOf(number)}`,
  type: 'ChargesRecorded',
  data: {
    entityId,
    currency,
    partnerId,
    relation: 'customer',
    charges: recorded.map((one) => ({ ...one, tenantId: tenantOf(number) })),
  },
});

const open = new Set<BillingWorld>();
/** Call this after each test: a world that a failed test leaves would keep Jest running. */
export async function closeWorlds(): Promise<void> {
  for (const world of open) await world.close();
}

/** One log on which several processes bill. */
export class BillingWorld {
  private constructor(
    readonly log: MemoryEventLog,
    private readonly opened: ReturnType<typeof openLocalReadModels>,
    private readonly clock: LogClock,
  ) {}

  static async open(guards: Guards, ...events: readonly Told[]): Promise<BillingWorld> {
    const clock = new LogClock();
    clock.setAt('2026-11-02T16:00:00.000Z');
    const log = new MemoryEventLog({ guards, clock: () => clock.now() });
    const opened = openLocalReadModels({ log, project: true, report: () => undefined });
    const world = new BillingWorld(log, opened, clock);
    open.add(world);
    await world.append(...events);
    return world;
  }

  async close(): Promise<void> {
    open.delete(this);
    await this.opened.close();
    await this.log.close();
  }

  async append(...events: readonly Told[]): Promise<void> {
    await appendEach(this.log, ...events);
  }

  set now(at: string) {
    this.clock.setAt(at);
  }

  get readModels() {
    return this.opened.readModels;
  }

  /** The billing process of one service, over its own view of the log. */
  process(log: EventLog = this.log): BillingRunProcess {
    return new BillingRunProcess({
      log,
      states: new StateCache(log, foldOf, undefined, 500),
      readModels: this.readModels,
      clock: this.clock,
    });
  }

  /** The start of a run, as the handler appends it. */
  async started(request: Partial<RunRequest> = {}, key = 'run'): Promise<RunStarted> {
    const runId = billingRunIdOf(commandIdFrom('key:test', key));
    const [event] = await appendEach(this.log, {
      stream: `billingrun-${runId}`,
      type: 'BillingRunStarted',
      data: { runId, period: PERIOD, ...request },
    });
    return event as RunStarted;
  }

  async run(request: Partial<RunRequest> = {}, key = 'run'): Promise<BillingRun> {
    const started = await this.started(request, key);
    await this.process().take(started);
    return this.runOf(started);
  }

  async runOf({ data: { runId } }: RunStarted): Promise<BillingRun> {
    return (await readState(this.log, billingRunFold(billingRunId(runId)), {})).state;
  }

  async account(number: number) {
    return (await readState(this.log, accountFold(payerOf(number)), {})).state;
  }

  async events(): Promise<readonly LoggedEvent[]> {
    const events: LoggedEvent[] = [];
    for await (const page of this.log.readAll({ after: -1 })) events.push(...page.events);
    return events;
  }

  /**
   * What must be true of every log: no draft is left; numbers have no gap, one a document; each
   * charge is on one document; the digest is that of the document; no command has two decisions.
   */
  async check(payers: readonly number[]): Promise<{ readonly documents: number }> {
    const events = await this.events();
    const commands = events.map(({ metadata }) => `${metadata.commandId} ${metadata.index}`);
    expect(new Set(commands).size).toBe(commands.length);
    const numbers = new Map<string, NumberingEvent>();
    for (const event of events) {
      if (!event.stream.startsWith('numbering-')) continue;
      const numbered = event as unknown as NumberingEvent;
      expect(numbered.data.number).toMatch(
        new RegExp(`${String(event.revision + 1).padStart(6, '0')}$`),
      );
      expect(numbers.has(numbered.data.documentId)).toBe(false);
      numbers.set(numbered.data.documentId, numbered);
    }
    let documents = 0;
    for (const payer of payers) {
      for (const ledger of (await this.account(payer)).ledgers) {
        expect(ledger.drafts).toEqual([]);
        const billed = billedCharges(ledger).map(({ chargeId }) => chargeId);
        expect(new Set(billed).size).toBe(billed.length);
        for (const document of ledger.documents) {
          documents += 1;
          expect(document.lines).toHaveLength(document.lineCount);
          const { data } = numbers.get(document.documentId)!;
          expect([document.number, document.issuedOn, document.digest]).toEqual([
            data.number,
            data.issuedOn,
            data.digest,
          ]);
          expect(digestOf(frozenDraft(ledger, document, document))).toBe(data.digest);
        }
      }
    }
    expect(numbers.size).toBe(documents);
    return { documents };
  }
}
