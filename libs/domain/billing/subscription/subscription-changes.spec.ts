import { describe, expect, it } from '@jest/globals';
import type { Result } from '../../shared/result.js';
import type { Subscription, SubscriptionRefusal, SubscriptionStep } from './subscription.js';
import { cancel, changeQuantity, resume, setAtTermEnd, suspend } from './subscription-changes.js';
import { activate, cycleChargesDue, imported, reachTermEnd } from './term-steps.js';

const windowDays = 7;
const start = '2026-11-10';
const bought = activate({
  on: start,
  causedBy: 'activated',
  term: 'P1Y',
  billingPlan: 'monthly',
  quantity: 10,
  windowDays,
}).subscription;

const accepted = (result: Result<SubscriptionStep, SubscriptionRefusal>): SubscriptionStep => {
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value;
};
const refusal = (result: Result<SubscriptionStep, SubscriptionRefusal>) =>
  result.ok ? undefined : result.refusal;
const quantityOn = (subscription: Subscription, on: string, quantity: number) =>
  changeQuantity(subscription, { on, causedBy: `change-${on}-${quantity}`, quantity, windowDays });
const scheduled = accepted(
  setAtTermEnd(bought, { action: 'renew', quantity: 4, term: 'P3Y', billingPlan: 'annual' }),
).subscription;

describe('an activation', () => {
  it('charges the first cycle as new', () => {
    const { charges } = activate({
      on: start,
      causedBy: 'a',
      term: 'P1Y',
      billingPlan: 'monthly',
      quantity: 10,
      windowDays,
    });
    expect(charges).toMatchObject([
      { type: 'new', from: start, to: '2026-12-09', date: start, causedBy: 'a' },
    ]);
  });
});

describe('a change of quantity', () => {
  it.each([
    ['2026-11-17', 9],
    ['2026-11-17', 1],
    ['2026-12-31', 11],
  ])('on %s to %d is possible', (on, quantity) => {
    expect(accepted(quantityOn(bought, on, quantity)).subscription.quantity).toBe(quantity);
  });

  it('is refused after the last day of the window, with the quantity that can still be returned', () => {
    const grown = accepted(quantityOn(bought, '2026-11-15', 12)).subscription;
    expect(refusal(quantityOn(grown, '2026-11-18', 9))).toEqual({
      code: 'reduction-window-closed',
      refundable: { total: 2, details: [{ quantity: 2, until: '2026-11-22' }] },
    });
    expect(accepted(quantityOn(grown, '2026-11-22', 10)).subscription.quantity).toBe(10);
    expect(refusal(quantityOn(grown, '2026-11-23', 11))).toMatchObject({
      code: 'reduction-window-closed',
    });
  });

  it('to the same quantity changes nothing, and keeps the scheduled change', () => {
    expect(accepted(quantityOn(scheduled, start, 10))).toEqual({
      subscription: scheduled,
      charges: [],
    });
  });

  it('is refused while the subscription is suspended', () => {
    expect(refusal(quantityOn(accepted(suspend(bought)).subscription, start, 11))).toEqual({
      code: 'subscription-not-active',
      status: 'suspended',
    });
  });
});

describe('a cancellation', () => {
  const on = (subscription: Subscription, day: string) =>
    cancel(subscription, { on: day, causedBy: 'c' });

  it('credits the rest of the cycle with the day itself', () => {
    const { subscription, charges } = accepted(on(bought, '2026-11-12'));
    expect(subscription.status).toBe('cancelled');
    expect(charges).toMatchObject([
      {
        type: 'cancelImmediate',
        half: 'credit',
        from: '2026-11-12',
        to: '2026-12-09',
        quantity: 10,
        days: 28,
        cycleDays: 30,
      },
    ]);
  });

  it.each([
    ['2026-11-17', true],
    ['2026-11-18', false],
  ])('on %s is possible: %s', (day, isPossible) => {
    expect(on(bought, day).ok).toBe(isPossible);
  });

  it('is refused when one seat has no open window', () => {
    const one = activate({
      on: start,
      causedBy: 'a',
      term: 'P1Y',
      billingPlan: 'monthly',
      quantity: 1,
      windowDays,
    }).subscription;
    const grown = accepted(quantityOn(one, '2026-11-17', 10)).subscription;
    expect(accepted(on(grown, '2026-11-17')).subscription.status).toBe('cancelled');
    expect(refusal(on(grown, '2026-11-18'))).toEqual({
      code: 'cancellation-window-closed',
      refundable: { total: 9, details: [{ quantity: 9, until: '2026-11-24' }] },
    });
  });

  it('is possible again after a renewal', () => {
    const { subscription } = reachTermEnd(bought, { causedBy: 'r', windowDays });
    expect(accepted(on(subscription, '2027-11-17')).subscription.status).toBe('cancelled');
    expect(refusal(on(subscription, '2027-11-18'))).toMatchObject({
      code: 'cancellation-window-closed',
    });
  });

  it('of a suspended subscription is possible in the window', () => {
    expect(on(accepted(suspend(bought)).subscription, '2026-11-12').ok).toBe(true);
  });

  it('twice changes nothing', () => {
    const { subscription } = accepted(on(bought, start));
    expect(accepted(on(subscription, start))).toEqual({ subscription, charges: [] });
  });
});

