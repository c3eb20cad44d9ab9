import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { partnerId } from '../../../domain/shared/ids.js';
import { MemoryEventLog } from '../../../event-log/memory/memory-event-log.js';
import {
  openLocalReadModels,
  type OpenedReadModels,
} from '../../../read-models/composition/open-read-models.js';
import { appendEach, type Told } from '../../../read-models/testing/sample-log.js';
import { ChargesAtCost } from './charges-at-cost.js';

const tenantId = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const subscription = (number: number): string =>
  `66c2ea99-fa35-50b8-9c05-${String(number).padStart(12, '0')}`;
const causedBy = '79337066-8c2f-55c1-bd06-c6406b846d46';

const activated = (number: number, seller: string, providerId?: string): Told => ({
  stream: `subscription-${subscription(number)}`,
  type: 'SubscriptionActivated',
  data: {
    subscriptionId: subscription(number),
    tenantId,
    partnerId: seller,
    ...(providerId !== undefined && { providerId }),
    orderId: 'ccbe3930-55c0-5a2b-a31d-d898b014bdcb',
    line: number,
    offerId: 'CFQ7TTC0LH18:0001',
    title: 'Microsoft 365 E3',
    segment: 'commercial',
    family: 'cloud',
    market: 'DE',
    currency: 'EUR',
    billingPlan: 'monthly',
    duration: 'P1Y',
    from: '2026-10-31',
    to: '2027-10-30',
    quantity: 1,
    begunAt: 0,
    unitPrice: '360.00',
    windowDays: 7,
  },
});

/** A charge of a subscription in one relation. */
const recorded = (
  number: number,
  relation: 'customer' | 'reseller',
  issuer: string,
  changes: object = {},
): Told => ({
  stream: relation === 'customer' ? `billing-customer:${tenantId}` : 'billing-partner:reseller',
  type: 'ChargesRecorded',
  data: {
    entityId: `${issuer}-entity`,
    currency: 'EUR',
    partnerId: issuer,
    relation,
    charges: [
      {
        chargeId: `${relation === 'customer' ? 'a' : 'b'}0000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
        type: 'new',
        half: 'charge',
        source: { subscriptionId: subscription(number) },
        tenantId,
        offerId: 'CFQ7TTC0LH18:0001',
        term: { from: '2026-10-31', to: '2027-10-30' },
        description: 'Microsoft 365 E3',
        family: 'cloud',
        from: '2026-10-31',
        to: '2026-11-29',
        date: '2026-10-31',
        quantity: 1,
        unitPrice: relation === 'customer' ? '480.00' : '400.00',
        amount: relation === 'customer' ? '40.00' : '33.33',
        cost: '30.00',
        taxCategory: 'standard',
        causedBy,
        ...changes,
      },
    ],
  },
});
const vendorId = (number: number, id: string | null): Told => ({
  stream: `subscription-${subscription(number)}`,
  type: 'SubscriptionVendorIdSet',
  data: { vendorId: id },
});

let log: MemoryEventLog;
let opened: OpenedReadModels;
let ours: ChargesAtCost;
beforeEach(() => {
  log = new MemoryEventLog({
    guards: 'atomic',
    clock: () => Date.parse('2026-11-30T10:00:00.000Z'),
  });
  opened = openLocalReadModels({ log, project: true, report: () => undefined });
  ours = new ChargesAtCost(log, opened.readModels);
});
afterEach(() => opened.close());

/** The lines of a partner, each as its charge, cost and vendor id. */
async function linesOf(
  partner: string,
  { months = ['2026-10'], currency = 'EUR', knownAt = undefined as number | undefined } = {},
) {
  const lines = await ours.find({
    partnerId: partnerId(partner),
    currency,
    months,
    knownAt: knownAt ?? (await log.head()),
  });
  return lines.map(({ chargeId, cost, vendorId: id }) =>
    [chargeId.slice(0, 1) + chargeId.slice(-1), cost, id].join(' ').trim(),
  );
}

describe('our charges for what a partner buys from Microsoft', () => {
  it('count once where both the reseller and its provider bill them', async () => {
    await appendEach(
      log,
      activated(1, 'reseller', 'provider'),
      recorded(1, 'reseller', 'provider'),
      recorded(1, 'customer', 'reseller'),
      activated(2, 'reseller', 'provider'),
      recorded(2, 'reseller', 'provider'),
      activated(3, 'reseller', 'provider'),
      recorded(3, 'customer', 'reseller'),
    );
    expect((await linesOf('provider')).sort()).toEqual(['a1 30.00', 'a3 30.00', 'b2 30.00']);
    // Microsoft bills the provider, not the reseller.
    expect(await linesOf('reseller')).toEqual([]);
  });

  it('are those of a partner that buys directly, and of no other provider', async () => {
    await appendEach(
      log,
      activated(1, 'direct'),
      recorded(1, 'customer', 'direct'),
      activated(2, 'reseller', 'provider'),
      activated(3, 'reseller', 'another'),
      recorded(2, 'customer', 'reseller'),
      recorded(3, 'customer', 'reseller'),
    );
    expect(await linesOf('direct')).toEqual(['a1 30.00']);
    expect(await linesOf('provider')).toEqual(['a2 30.00']);
    expect(await linesOf('another')).toEqual(['a3 30.00']);
  });

  it('are in the currency and the months, and not manual ones', async () => {
    await appendEach(
      log,
      activated(1, 'direct'),
      recorded(1, 'customer', 'direct'),
      recorded(2, 'customer', 'direct', { date: '2026-11-30', from: '2026-11-30' }),
      recorded(3, 'customer', 'direct', {
        source: { subscriptionId: subscription(1) },
        type: 'manual',
        from: '2026-10-30',
      }),
    );
    expect(await linesOf('direct')).toEqual(['a1 30.00']);
    expect(await linesOf('direct', { months: ['2026-11'] })).toEqual([]);
    expect(await linesOf('direct', { currency: 'USD' })).toEqual([]);
    expect(await linesOf('direct', { months: [] })).toEqual([]);
  });

  it('are those that were recorded by then, with the vendor id of then', async () => {
    await appendEach(log, activated(1, 'direct'), recorded(1, 'customer', 'direct'));
    const before = await log.head();
    await appendEach(log, vendorId(1, 'v-1'));
    const named = await log.head();
    const later = { type: 'cycleCharge', source: { subscriptionId: subscription(1) } };
    await appendEach(log, vendorId(1, null), recorded(2, 'customer', 'direct', later));
    expect(await linesOf('direct', { knownAt: before })).toEqual(['a1 30.00']);
    expect(await linesOf('direct', { knownAt: named })).toEqual(['a1 30.00 v-1']);
    expect(await linesOf('direct')).toEqual(['a1 30.00', 'a2 30.00']);
    expect(await linesOf('direct', { knownAt: named })).toEqual(['a1 30.00 v-1']);
  });
});
