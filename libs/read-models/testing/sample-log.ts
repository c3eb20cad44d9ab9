import { randomUUID } from 'node:crypto';
import { commandId, eventId, streamName } from '../../domain/shared/ids.js';
import type { EventLog, EventMetadata, LoggedEvent, NewEvent } from '../../event-log/event-log.js';

export interface Told {
  readonly stream: string;
  readonly type: string;
  readonly data: object;
  readonly version?: number;
}

const told = (stream: string, type: string, data: object): Told => ({ stream, type, data });

const newEvent = ({ type, data, version = 1 }: Told, metadata: EventMetadata): NewEvent => ({
  id: eventId(randomUUID()),
  type,
  version,
  data,
  metadata,
});

const metadataOf = (command: string, index: number): EventMetadata => ({
  commandId: commandId(command),
  index,
  actor: 'key:test',
  correlationId: command,
});

/**
 * Appends each event with a command of its own, or all of one stream with one command, and returns
 * them as logged.
 */
export async function appendEach(
  log: EventLog,
  ...events: readonly Told[]
): Promise<readonly LoggedEvent[]> {
  const appended: LoggedEvent[] = [];
  for (const event of events) appended.push(...(await appendAtOnce(log, [event])));
  return appended;
}

export async function appendAtOnce(
  log: EventLog,
  events: readonly Told[],
): Promise<readonly LoggedEvent[]> {
  const stream = streamName(events[0]?.stream ?? 'none');
  const command = randomUUID();
  const expectedRevision = await log.revisionOf(stream);
  const appended = await log.append({
    stream,
    expectedRevision,
    events: events.map((one, index) => newEvent(one, metadataOf(command, index))),
  });
  return appended.events;
}

/** Events as a log would return them, without a log. */
export function logged(events: readonly Told[]): readonly LoggedEvent[] {
  const revisions = new Map<string, number>();
  return events.map((event, position) => {
    const revision = (revisions.get(event.stream) ?? -1) + 1;
    revisions.set(event.stream, revision);
    const uuid = `00000000-0000-4000-8000-${String(position).padStart(12, '0')}`;
    const recordedAt = '2026-11-22T10:00:00.000Z';
    return {
      ...newEvent(event, metadataOf(uuid, 0)),
      id: eventId(uuid),
      stream: streamName(event.stream),
      revision,
      position,
      recordedAt,
    };
  });
}

export const tenant = (number: number): string =>
  `aaaaaaaa-0000-4000-8000-${String(number).padStart(12, '0')}`;
export const order = (number: number): string =>
  `bbbbbbbb-0000-4000-8000-${String(number).padStart(12, '0')}`;

export const partnerRegistered = (partnerId: string, data: object = {}): Told =>
  told(`partner-${partnerId}`, 'PartnerRegistered', {
    partnerId,
    legalName: `${partnerId} Ltd.`,
    country: 'JP',
    model: 'indirect-reseller',
    ...data,
  });
export const partnerEvent = (partnerId: string, type: string, data: object): Told =>
  told(`partner-${partnerId}`, type, data);

export const billingEntityEvent = (
  partnerId: string,
  type: 'BillingEntityRegistered' | 'BillingEntityChanged',
  legalName: string,
): Told =>
  told(`billingentity-${partnerId}`, type, {
    ...(type === 'BillingEntityRegistered' && { entityId: `entity-of-${partnerId}`, partnerId }),
    legalName,
    address: { lines: ['1-1 Marunouchi'], country: 'JP' },
    currency: 'JPY',
    language: 'ja',
    numberPrefix: 'KC-',
    paymentTermsDays: 30,
    timeZone: 'Asia/Tokyo',
    taxRounding: 'truncate',
    pricing: { basis: 'erp-price', adjustmentPercent: '0' },
  });
export const taxRatesPublished = (country: string, from: string, standard: string): Told =>
  told(`taxrates-${country}`, 'TaxRatesPublished', { country, from, rates: { standard } });

export const customerRegistered = (number: number, data: object = {}): Told =>
  told(`customer-${tenant(number)}`, 'CustomerRegistered', {
    tenantId: tenant(number),
    legalName: `Customer ${number}`,
    country: 'JP',
    qualifications: [],
    ...data,
  });
