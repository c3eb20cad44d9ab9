import { describe, expect, it } from '@jest/globals';
import { assumed } from '../../shared/event.js';
import { billingEntityId, orderId, partnerId, subscriptionId, tenantId } from '../../shared/ids.js';
import type { RecordedCharge } from '../account/account-events.js';
import { type Ledger, ledgerOf, newPayerAccount } from '../account/payer-account.js';
import type { SubscriptionEvent } from '../subscription/subscription-events.js';
import {
  evolveSubscription,
  noSubscription,
  type SubscriptionRecord,
} from '../subscription/subscription-record.js';
import { addedSeatCharges } from './credit-charges.js';

const id = subscriptionId('00000000-0000-4000-8000-000000000001');
const { record } = evolveSubscription(
  noSubscription,
  assumed<SubscriptionEvent>({
    type: 'SubscriptionActivated',
    data: {
      subscriptionId: id,
      orderId: orderId('00000000-0000-4000-8000-000000000002'),
      line: 0,
      tenantId: tenantId('6f1d3c52-7f0e-4b6e-9a58-0d0f5f4c1a01'),
      partnerId: partnerId('adopter'),
      currency: 'EUR',
      offerId: 'CFQ7TTC0LH18:0001',
      title: 'Basic',
      segment: 'commercial',
      family: 'cloud',
      from: '2026-06-01',
      to: '2027-05-31',
      duration: 'P1Y',
      billingPlan: 'monthly',
      quantity: 10,
      windowDays: 7,
      begunAt: 3,
      unitPrice: '100.00',
    },
  }),
) as { record: SubscriptionRecord };

const charge = (from: string, unitPrice: string): RecordedCharge => ({
  chargeId: from,
  type: 'cycleCharge',
  half: 'charge',
  source: { subscriptionId: id },
  description: 'Basic',
  family: 'cloud',
  from,
  to: from,
  date: from,
  quantity: 10,
  unitPrice,
  amount: '100.00',
  taxCategory: 'reduced',
});
const ledger = (...unbilled: readonly RecordedCharge[]): Ledger => ({
  ...ledgerOf(newPayerAccount, { entityId: billingEntityId('e'), currency: 'EUR' }),
  unbilled,
});
const amountsOn = (on: string, of: Ledger) =>
  addedSeatCharges(record, 2, on, of, 'truncate')?.map(({ amount }) => amount);

describe('the charges of added seats', () => {
  it.each([
    // 120.00 × 10 ÷ 12 = 100.00 a cycle; September has 30 days.
    ['on the first day of a cycle', '2026-09-01', ['-100.00', '120.00']],
    ['in the middle', '2026-09-16', ['-50.00', '60.00']],
    ['on the last day', '2026-09-30', ['-3.33', '4.00']],
  ])('go to the end of the cycle: %s', (_when, on, amounts) => {
    expect(amountsOn(on, ledger(charge('2026-06-01', '120.00')))).toEqual(amounts);
  });

  it('have the price and the tax category that the term has on the account', () => {
    const charged = ledger(charge('2026-05-01', '1.00'), charge('2026-06-01', '120.00'));
    expect(addedSeatCharges(record, 2, '2026-06-01', charged, 'truncate')).toMatchObject([
      { currency: 'EUR', on: '2026-06-01', amount: '-100.00', taxCategory: 'reduced' },
      { amount: '120.00' },
    ]);
  });

  it.each([
    ['the term has no charge yet', '2026-06-01', ledger()],
    ['only an earlier term was charged', '2026-06-01', ledger(charge('2026-05-31', '120.00'))],
    ['the day is before the term', '2026-05-31', ledger(charge('2026-06-01', '120.00'))],
    ['the day is after the term', '2027-06-01', ledger(charge('2026-06-01', '120.00'))],
  ])('are not known if %s', (_what, on, of) => {
    expect(amountsOn(on, of)).toBeUndefined();
  });
});
