import { createHash } from 'node:crypto';
import {
  BillingRunProcess,
  type RunStarted,
} from '../../../libs/application/billing/runs/billing-run.process.js';
import { StateCache } from '../../../libs/application/engine/states/state-cache.js';
import { LogClock } from '../../../libs/application/engine/time/clock.js';
import { foldOf } from '../../../libs/application/records/folds.js';
import {
  commandId,
  eventId,
  type StreamName,
  streamName,
} from '../../../libs/domain/shared/ids.js';
import type { Append, LoggedEvent } from '../../../libs/event-log/event-log.js';
import { SqliteEventLog } from '../../../libs/event-log/sqlite/sqlite-event-log.js';
import { openWorkerReadModels } from '../../../libs/read-models/composition/open-read-models.js';
import { serveParent } from './child.js';
import { usage } from './usage.js';

// A billing run in a process of its own, and the same appends without the run.

const dataDir = process.env['DATA_DIR'] ?? '';
const payers = Number(process.env['PAYERS']);
const charges = Number(process.env['CHARGES']);
const PERIOD = '2026-10';
const ENTITY = 'kansai-billing';
const AT_ONCE = 32;
const address = { lines: ['1-1 Marunouchi'], country: 'JP' };

const uuid = (text: string): string => {
  const hex = createHash('sha1').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

const clock = new LogClock();
clock.setAt('2026-11-02T00:00:00.000Z');
const open = (file: string) =>
  SqliteEventLog.open({ file: `${dataDir}/${file}`, clock: () => clock.now() });
const log = await open('log.db');
const logFile = `${dataDir}/log.db`;
const opened = openWorkerReadModels({
  log,
  logFile,
  dataDir,
  project: true,
  report: () => undefined,
});

async function append(stream: string, type: string, data: object): Promise<LoggedEvent> {
  const command = commandId(uuid(`command ${stream} ${type}`));
  const { events } = await log.append({
    stream: streamName(stream),
    expectedRevision: -1,
    events: [
      {
        id: eventId(uuid(`event ${stream} ${type}`)),
        type,
        version: 1,
        data,
        metadata: { commandId: command, index: 0, actor: 'bench', correlationId: 'bench' },
      },
    ],
  });
  return events[0] as LoggedEvent;
}

const charge = (payer: number, index: number, tenantId: string) => ({
  chargeId: uuid(`charge ${payer} ${index}`),
  type: 'cycleCharge',
  half: 'charge',
  source: { subscriptionId: uuid(`subscription ${payer} ${index}`) },
  tenantId,
  description: 'Microsoft 365 E3',
  family: 'cloud',
  from: '2026-10-05',
  to: '2026-11-04',
  date: '2026-10-05',
  quantity: 1 + (index % 7),
  unitPrice: '54000',
  amount: String(4500 * (1 + (index % 7))),
  cost: '4000',
  taxCategory: index % 5 === 0 ? 'reduced' : 'standard',
  causedBy: uuid(`cause ${payer} ${index}`),
});

/** The parties, and the charges of every payer. */
async function prepare(): Promise<void> {
  const entity = { entityId: ENTITY, partnerId: 'kansai-cloud' };
  await append(`billingentityid-${ENTITY}`, 'BillingEntityIdAssigned', entity);
  await append('billingentity-kansai-cloud', 'BillingEntityRegistered', {
    ...entity,
    legalName: 'Kansai Cloud KK',
    address,
    currency: 'JPY',
    language: 'ja',
    numberPrefix: 'KC-',
    paymentTermsDays: 30,
    timeZone: 'Asia/Tokyo',
    taxRounding: 'truncate',
    pricing: { basis: 'erp-price', adjustmentPercent: '0' },
  });
  await append('taxrates-JP', 'TaxRatesPublished', {
    country: 'JP',
    from: '2019-10-01',
    rates: { standard: '0.10', reduced: '0.08' },
  });
  await atMost(
    Array.from({ length: payers }, (_, index) => index),
    async (number) => {
      const tenantId = uuid(`tenant ${number}`);
      const payer = `customer:${tenantId}`;
      await append(`customer-${tenantId}`, 'CustomerRegistered', {
        tenantId,
        legalName: `Customer ${number}`,
        country: 'JP',
        qualifications: [],
      });
      await append(`billingprofile-${payer}`, 'BillingProfileRegistered', { payer, address });
      await append(`billing-${payer}`, 'ChargesRecorded', {
        ...entity,
        currency: 'JPY',
        relation: 'customer',
        charges: Array.from({ length: charges }, (_, index) => charge(number, index, tenantId)),
      });
    },
  );
  await opened.readModels.waitFor(await log.head(), 600_000);
}

async function atMost<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

let runFrom = -1;

export interface Ran {
  readonly perSecond: number;
  readonly events: number;
  /** Processor time of the main thread. */
  readonly mainMicros: number;
  readonly memoryMiB: number;
  /** Before the run. */
  readonly preparedMiB: number;
  /** Of the main thread after the run. */
  readonly heapMiB: number;
}

/** From the start of the run to its completion. */
async function run(): Promise<Ran> {
  const runId = uuid('run');
  const started = await append(`billingrun-${runId}`, 'BillingRunStarted', {
    runId,
    period: PERIOD,
  });
  runFrom = started.position;
  const process_ = new BillingRunProcess({
    log,
    states: new StateCache(log, foldOf),
    readModels: opened.readModels,
    clock,
  });
  const preparedMiB = process.resourceUsage().maxRSS / 1024;
  const { mainMicros } = usage();
  const startedAt = performance.now();
  await process_.take(started as RunStarted);
  const seconds = (performance.now() - startedAt) / 1000;
  const events = (await log.head()) - runFrom;
  return {
    perSecond: events / seconds,
    events,
    mainMicros: usage().mainMicros - mainMicros,
    memoryMiB: process.resourceUsage().maxRSS / 1024,
    preparedMiB,
    heapMiB: process.memoryUsage().heapUsed / 1024 / 1024,
  };
}

/** The same appends to streams of their own in an empty log. */
async function replay(): Promise<Ran> {
  const appends = new Map<string, Append>();
  for await (const { events } of log.readAll({ after: runFrom }))
    for (const { metadata, stream, id, type, version, data } of events) {
      const before = appends.get(metadata.commandId);
      appends.set(metadata.commandId, {
        stream: `${stream}~${metadata.commandId}` as StreamName,
        expectedRevision: -1,
        events: [...(before?.events ?? []), { id, type, version, data, metadata }],
      });
    }
  const fresh = await open('fresh.db');
  const { mainMicros } = usage();
  const startedAt = performance.now();
  await atMost([...appends.values()], (one) => fresh.append(one));
  const seconds = (performance.now() - startedAt) / 1000;
  const events = (await fresh.head()) + 1;
  await fresh.close();
  return {
    perSecond: events / seconds,
    events,
    mainMicros: usage().mainMicros - mainMicros,
    memoryMiB: 0,
    preparedMiB: 0,
    heapMiB: 0,
  };
}

serveParent({}, { prepare, run, replay }, async () => {
  await opened.close();
  await log.close();
});