export const customerEvent = (number: number, type: string, data: object): Told =>
  told(`customer-${tenant(number)}`, type, data);

export const decision = (
  outcome: 'accepted' | 'refused',
  failed: readonly string[] = [],
  date = '2026-11-22',
): object => ({
  v: 1,
  outcome,
  judgedAt: `${date}T10:00:00.000Z`,
  date,
  ruleset: '2026-11',
  policy: 2,
  reads: [],
  evidence: [],
  checks: [
    ['SELLER-1', 'p', 0, -1, 0, []],
    ...failed.map((reason) => ['AGREEMENT-1', 'f', reason, -1, 0, []]),
  ],
});

const decided = (
  type: string,
  tenantNumber: number,
  orderNumber: number,
  partnerId: string,
  data: object,
): Told =>
  told(`customer-${tenant(tenantNumber)}`, type, {
    orderId: order(orderNumber),
    kind: 'new',
    partnerId,
    currency: 'JPY',
    lines: [{ offerId: 'CFQ7TTC0LH18:0001', quantity: 1, term: 'P1Y', billingPlan: 'annual' }],
    ...data,
  });

export const orderPlaced = (
  tenantNumber: number,
  orderNumber: number,
  partnerId = 'res-1',
  data: object = {},
): Told =>
  decided('OrderPlaced', tenantNumber, orderNumber, partnerId, {
    total: { amount: '100', currency: 'JPY' },
    decision: decision('accepted'),
    ...data,
  });
export const orderRefused = (
  tenantNumber: number,
  orderNumber: number,
  reasons: readonly string[],
  partnerId = 'res-1',
  data: object = {},
): Told =>
  decided('OrderRefused', tenantNumber, orderNumber, partnerId, {
    decision: decision('refused', reasons),
    ...data,
  });
export const orderCancelled = (tenantNumber: number, orderNumber: number): Told =>
  customerEvent(tenantNumber, 'OrderCancelled', {
    orderId: order(orderNumber),
    on: '2026-11-23',
    reason: 'mistake',
  });

export const priceRow = (row: number, data: object = {}): object => ({
  row,
  offerId: `CFQ7TTC0LH18:${String(row).padStart(4, '0')}`,
  title: `Offer ${row}`,
  term: 'P1Y',
  billingPlan: 'annual',
  currency: 'JPY',
  unitPrice: '100',
  segment: 'commercial',
  family: 'cloud',
  ...data,
});
export const importChunk = (importId: string, rows: readonly object[]): Told =>
  told(`import-${importId}`, 'ImportChunkAdded', { index: 0, rows });
export const importCompleted = (importId: string, kind = 'price-list'): Told =>
  told(`import-${importId}`, 'ImportCompleted', { kind, chunks: 1, rows: 1, digest: 'd' });
export const priceListPublished = (importId: string, market = 'JP', month = '2026-11'): Told =>
  told(`pricelist-${market}-${month}`, 'PriceListPublished', {
    market,
    month,
    importId,
    rows: 1,
    digest: 'd',
  });
export const partnerOffersPublished = (
  importId: string,
  partnerId: string,
  month = '2026-11',
): Told =>
  told(`partneroffers-${partnerId}-${month}`, 'PartnerOffersPublished', {
    partnerId,
    month,
    importId,
    rows: 1,
    digest: 'd',
  });
export const sellingPriceRow = (row: number, data: object = {}): object => ({
  row,
  offerId: `CFQ7TTC0LH18:${String(row).padStart(4, '0')}`,
  term: 'P1Y',
  billingPlan: 'annual',
  currency: 'JPY',
  segment: 'commercial',
  sellingPrice: '120',
  ...data,
});
export const sellingPricesPublished = (
  importId: string,
  partnerId: string,
  market = 'JP',
  month = '2026-11',
): Told =>
  told(`sellingprices-${partnerId}-${market}-${month}`, 'SellingPricesPublished', {
    partnerId,
    market,
    month,
    importId,
    rows: 1,
    digest: 'd',
  });