describe('a change scheduled for the end of the term', () => {
  it('takes effect on the first day of the next term', () => {
    const { subscription, charges } = reachTermEnd(scheduled, { causedBy: 'r', windowDays });
    expect(subscription).toMatchObject({
      term: { from: '2027-11-10', to: '2030-11-09', duration: 'P3Y', billingPlan: 'annual' },
      quantity: 4,
      atTermEnd: { action: 'renew' },
      batches: [{ quantity: 4, until: '2027-11-17' }],
    });
    expect(charges).toMatchObject([
      { type: 'renew', from: '2027-11-10', to: '2028-11-09', quantity: 4 },
    ]);
  });

  it.each([
    [10, undefined],
    [11, { code: 'scheduled-quantity-too-large', quantity: 10 }],
  ])('can be %d seats of ten', (quantity, expected) => {
    expect(refusal(setAtTermEnd(bought, { action: 'renew', quantity }))).toEqual(expected);
  });

  it.each([
    [
      'a change of quantity',
      (subscription: Subscription) => quantityOn(subscription, start, 9),
      'renew',
    ],
    ['a suspension', (subscription: Subscription) => suspend(subscription), 'cancel'],
    [
      'a cancellation',
      (subscription: Subscription) => cancel(subscription, { on: start, causedBy: 'c' }),
      'renew',
    ],
  ] as const)('is dropped by %s, which reports it', (_name, change, action) => {
    const step = accepted(change(scheduled));
    expect(step.subscription.atTermEnd).toEqual({ action });
    expect(step.hasDroppedSchedule).toBe(true);
    expect(accepted(change(bought)).hasDroppedSchedule).toBeUndefined();
  });

  it('is a cancellation after a suspension, and stays one until it is set again', () => {
    const suspended = accepted(suspend(scheduled)).subscription;
    const resumed = accepted(resume(suspended)).subscription;
    expect(resumed).toMatchObject({ status: 'active', atTermEnd: { action: 'cancel' } });
    expect(reachTermEnd(resumed, { causedBy: 'r', windowDays }).subscription.status).toBe(
      'expired',
    );
    const renewing = accepted(setAtTermEnd(resumed, { action: 'renew' })).subscription;
    expect(reachTermEnd(renewing, { causedBy: 'r', windowDays }).subscription.status).toBe(
      'active',
    );
  });

  it('has only the action when that is a cancellation', () => {
    const step = accepted(setAtTermEnd(bought, { action: 'cancel', quantity: 3 }));
    expect(step.subscription.atTermEnd).toEqual({ action: 'cancel' });
  });
});

describe('a suspension', () => {
  it('twice, with resumptions, never starts a term', () => {
    // killbill #2306: blocking an annual plan twice gave overlapping terms.
    let subscription = bought;
    for (let n = 0; n < 2; n += 1) {
      const suspended = accepted(suspend(subscription));
      const resumed = accepted(resume(suspended.subscription));
      expect([...suspended.charges, ...resumed.charges]).toEqual([]);
      subscription = resumed.subscription;
    }
    expect(subscription.term).toEqual(bought.term);
  });

  it('is billed', () => {
    const { subscription } = accepted(suspend(bought));
    const due = cycleChargesDue(subscription, { after: '2026-12-09', through: '2026-12-10' });
    expect(due).toMatchObject([{ type: 'cycleCharge', from: '2026-12-10', quantity: 10 }]);
  });
});

describe('the charges of cycles', () => {
  it.each([
    ['2026-12-08', '2026-12-09', []],
    ['2026-12-09', '2026-12-10', ['2026-12-10']],
    ['2026-12-10', '2027-01-09', []],
    ['2026-11-10', '2027-02-10', ['2026-12-10', '2027-01-10', '2027-02-10']],
  ])('after %s through %s start on %j', (after, through, expected) => {
    expect(cycleChargesDue(bought, { after, through }).map(({ date }) => date)).toEqual(expected);
  });

  it('end with the subscription', () => {
    const cancelled = accepted(cancel(bought, { on: start, causedBy: 'c' })).subscription;
    expect(cycleChargesDue(cancelled, { after: start, through: '2027-11-10' })).toEqual([]);
  });
});

describe('an imported subscription', () => {
  const taken = (billedThrough: string) =>
    imported({
      term: { duration: 'P1Y', billingPlan: 'monthly', from: '2026-01-25', to: '2026-07-20' },
      quantity: 5,
      billedThrough,
      action: 'renew',
      causedBy: 'import',
    });
  const due = (billedThrough: string) =>
    cycleChargesDue(taken(billedThrough), { after: '0001-01-01', through: '2026-04-30' });

  it.each([
    ['2026-01-24', ['2026-01-25', '2026-02-21', '2026-03-21', '2026-04-21'], 27],
    ['2026-02-20', ['2026-02-21', '2026-03-21', '2026-04-21'], 28],
    ['2026-02-25', ['2026-02-26', '2026-03-21', '2026-04-21'], 23],
  ])('billed through %s is billed from the next day on', (billedThrough, dates, days) => {
    const charges = due(billedThrough);
    expect(charges.map(({ date }) => date)).toEqual(dates);
    expect(charges[0]).toMatchObject({ type: 'cycleCharge', days });
  });

  it('has no open window until it renews', () => {
    expect(refusal(quantityOn(taken('2026-02-20'), '2026-03-01', 4))).toMatchObject({
      code: 'reduction-window-closed',
    });
    const { subscription } = reachTermEnd(taken('2026-02-20'), { causedBy: 'r', windowDays });
    expect(subscription.term).toMatchObject({ from: '2026-07-21', to: '2027-07-20' });
    expect(quantityOn(subscription, '2026-07-28', 4).ok).toBe(true);
  });
});
