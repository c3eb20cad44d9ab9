import { randomUUID } from 'node:crypto';
import { commandId, eventId, streamName } from '../../libs/domain/shared/ids.js';
import type { EventLog, NewEvent } from '../../libs/event-log/event-log.js';

const CUSTOMERS = 10_000;
const ORDERS_A_COMMAND = 20;
const RULES = 17;

/**
 * A log of registrations and order decisions in their stored form: about 1.5 KB each, of 10,000
 * customers.
 */
export async function fillWithOrders(log: EventLog, events: number): Promise<void> {
  const customers = Math.min(CUSTOMERS, Math.ceil(events / (ORDERS_A_COMMAND + 1)));
  const revisions = new Map<number, number>();
  const append = async (
    customer: number,
    proposed: readonly (readonly [type: string, data: object])[],
  ): Promise<void> => {
    const command = commandId(randomUUID());
    const stream = streamName(`customer-${tenant(customer)}`);
    const expectedRevision = revisions.get(customer) ?? -1;
    const all = proposed.map(([type, data], index): NewEvent => {
      const metadata = {
        commandId: command,
        index,
        actor: 'key:order-entry-1',
        correlationId: randomUUID(),
        fingerprint: 'f'.repeat(43),
      };
      return { id: eventId(randomUUID()), type, version: 1, data, metadata };
    });
    await log.append({ stream, expectedRevision, events: all });
    revisions.set(customer, expectedRevision + proposed.length);
  };

  for (let first = 0; first < customers; first += 500) {
    await Promise.all(
      range(first, Math.min(first + 500, customers)).map((customer) =>
        append(customer, [['CustomerRegistered', registration(customer)]]),
      ),
    );
  }
  const orders = Math.ceil((events - customers) / ORDERS_A_COMMAND);
  for (let first = 0; first < orders; first += 500) {
    const batch = range(first, Math.min(first + 500, orders));
    // One command at a time for each customer, many customers at once.
    const customersOnce = [...new Map(batch.map((number) => [number % customers, number]))];
    // prettier-ignore
    await Promise.all(customersOnce.map(([customer, number]) => append(customer, range(0, ORDERS_A_COMMAND).map((line) => decidedOrder(number + line)))));
  }
}

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
const tenant = (number: number): string =>
  `aaaaaaaa-0000-4000-8000-${String(number).padStart(12, '0')}`;

const registration = (number: number): object => ({
  tenantId: tenant(number),
  legalName: `Customer ${number} K.K.`,
  country: 'JP',
  domain: `customer-${number}.example`,
  language: 'ja-JP',
  qualifications: [],
});

/** Every tenth order is refused. */
export function decidedOrder(number: number): readonly [string, object] {
  const refused = number % 10 === 9;
  const check = (rule: number): unknown[] => [
    `RULE-${rule}`,
    refused && rule === 9 ? 'f' : 'p',
    refused && rule === 9 ? 'agreement-missing' : 0,
    -1,
    0,
    [rule % 6],
  ];
  const order = {
    orderId: randomUUID(),
    kind: 'new',
    partnerId: `reseller-${number % 50}`,
    providerId: 'provider-1',
    currency: 'JPY',
    reference: `PO ${number}`,
    lines: [
      {
        offerId: 'CFQ7TTC0LH18:0001',
        title: 'Microsoft 365 Business Basic',
        quantity: 5,
        term: 'P1Y',
        billingPlan: 'annual',
        unitPrice: '8640',
        erpPrice: '10800',
        segment: 'commercial',
        family: 'cloud',
        amount: '43200',
        source: { importId: '0b5f2a0e-54f6-5b0a-9f3d-0d0c1c2b3a49', row: 1 },
      },
    ],
    ...(refused ? {} : { total: { amount: '43200', currency: 'JPY' } }),
    decision: {
      v: 1,
      outcome: refused ? 'refused' : 'accepted',
      judgedAt: '2026-11-22T10:00:00.000Z',
      date: '2026-11-22',
      ruleset: '2026-11',
      policy: 2,
      // prettier-ignore
      reads: [['program', 9], [`partner-reseller-${number % 50}`, 6], ['partner-provider-1', 4], ['pricelist-JP-2026-11', 0]],
      evidence: range(0, 6).map((read) => [read - 1, read, randomUUID()]),
      checks: range(1, RULES + 1).map(check),
    },
  };
  return [refused ? 'OrderRefused' : 'OrderPlaced', order];
}
